import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineSplitter } from './lines.ts';

function split(chunks: Uint8Array[], max?: number): string[] {
  const splitter = lineSplitter(max);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

test('lines come out the same wherever the bytes were cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(200)), (texts, cuts) => {
      const lines = texts.map((text) => text.replaceAll(/[\r\n]/gu, '')).filter((text) => text !== '');
      const bytes = Buffer.from(lines.join('\n'));
      const at = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
      const chunks = [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
      expect(split(chunks)).toEqual(Buffer.from(lines.join('\n')).toString('utf8').split('\n').filter(Boolean));
    }),
  );
});

test('a last line without a line end comes with the end', () => {
  expect(split([Buffer.from('one\r\n\ntwo')])).toEqual(['one', 'two']);
});

test('a line of several megabytes in small pieces stays whole', () => {
  const line = 'x'.repeat(5_000_000);
  const bytes = Buffer.from(`${line}\nend\n`);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, i) =>
    bytes.subarray(i * 4096, (i + 1) * 4096),
  );
  expect(split(chunks).map(({ length }) => length)).toEqual([5_000_000, 3]);
});

test('a line past the limit is dropped, and the next one is read', () => {
  expect(split([Buffer.from('abcdef'), Buffer.from('ghi\nok\n')], 8)).toEqual(['ok']);
});
