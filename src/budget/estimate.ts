import { priceOf } from './price.ts';
import type { PriceTable } from './table.ts';

/** Bytes of a request for one token: English and code in JSON come to about four. */
const bytesPerToken = 4;
/** No model takes a longer prompt; a request with images in it has more bytes than tokens. */
const longestPrompt = 1_000_000;
/** A coding agent's answer is a few hundred tokens on the median; this covers nine in ten. */
const usualAnswer = 2_000;

/**
 * The likely cost of a call before it is made, in US dollars: what is reserved. Input is every byte at the plain
 * input price (in truth much is read from the cache at a tenth of it, some is written at more), output a usual
 * answer. Not the worst case: a CLI asks for 32,000 tokens of answer by habit, and reserving those would stop a
 * small budget before its first call. What a call really cost replaces this when it is settled.
 */
export function estimateCall(
  prices: PriceTable,
  call: { model: string; requestBytes: number; maxTokens: number },
): number {
  const input = Math.min(Math.ceil(call.requestBytes / bytesPerToken), longestPrompt);
  const output = Math.min(Math.max(call.maxTokens, 0), usualAnswer);
  return priceOf(prices, call.model, { input, output, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 }).usd;
}
