import { z } from 'zod';

const callSchema = z.looseObject({
  model: z.string().min(1).max(300),
  max_tokens: z.number().nonnegative().optional().catch(undefined),
  stream: z.boolean().optional().catch(undefined),
});

/** What the door must know of a request for a message. */
export interface CallRequest {
  model: string;
  maxTokens: number;
  stream: boolean;
}

/**
 * The request in `body`; throws where it is none. Nothing else of it is looked at: the rest is the vendor's to judge.
 * What it says only makes the reservation; what is charged goes by the answer.
 */
export function readCall(body: Buffer): CallRequest {
  return glance(body) ?? parseCall(body);
}

/**
 * The CLI puts the model before the conversation and the rest behind it. That is looked for first, for to parse half a
 * megabyte takes longer than all else that the door does with it.
 */
function glance(body: Buffer): CallRequest | undefined {
  const model = /^\{"model":"([^"\\]{1,300})",/.exec(body.toString('utf8', 0, 400))?.[1];
  const end = body.toString('latin1', Math.max(0, body.length - 2000));
  // Inside a string these quotes would be escaped.
  const maxTokens = /.*"max_tokens":(\d{1,9})[,}]/s.exec(end)?.[1];
  const stream = /.*"stream":(true|false)[,}]/s.exec(end)?.[1];
  if (model === undefined || maxTokens === undefined || stream === undefined || !end.endsWith('}')) return undefined;
  return { model, maxTokens: Number(maxTokens), stream: stream === 'true' };
}

function parseCall(body: Buffer): CallRequest {
  let data: unknown;
  try {
    data = JSON.parse(body.toString());
  } catch (cause) {
    throw new Error('it is not valid JSON', { cause });
  }
  const call = callSchema.safeParse(data);
  if (!call.success) throw new Error('it names no model');
  return { model: call.data.model, maxTokens: call.data.max_tokens ?? 0, stream: call.data.stream === true };
}
