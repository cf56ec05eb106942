import { z } from 'zod';

/**
 * The lines of `--output-format stream-json`, as far as Dayshift reads them. Each version brings new types and
 * fields: what is not known here is ignored, and what has another shape than expected is as good as unknown.
 */
const content = z.array(z.looseObject({ type: z.string() }));

const init = z.object({
  type: z.literal('system'),
  subtype: z.literal('init'),
  session_id: z.string(),
  model: z.string(),
  claude_code_version: z.string().optional().catch(undefined),
  apiKeySource: z.string().optional().catch(undefined),
});

const apiRetry = z.object({
  type: z.literal('system'),
  subtype: z.literal('api_retry'),
  attempt: z.number().catch(1),
  error_status: z.number().nullable().catch(null),
  error: z.string().catch('unknown'),
});

const permissionDenied = z.object({
  type: z.literal('system'),
  subtype: z.literal('permission_denied'),
  tool_name: z.string().catch('a tool'),
  message: z.string().optional().catch(undefined),
});

const assistant = z.object({
  type: z.literal('assistant'),
  /** Set where the CLI made the message itself to tell of a failed model call. */
  error: z.string().optional().catch(undefined),
  message: z.object({ model: z.string().optional().catch(undefined), content }),
});

const user = z.object({ type: z.literal('user'), message: z.object({ content }) });

const rateLimit = z.object({
  type: z.literal('rate_limit_event'),
  rate_limit_info: z.object({
    /** Healthy runs have these events too: only `rejected` means the limit. */
    status: z.string(),
    resetsAt: z.number().optional().catch(undefined),
    /** Which window: `five_hour`, `seven_day`, … */
    rateLimitType: z.string().optional().catch(undefined),
    /** Share that is used, 0 to 1. */
    utilization: z.number().optional().catch(undefined),
  }),
});

const result = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean().catch(false),
  num_turns: z.number().catch(0),
  result: z.string().optional().catch(undefined),
  errors: z.array(z.string()).optional().catch(undefined),
  stop_reason: z.string().nullish().catch(undefined),
  terminal_reason: z.string().nullish().catch(undefined),
  api_error_status: z.number().nullish().catch(undefined),
  deferred_tool_use: z.object({ id: z.string() }).optional().catch(undefined),
});

const message = z.union([init, apiRetry, permissionDenied, assistant, user, rateLimit, result]);

export type StreamMessage = z.infer<typeof message>;
export type ResultMessage = z.infer<typeof result>;

const toolUse = z.object({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()).catch({}),
});
const text = z.object({ type: z.literal('text'), text: z.string() });
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  is_error: z.boolean().optional().catch(undefined),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).catch(''),
});
const block = z.union([toolUse, text, toolResult]);

export type Block = z.infer<typeof block>;

/** One line as a message; undefined where it is none that Dayshift reads. Never throws. */
export function readMessage(line: string): StreamMessage | undefined {
  if (!line.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Not a message: a native library printed to stdout, or the process died in mid-line.
    return undefined;
  }
  const parsed = message.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** The parts of a message that Dayshift reads: words, tool calls, tool results. */
export function readBlocks(blocks: readonly unknown[]): Block[] {
  return blocks.flatMap((value) => {
    const parsed = block.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The text of a tool result's content. */
export function resultText(value: z.infer<typeof toolResult>['content']): string {
  if (typeof value === 'string') return value;
  return value.map((part) => (typeof part.text === 'string' ? part.text : `[${part.type}]`)).join('\n');
}
