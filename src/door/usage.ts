import { z } from 'zod';
import type { Extras } from '../budget/index.ts';
import type { Tokens } from '../journal/index.ts';

const amount = z.number().nonnegative().optional().catch(undefined);

/** `usage` of an answer, as the vendor sends it: every field may be missing or null, others are let through. */
export const usageSchema = z
  .looseObject({
    input_tokens: amount,
    output_tokens: amount,
    cache_creation_input_tokens: amount,
    cache_read_input_tokens: amount,
    cache_creation: z
      .looseObject({ ephemeral_5m_input_tokens: amount, ephemeral_1h_input_tokens: amount })
      .optional()
      .catch(undefined),
    server_tool_use: z.looseObject({ web_search_requests: amount }).optional().catch(undefined),
    speed: z.string().optional().catch(undefined),
  })
  .optional()
  .catch(undefined);

export type RawUsage = z.infer<typeof usageSchema>;

/** Usage so far: each report of the stream is cumulative, so the last word on each field counts. */
export interface Usage {
  input: number;
  output: number;
  cacheRead: number;
  /** All cache writes, as far as they were given in one sum. */
  cacheWrite: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  webSearches: number;
  fast: boolean;
}

export function noUsage(): Usage {
  return {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    webSearches: 0,
    fast: false,
  };
}

/** Takes over what `raw` says; what it leaves out stays. */
export function takeUsage(usage: Usage, raw: RawUsage): void {
  if (raw === undefined) return;
  usage.input = raw.input_tokens ?? usage.input;
  usage.output = raw.output_tokens ?? usage.output;
  usage.cacheRead = raw.cache_read_input_tokens ?? usage.cacheRead;
  usage.cacheWrite = raw.cache_creation_input_tokens ?? usage.cacheWrite;
  usage.cacheWrite5m = raw.cache_creation?.ephemeral_5m_input_tokens ?? usage.cacheWrite5m;
  usage.cacheWrite1h = raw.cache_creation?.ephemeral_1h_input_tokens ?? usage.cacheWrite1h;
  usage.webSearches = raw.server_tool_use?.web_search_requests ?? usage.webSearches;
  if (raw.speed !== undefined) usage.fast = raw.speed === 'fast';
}

export function tokensOf(usage: Usage): Tokens {
  // Where the tiers are not told apart, writes are the default tier's: five minutes.
  const cacheWrite5m = Math.max(usage.cacheWrite5m, usage.cacheWrite - usage.cacheWrite1h);
  return {
    input: usage.input,
    output: usage.output,
    cacheWrite5m,
    cacheWrite1h: usage.cacheWrite1h,
    cacheRead: usage.cacheRead,
  };
}

export function extrasOf(usage: Usage): Extras {
  return { webSearches: usage.webSearches, fast: usage.fast };
}
