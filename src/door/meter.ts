import { z } from 'zod';
import { sseReader } from './sse.ts';
import { noUsage, takeUsage, usageSchema, type Usage } from './usage.ts';

/** What an answer has told so far. */
export interface Reading {
  /** A message had begun: tokens are being charged. */
  begun: boolean;
  /** The final usage was seen: the count is exact. */
  final: boolean;
  /** The answer is whole: nothing that matters comes after. */
  whole: boolean;
  message?: string;
  model?: string;
  usage: Usage;
  /** Tokens of answer that the deltas so far amount to, estimated: for an answer that was cut. */
  seenOutput: number;
  /** An error that came inside the answer. */
  error?: { type: string; message: string };
}

/** Reads an answer as it passes. */
export interface Meter {
  readonly reading: Reading;
  /** Takes the next bytes; true where they told something beyond a keep-alive ping. */
  push(chunk: Buffer): boolean;
  /** No more bytes come. */
  end(): void;
}

const text = z.string().optional().catch(undefined);
const messageSchema = z.looseObject({ id: text, model: text, usage: usageSchema }).optional().catch(undefined);
const errorSchema = z.looseObject({ type: text, message: text }).optional().catch(undefined);
const answerSchema = z.looseObject({ type: text, id: text, model: text, usage: usageSchema, error: errorSchema });
const eventSchema = z.looseObject({
  type: text,
  message: messageSchema,
  delta: z.looseObject({ stop_reason: text }).optional().catch(undefined),
  usage: usageSchema,
  error: errorSchema,
});

/** Bytes of a delta event around the text itself. */
const deltaFrame = 80;
const bytesPerToken = 4;

/** For `text/event-stream`. `onDelta` sees the JSON of each delta as it passes. */
export function streamMeter(onDelta: (data: Buffer) => void = () => undefined): Meter {
  const reading = newReading();
  let told = false;
  const read = sseReader((name, data) => {
    const type = name === '' ? typeOf(data) : name;
    if (type === 'ping') return;
    told = true;
    switch (type) {
      case 'content_block_delta':
        reading.seenOutput += deltaTokens(data);
        onDelta(data);
        break;
      case 'message_start':
      case 'message_delta':
      case 'error':
        takeEvent(reading, type, data);
        break;
      case 'message_stop':
        reading.whole = true;
        break;
      default:
        break;
    }
  });
  return {
    reading,
    push(chunk) {
      told = false;
      read(chunk);
      return told;
    },
    end: () => undefined,
  };
}

/** A whole answer in one JSON object is kept up to this size; a larger one is counted by its bytes. */
const longestJson = 64 * 1024 * 1024;

/** For `application/json`. */
export function jsonMeter(): Meter {
  const reading = newReading();
  let chunks: Buffer[] = [];
  let size = 0;
  return {
    reading,
    push(chunk) {
      size += chunk.length;
      if (size <= longestJson) chunks.push(chunk);
      else chunks = [];
      reading.begun = true;
      reading.seenOutput = Math.ceil(size / bytesPerToken);
      return true;
    },
    end() {
      const answer = answerSchema.safeParse(parse(Buffer.concat(chunks))).data;
      if (answer === undefined) return;
      if (answer.type === 'error') {
        reading.begun = false;
        takeError(reading, answer.error);
        return;
      }
      if (answer.id !== undefined) reading.message = answer.id;
      if (answer.model !== undefined) reading.model = answer.model;
      reading.whole = true;
      if (answer.usage === undefined) return;
      takeUsage(reading.usage, answer.usage);
      reading.final = true;
    },
  };
}

function newReading(): Reading {
  return { begun: false, final: false, whole: false, usage: noUsage(), seenOutput: 0 };
}

function takeEvent(reading: Reading, type: 'message_start' | 'message_delta' | 'error', data: Buffer): void {
  const event = eventSchema.safeParse(parse(data)).data;
  if (event === undefined) return;
  if (type === 'error') {
    takeError(reading, event.error);
    return;
  }
  if (type === 'message_start') {
    reading.begun = true;
    if (event.message?.id !== undefined) reading.message = event.message.id;
    if (event.message?.model !== undefined) reading.model = event.message.model;
    takeUsage(reading.usage, event.message?.usage);
    return;
  }
  takeUsage(reading.usage, event.usage);
  if (event.usage !== undefined && event.delta?.stop_reason !== undefined) reading.final = true;
}

function takeError(reading: Reading, error: z.infer<typeof errorSchema>): void {
  reading.error = { type: error?.type ?? 'api_error', message: error?.message ?? 'an error without words' };
}

/** Event types are in the data too: for a stream that names none. */
function typeOf(data: Buffer): string {
  const head = data.toString('latin1', 0, 60);
  return /^\{\s*"type"\s*:\s*"([a-z_]+)"/.exec(head)?.[1] ?? eventSchema.safeParse(parse(data)).data?.type ?? '';
}

function deltaTokens(data: Buffer): number {
  // A thinking block's signature is long, and no token of the answer's.
  if (data.length > 250 && data.subarray(0, deltaFrame + 20).includes('"signature_delta"')) return 0;
  return Math.max(1, Math.ceil((data.length - deltaFrame) / bytesPerToken));
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString()) as unknown;
  } catch {
    return undefined; // not JSON: tells nothing, which the schemas say
  }
}
