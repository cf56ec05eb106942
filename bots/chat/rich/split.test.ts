import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rich } from '../../../src/journal/index.ts';
import { toDiscord } from './discord.ts';
import { splitRich } from './split.ts';
import { toTelegram } from './telegram.ts';

const text = fc.string({
  unit: fc.constantFrom('a', ' ', '\n', '*', '`', '_', '😀', '<', '|', '@everyone'),
  maxLength: 400,
});
const block = fc.oneof(
  text.map((one) => ({ type: 'text' as const, spans: [{ text: one, bold: true }] })),
  text.map((one) => ({ type: 'pre' as const, text: one, language: 'ts' })),
  text.map((one) => ({ type: 'quote' as const, spans: [{ text: one }] })),
);
const letters = (rich: Rich) =>
  rich
    .map((one) => (one.type === 'pre' ? one.text : one.spans.map((span) => span.text).join('')))
    .join('')
    .replace(/\s/g, '');

test('parts fit, lose nothing but white space at a cut, and split no character, on each server', () => {
  for (const length of [(rich: Rich) => toTelegram(rich).text.length, (rich: Rich) => toDiscord(rich).length]) {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (rich) => {
        const parts = splitRich(rich, 120, length);
        for (const part of parts) {
          expect(length(part)).toBeLessThanOrEqual(120);
          expect(letters(part).isWellFormed()).toBe(true);
        }
        expect(parts.map(letters).join('')).toBe(letters(rich));
      }),
      { numRuns: 60 },
    );
  }
});

test('code stays code in each part', () => {
  const parts = splitRich([{ type: 'pre', text: 'x = 1\n'.repeat(100) }], 120, (rich) => toDiscord(rich).length);
  for (const part of parts) expect(toDiscord(part)).toMatch(/^```\n[^]*\n```$/);
});
