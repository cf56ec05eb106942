import { z } from 'zod';

const usdPerMillion = z.number().nonnegative().describe('US dollars per million tokens');

const ratesSchema = z.strictObject({
  input: usdPerMillion,
  output: usdPerMillion,
  cache_write_5m: usdPerMillion,
  cache_write_1h: usdPerMillion,
  cache_read: usdPerMillion,
});

const modelPriceSchema = ratesSchema.extend({
  ids: z
    .array(z.string().min(1))
    .min(1)
    .describe('model ids without date and provider prefix; * stands for anything, as in my-gateway/*'),
  long_prompt: ratesSchema
    .extend({ above_tokens: z.number().int().positive().describe('prompt tokens, cached ones included') })
    .optional()
    .describe('rates of the whole call where its prompt is longer than so many tokens'),
  fast: z.number().positive().optional().describe('factor on all rates where the answer came in fast mode'),
});

/** `config/pricing.yaml`. */
export const priceTableSchema = z.strictObject({
  as_of: z.iso.date().describe('the day on which these prices were looked up'),
  source: z.string().describe('where they come from'),
  web_search_usd: z.number().nonnegative().default(0.01).describe('US dollars per web search on the vendor’s side'),
  models: z.array(modelPriceSchema).min(1),
});

/** US dollars per million tokens, by kind of token. */
export type Rates = z.infer<typeof ratesSchema>;
export type ModelPrice = z.infer<typeof modelPriceSchema>;
/** What model calls cost, as of a day. */
export type PriceTable = z.infer<typeof priceTableSchema>;
