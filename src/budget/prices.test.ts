import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtInPrices, estimateCall, parsePrices, priceOf, pricingFileText } from './index.ts';

const none = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
const million = { ...none, input: 1e6 };

test('the file in this home, the built-in table and what init writes are the same', () => {
  const file = readFileSync(new URL('../../config/pricing.yaml', import.meta.url), 'utf8');
  expect(file).toBe(pricingFileText());
  expect(parsePrices(file, 'config/pricing.yaml')).toEqual(builtInPrices);
});

test('each kind of token has its own price', () => {
  const usd = (tokens: Partial<typeof none>): number =>
    priceOf(builtInPrices, 'claude-opus-4-5', { ...none, ...tokens }).usd;
  expect(usd({ input: 1e6 })).toBeCloseTo(5);
  expect(usd({ output: 1e6 })).toBeCloseTo(25);
  expect(usd({ cacheWrite5m: 1e6 })).toBeCloseTo(6.25);
  expect(usd({ cacheWrite1h: 1e6 })).toBeCloseTo(10);
  expect(usd({ cacheRead: 1e6 })).toBeCloseTo(0.5);
});

test.each([
  ['claude-sonnet-4-5-20250929', 3],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 3],
  ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1', 5],
  ['claude-sonnet-4-5@20250929', 3],
  ['anthropic/claude-sonnet-4.5', 3],
  ['claude-opus-5-5[1m]', 4],
  ['claude-opus-4-20250514', 15],
  ['claude-3-5-haiku-latest', 0.8],
  ['claude-3-5-sonnet-20241022', 3],
  ['Claude-Fable-5-2', 8],
])('%s costs %d dollars per million tokens of input', (model, usd) => {
  // Short enough for no long-prompt price.
  const price = priceOf(builtInPrices, model, { ...none, input: 1000 });
  expect(price.warning).toBeUndefined();
  expect(price.usd).toBeCloseTo(usd / 1000, 12);
});

test.each(['claude-opus-6', 'claude-opus-5-7', 'gpt-5', '', 'claude-'])(
  'an unknown model (%s) costs as much as the dearest known one, with a warning',
  (model) => {
    const price = priceOf(builtInPrices, model, { ...million, output: 1e6 });
    expect(price.usd).toBeCloseTo(15 + 75);
    expect(price.warning).toContain('no price is known');
  },
);

test('a long prompt, fast mode and web searches have their surcharge', () => {
  const haiku = (input: number, cacheRead: number): number =>
    priceOf(builtInPrices, 'claude-haiku-5-5', { ...none, input, cacheRead }).usd;
  expect(haiku(100_000, 0)).toBeCloseTo(0.01, 10);
  expect(haiku(1, 100_000)).toBeCloseTo((0.5 + 100_000 * 0.05) / 1e6, 10);
  expect(priceOf(builtInPrices, 'claude-opus-5-5', million, { fast: true }).usd).toBeCloseTo(8);
  expect(priceOf(builtInPrices, 'claude-haiku-4-5', million, { fast: true }).usd).toBeCloseTo(1);
  expect(priceOf(builtInPrices, 'claude-haiku-4-5', none, { webSearches: 3 }).usd).toBeCloseTo(0.03);
});

test('ids may hold *, an exact one wins, then the longest', () => {
  const rates = { output: 0, cache_write_5m: 0, cache_write_1h: 0, cache_read: 0 };
  const prices = {
    ...builtInPrices,
    models: [
      { ids: ['local/*'], input: 1, ...rates },
      { ids: ['local/*-big'], input: 2, ...rates },
      { ids: ['local/qwen-big'], input: 3, ...rates },
    ],
  };
  const usd = (model: string): number => priceOf(prices, model, million).usd;
  expect([usd('local/x'), usd('local/x-big'), usd('local/qwen-big'), usd('Local/X')]).toEqual([1, 2, 3, 1]);
});

test('a price is never negative, never NaN, and grows with every token', () => {
  const tokens = fc.record({
    input: fc.nat(2_000_000),
    output: fc.nat(200_000),
    cacheWrite5m: fc.nat(1_000_000),
    cacheWrite1h: fc.nat(1_000_000),
    cacheRead: fc.nat(1_000_000),
  });
  const models = fc.oneof(fc.string(), fc.constantFrom(...builtInPrices.models.flatMap((model) => model.ids)));
  fc.assert(
    fc.property(models, tokens, (model, count) => {
      const { usd } = priceOf(builtInPrices, model, count);
      expect(usd).toBeGreaterThanOrEqual(0);
      expect(priceOf(builtInPrices, model, { ...count, output: count.output + 1 }).usd).toBeGreaterThan(usd);
    }),
  );
});

test('an estimate is the likely cost: four bytes a token, a usual answer, never more than a model can read', () => {
  const usd = (requestBytes: number, maxTokens: number): number =>
    estimateCall(builtInPrices, { model: 'claude-sonnet-4-5', requestBytes, maxTokens });
  expect(usd(400_000, 32_000)).toBeCloseTo((100_000 * 3 + 2000 * 15) / 1e6);
  expect(usd(400, 10)).toBeCloseTo((100 * 3 + 10 * 15) / 1e6);
  expect(usd(64_000_000, 0)).toBeCloseTo(3);
});

test.each([
  [
    'a wrong type',
    'as_of: 2026-11-21\nsource: s\nmodels:\n  - ids: [x]\n    input: cheap\n',
    'p.yaml:5:12  models[0].input: expected a number, found the string "cheap"',
  ],
  ['a negative price', 'models:\n  - ids: [x]\n    input: -1\n', 'p.yaml:3:12  models[0].input: '],
  ['an unknown key', 'as_of: 2026-11-21\nprices: []\n', 'p.yaml:2:1  prices: unknown key'],
  ['a missing list', 'as_of: 2026-11-21\nsource: s\n', 'p.yaml:1:1  models: '],
  ['a duplicate key', 'as_of: 2026-11-21\nas_of: 2026-11-21\n', 'p.yaml:2:1  '],
  ['no YAML', 'models: [\n', 'p.yaml:2:1  '],
  ['nothing', '', 'p.yaml:1:1  '],
  [
    'a bomb',
    `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d]\n`,
    'aliases',
  ],
  ['a flood', 'x'.repeat(1_000_001), 'too large'],
])('a price list with %s is refused with its place', (_, text, expected) => {
  expect(() => parsePrices(text, 'p.yaml')).toThrow(
    expect.objectContaining({ kind: 'usage', message: expect.stringContaining(expected) as string }) as Error,
  );
});

test('all faults of a price list are told, not the first', () => {
  const text = 'as_of: yesterday\nsource: s\nmodels:\n  - ids: []\n    input: 1\n    output: x\n';
  try {
    parsePrices(text, 'p.yaml');
    expect.unreachable();
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(5);
    expect(lines.every((line) => /^p\.yaml:\d+:\d+ {2}/.test(line))).toBe(true);
  }
});
