import { z } from 'zod';
import { standsFor } from '../../document/index.ts';

/** A script for the model server: docs/rehearsing.md explains it. Snake case, as in every file that people write. */
const times = z
  .union([z.literal('always'), z.boolean().transform((on): number => (on ? 1 : 0)), z.number().int().min(0)], {
    error: 'expected a number of times, true or always',
  })
  .describe('how many calls of this turn it happens to, before the turn is played; `always`: to every one');

const usageSchema = z
  .strictObject({
    input: z.number().int().min(0).describe('tokens of input that no cache knew').default(0),
    output: z.number().int().min(0).describe('tokens of output').default(0),
    cache_write_5m: z.number().int().min(0).describe('tokens written to the 5-minute cache').default(0),
    cache_write_1h: z.number().int().min(0).describe('tokens written to the 1-hour cache').default(0),
    cache_read: z.number().int().min(0).describe('tokens read from the cache').default(0),
  })
  .describe('what the model call claims to have used; default: estimated from the sizes of request and answer');

const errorSchema = z
  .strictObject({
    status: z.number().int().min(400).max(599).describe('HTTP status, such as 401, 429, 529'),
    type: z.string().default('api_error').describe('the API’s error type, such as rate_limit_error'),
    message: z.string().default('scripted error').describe('the error’s words'),
    headers: z.record(z.string(), z.string()).default({}).describe('response headers, such as retry-after'),
    times: times.default(1),
  })
  .describe('an error in place of the answer');

const toolSchema = z.strictObject({
  name: z.string().min(1).describe('the tool, as the CLI calls it: Bash, Read, Write, Edit, AskUserQuestion, …'),
  input: z.record(z.string(), z.unknown()).default({}).describe('its input; {{workspace}} and the like are filled in'),
});

const turnSchema = z.strictObject({
  say: z.string().optional().describe('words of the model'),
  tools: z.array(toolSchema).default([]).describe('tool calls of this turn; several are made in parallel'),
  usage: usageSchema.optional(),
  delay_ms: z.number().min(0).max(600_000).default(0).describe('waits so long before it answers'),
  error: errorSchema.optional(),
  cut: times.optional().describe('the stream breaks off in its middle: so many times, or `always`'),
  stall: times.optional().describe('the stream starts and then says nothing more: so many times, or `always`'),
  repeat: z.number().int().min(1).max(1000).default(1).describe('plays this turn so often; {{n}} counts from 1'),
});

export type Turn = z.infer<typeof turnSchema>;

/** A fork: goes one way if the last words to the model (a tool's result, an answer, a prompt) contain `when`. */
interface Fork {
  when: string;
  then: Step[];
  else: Step[];
}

export type Step = Turn | Fork;

/** A step as it is written, with its defaults left out. */
export type StepInput =
  z.input<typeof turnSchema> | { when: string; then: StepInput[]; else?: StepInput[] | undefined };

const forkSchema: z.ZodType<Fork, Extract<StepInput, { when: string }>> = z.lazy(() =>
  z.strictObject({
    when: z.string().min(1).describe('text that the last message to the model must contain'),
    then: z.array(stepSchema).describe('the turns that follow if it does'),
    else: z.array(stepSchema).default([]).describe('the turns that follow if it does not'),
  }),
);

// Told apart by `when` and not as a plain union, so that the errors are about what the person meant.
const stepSchema: z.ZodType<Step, StepInput> = z.lazy(() =>
  z
    .custom<StepInput>()
    .meta({ [standsFor]: z.union([turnSchema, forkSchema]) })
    .transform((value: unknown, context) => {
      const isFork = typeof value === 'object' && value !== null && 'when' in value;
      const parsed = (isFork ? forkSchema : turnSchema).safeParse(value);
      if (parsed.success) return parsed.data;
      for (const { message, ...issue } of parsed.error.issues) {
        // Whoever reads the file has words of its own for all but what this schema says itself.
        const own = issue.code === 'custom' || issue.code === 'invalid_union';
        context.addIssue(own ? { ...issue, message } : { ...issue });
      }
      return z.NEVER;
    }),
);

const scriptTaskSchema = z
  .strictObject({
    task: z.string().optional().describe('the task’s id: matches the line `Task: <id>` of its prompt'),
    match: z
      .string()
      .min(1)
      .optional()
      .describe('in place of `task`: text that the first prompt or the system prompt contains'),
    turns: z.array(stepSchema).describe('what the model does, one entry a model call'),
  })
  .refine((entry) => (entry.task === undefined) !== (entry.match === undefined), {
    message: 'expected either task or match',
  });

export const scriptSchema = z.strictObject({
  tasks: z.array(scriptTaskSchema).describe('one entry a task; the first that matches is played'),
  closing: z.string().default('Done.').describe('what the model says after the last turn'),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptTask = z.infer<typeof scriptTaskSchema>;
/** A script as it is written, with its defaults left out. */
export type ScriptInput = z.input<typeof scriptSchema>;
