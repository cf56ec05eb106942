import { createHash } from 'node:crypto';
import type { ModelRequest } from './request.ts';
import type { Turn } from './schema.ts';

export type AnswerBlock =
  { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: Record<string, unknown> };

interface AnswerUsage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number };
}

export interface Answer {
  id: string;
  model: string;
  content: AnswerBlock[];
  stopReason: 'end_turn' | 'tool_use';
  usage: AnswerUsage;
}

/** A turn, its placeholders filled, as the answer to a request. The same request always gets the same ids. */
export function answerOf(request: ModelRequest, turn: Pick<Turn, 'say' | 'tools' | 'usage'>): Answer {
  const hash = hashOf(request);
  const tools = turn.tools.map((tool, i): AnswerBlock => ({
    type: 'tool_use',
    id: `toolu_${hash}${i}`,
    name: tool.name,
    input: tool.input,
  }));
  // The API never answers with nothing; the CLI would ask again.
  const say = turn.say ?? (tools.length === 0 ? 'Done.' : undefined);
  const content: AnswerBlock[] = [...(say === undefined ? [] : [{ type: 'text' as const, text: say }]), ...tools];
  return {
    id: `msg_${hash}`,
    model: request.model,
    content,
    stopReason: tools.length > 0 ? 'tool_use' : 'end_turn',
    usage: usageOf(request, turn.usage, content),
  };
}

/** Cache marks move from call to call and say nothing about the content. */
function hashOf(request: ModelRequest): string {
  const text = JSON.stringify([request.system, request.messages, request.tools.length], (key, value: unknown) =>
    key === 'cache_control' ? undefined : value,
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function usageOf(request: ModelRequest, given: Turn['usage'], content: AnswerBlock[]): AnswerUsage {
  if (given !== undefined) {
    return {
      input_tokens: given.input,
      output_tokens: given.output,
      cache_creation_input_tokens: given.cache_write_5m + given.cache_write_1h,
      cache_read_input_tokens: given.cache_read,
      cache_creation: {
        ephemeral_5m_input_tokens: given.cache_write_5m,
        ephemeral_1h_input_tokens: given.cache_write_1h,
      },
    };
  }
  // About four characters a token; what was there at the call before is read from the cache.
  const whole = countTokens(request);
  const old = request.messages.findLastIndex((message) => message.role === 'assistant');
  const known = old === -1 ? 0 : Math.min(whole, countTokens({ ...request, messages: request.messages.slice(0, old) }));
  return {
    input_tokens: 4,
    output_tokens: tokens(content),
    cache_creation_input_tokens: whole - known,
    cache_read_input_tokens: known,
    cache_creation: { ephemeral_5m_input_tokens: whole - known, ephemeral_1h_input_tokens: 0 },
  };
}

/** A plausible number of tokens for a request. */
export function countTokens(request: Pick<ModelRequest, 'system' | 'messages' | 'tools'>): number {
  return tokens([request.system, request.messages, request.tools]);
}

function tokens(value: unknown): number {
  return Math.max(1, Math.ceil(JSON.stringify(value).length / 4));
}
