import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readable, tailOf } from './output.ts';

test('colours and cursor movements are taken out', () => {
  expect(readable('\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007\u001b[2K done')).toBe(
    'red link done',
  );
});

test('of a progress line only its last state is kept', () => {
  expect(readable('start\r\n10%\r50%\r100%\nnext\rlast\r\n')).toBe('start\n100%\nlast');
});

test('the end is kept, however the output was cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.nat({ max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (text, max, size) => {
        const plain = readable(text.replaceAll(/[\p{Cc}]/gu, '.'));
        const tail = tailOf(max + 1);
        const bytes = Buffer.from(plain);
        for (let at = 0; at < bytes.length; at += size) tail.add(bytes.subarray(at, at + size));
        const kept = tail.text().replace(/^\(\d+ characters before\) …/, '');
        expect(plain.endsWith(kept)).toBe(true);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(plain.length, max));
        expect(kept).not.toContain('\ufffd');
      },
    ),
  );
});
