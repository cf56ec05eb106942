import type { Tokens } from '../journal/index.ts';
import type { ModelPrice, PriceTable, Rates } from './table.ts';

/** What else the vendor charges for in one answer. */
export interface Extras {
  /** Searches of the vendor's own web search tool. */
  webSearches?: number;
  /** The answer came in fast mode. */
  fast?: boolean;
}

interface Price {
  /** US dollars. */
  usd: number;
  /** Set where the model is not in the table: counted at the dearest price, and why. */
  warning?: string;
}

/** What one model call with these tokens costs. Never throws: an unknown model costs as much as the dearest known one. */
export function priceOf(prices: PriceTable, model: string, tokens: Tokens, extras: Extras = {}): Price {
  const known = findPrice(prices, model);
  const entry = known ?? dearest(prices);
  const prompt = tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead;
  const rates = entry.long_prompt !== undefined && prompt > entry.long_prompt.above_tokens ? entry.long_prompt : entry;
  const factor = extras.fast === true ? (entry.fast ?? 1) : 1;
  const usd = (sum(rates, tokens) * factor) / 1e6 + (extras.webSearches ?? 0) * prices.web_search_usd;
  if (known !== undefined) return { usd };
  return { usd, warning: `no price is known for the model ${model}: counted at the dearest price of the table` };
}

function sum(rates: Rates, tokens: Tokens): number {
  return (
    tokens.input * rates.input +
    tokens.output * rates.output +
    tokens.cacheWrite5m * rates.cache_write_5m +
    tokens.cacheWrite1h * rates.cache_write_1h +
    tokens.cacheRead * rates.cache_read
  );
}

/** The entry for `model`: an exact id first, then the longest pattern that fits. */
function findPrice(prices: PriceTable, model: string): ModelPrice | undefined {
  const names = [model.trim().toLowerCase(), plainName(model)];
  const exact = prices.models.find((entry) => entry.ids.some((id) => names.includes(id.toLowerCase())));
  if (exact !== undefined) return exact;
  let best: { entry: ModelPrice; length: number } | undefined;
  for (const entry of prices.models) {
    for (const id of entry.ids) {
      if (!id.includes('*') || !names.some((name) => fits(id.toLowerCase(), name))) continue;
      if (best === undefined || id.length > best.length) best = { entry, length: id.length };
    }
  }
  return best?.entry;
}

/**
 * The vendor's own short name: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `claude-sonnet-4-5@20250929`,
 * `anthropic/claude-sonnet-4.5` and `claude-sonnet-4-5[1m]` are all `claude-sonnet-4-5`.
 */
function plainName(model: string): string {
  const name = model.trim().toLowerCase();
  const start = name.lastIndexOf('claude-');
  return (start < 0 ? name : name.slice(start).replaceAll('.', '-'))
    .replace(/\[[^\]]*\]$/, '')
    .replace(/-v\d+(:\d+)?$/, '')
    .replace(/[-@](\d{8}|latest)$/, '')
    .replace(/-v\d+$/, '');
}

function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!name.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** The highest rate of each kind in the table: what an unknown model is counted at. */
function dearest(prices: PriceTable): ModelPrice {
  const entries: Rates[] = prices.models.flatMap((entry) =>
    entry.long_prompt === undefined ? [entry] : [entry, entry.long_prompt],
  );
  const highest = (kind: keyof Rates): number => Math.max(...entries.map((entry) => entry[kind]));
  return {
    ids: ['*'],
    input: highest('input'),
    output: highest('output'),
    cache_write_5m: highest('cache_write_5m'),
    cache_write_1h: highest('cache_write_1h'),
    cache_read: highest('cache_read'),
  };
}
