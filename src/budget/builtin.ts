import type { ModelPrice, PriceTable, Rates } from './table.ts';

/**
 * The usual card: cache writes cost 1.25 times (5 minutes) and 2 times (1 hour) the input, cache reads a tenth
 * of it, unless the vendor says otherwise.
 */
function card(input: number, output: number, cacheRead = tidy(input * 0.1)): Rates {
  return {
    input,
    output,
    cache_write_5m: tidy(input * 1.25),
    cache_write_1h: tidy(input * 2),
    cache_read: cacheRead,
  };
}

/** Without the noise of binary fractions. */
function tidy(n: number): number {
  return Math.round(n * 1e6) / 1e6;
}

const models: ModelPrice[] = [
  { ids: ['claude-fable-5-2', 'claude-mythos-5-2'], ...card(8, 40, 0.2), fast: 2 },
  { ids: ['claude-fable-5-1', 'claude-mythos-5-1'], ...card(10, 50, 0.25) },
  { ids: ['claude-fable-5', 'claude-mythos-5'], ...card(10, 50) },
  { ids: ['claude-opus-5-5'], ...card(4, 20, 0.2), fast: 2 },
  { ids: ['claude-opus-5', 'claude-opus-4-8'], ...card(5, 25), fast: 2 },
  { ids: ['claude-opus-4-7', 'claude-opus-4-6'], ...card(5, 25), fast: 6 },
  { ids: ['claude-opus-4-5'], ...card(5, 25) },
  { ids: ['claude-opus-4-1', 'claude-opus-4-0', 'claude-opus-4', 'claude-3-opus'], ...card(15, 75) },
  { ids: ['claude-sonnet-5-5'], ...card(2, 10, 0.1) },
  { ids: ['claude-sonnet-5'], ...card(2, 10) },
  {
    ids: [
      'claude-sonnet-4-6',
      'claude-sonnet-4-5',
      'claude-sonnet-4-0',
      'claude-sonnet-4',
      'claude-3-7-sonnet',
      'claude-3-5-sonnet',
    ],
    ...card(3, 15),
  },
  {
    ids: ['claude-haiku-5-5'],
    ...card(0.1, 0.5),
    long_prompt: { above_tokens: 100_000, ...card(0.5, 2.5) },
  },
  { ids: ['claude-haiku-4-5'], ...card(1, 5) },
  { ids: ['claude-3-5-haiku', 'claude-haiku-3-5'], ...card(0.8, 4) },
];

/** What is used where a home has no `config/pricing.yaml`; the same as the file that `init` writes. */
export const builtInPrices: PriceTable = {
  as_of: '2026-11-21',
  source: 'the vendor’s public list for the Claude API, compared with the table inside Claude Code 2.1.329',
  web_search_usd: 0.01,
  models,
};

/** `builtInPrices` as the text of `config/pricing.yaml`. */
export function pricingFileText(): string {
  const { as_of, source, web_search_usd } = builtInPrices;
  return [
    '# What model calls cost, in US dollars per million tokens. Dayshift counts and stops by this table; a model',
    '# that is not here is counted at the dearest price in it, with a warning. Yours to edit: ids may hold *,',
    '# dates and provider prefixes in a model’s name are ignored, zeros are fine for a model that costs nothing.',
    `as_of: ${as_of}`,
    `source: ${source}`,
    '# US dollars for each search of the vendor’s own web search tool.',
    `web_search_usd: ${web_search_usd}`,
    'models:',
    ...models.flatMap((model) => [
      '  - ids:',
      ...model.ids.map((id) => `      - ${id}`),
      ...rateLines(model, '    '),
      ...(model.fast === undefined ? [] : [`    fast: ${model.fast} # factor in fast mode`]),
      ...(model.long_prompt === undefined
        ? []
        : [
            '    long_prompt:',
            `      above_tokens: ${model.long_prompt.above_tokens}`,
            ...rateLines(model.long_prompt, '      '),
          ]),
    ]),
    '',
  ].join('\n');
}

function rateLines(rates: Rates, indent: string): string[] {
  const keys = ['input', 'output', 'cache_write_5m', 'cache_write_1h', 'cache_read'] as const;
  return keys.map((key) => `${indent}${key}: ${rates[key]}`);
}
