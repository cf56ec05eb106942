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

/** The request in `body`; throws where it is none. Nothing else of it is looked at: the rest is the vendor's to judge. */
export function readCall(body: Buffer): CallRequest {
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
