import type { Clock } from '../base/index.ts';
import { priceOf, type PriceTable } from '../budget/index.ts';
import type { EventData, Tokens } from '../journal/index.ts';
import type { Reading } from './meter.ts';
import type { ModelCall } from './types.ts';
import { extrasOf, noUsage, tokensOf } from './usage.ts';

const bytesPerToken = 4;
/** No model takes more; a body with images in it has more bytes than tokens. */
const longestPrompt = 1_000_000;

type Basis = EventData<'model.settled'>['basis'];

/** The account of one call that was let out: settled once, whatever else happens to the call. */
export interface Ledger {
  /**
   * Settles by what the answer told. `charged` says whether the vendor may have charged for a call whose answer told
   * nothing: then its prompt counts, by estimate. Does nothing the second time.
   */
  settle(reading: Reading | undefined, charged: boolean): void;
}

export function openLedger(
  call: ModelCall,
  prices: PriceTable,
  clock: Clock,
  tell: { settled(data: EventData<'model.settled'>): void; warned(message: string): void },
): Ledger {
  const since = clock.now();
  let open = true;
  return {
    settle(reading, charged) {
      if (!open) return;
      open = false;
      const { tokens, basis } = count(call, reading, charged);
      const model = reading?.model ?? call.model;
      const price = priceOf(prices, model, tokens, extrasOf(reading?.usage ?? noUsage()));
      tell.settled({
        call: call.call,
        ...(reading?.message === undefined ? {} : { message: reading.message }),
        model,
        tokens,
        usd: basis === 'none' ? 0 : price.usd,
        basis,
        ms: Math.max(0, clock.now() - since),
      });
      if (price.warning !== undefined && basis !== 'none') tell.warned(price.warning);
    },
  };
}

function count(call: ModelCall, reading: Reading | undefined, charged: boolean): { tokens: Tokens; basis: Basis } {
  const tokens = tokensOf(reading?.usage ?? noUsage());
  if (reading?.final === true) return { tokens, basis: 'exact' };
  const begun = reading?.begun === true;
  if (!begun && !charged) return { tokens: tokensOf(noUsage()), basis: 'none' };
  const counted = tokens.input + tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h > 0;
  const input = counted ? tokens.input : Math.min(Math.ceil(call.requestBytes / bytesPerToken), longestPrompt);
  return { tokens: { ...tokens, input, output: Math.max(tokens.output, reading?.seenOutput ?? 0) }, basis: 'estimate' };
}
