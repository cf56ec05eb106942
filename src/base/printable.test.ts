import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from './testing.ts';
import { oneLine, printable } from './printable.ts';

test.each([
  ['\u001b[1;31mred\u001b[0m and \u001b[2Kgone', 'red and gone'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]8;;http://a.b\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001b(Bx\u001b7y\u001bMz', 'xyz'],
  ['\u009b31mred', 'red'],
  ['a\r\nb\tc', 'a\nb\tc'],
  ['\ufeffa\u202eb\u2066c\u0007\u0000', 'abc'],
  ['unclosed \u001b]0;stays as text', 'unclosed ]0;stays as text'],
  ['日本 👩‍👩‍👧 é', '日本 👩‍👩‍👧 é'],
])('%j prints as %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('one line has single spaces only', () => {
  expect(oneLine('  a\n\n b\t\u001b[1mc ')).toBe('a b c');
});

test('nothing that steers a terminal is left, and a megabyte of anything is quick', () => {
  const part = fc.constantFrom('\u001b', '[', ']', '\u009b', '0;', 'm', '\u0007', '\\', 'P', '\u009c', 'a', '\r', '\n');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      // What is not printable, new lines apart.
      expect(printable(parts.join(''))).toMatch(/^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$/);
    }),
  );
  for (const unit of ['\u001b', '\u001b[', '\u001b[0;', '\u001b]', '\u001b]a', '\u001bP', '\u009b', '\r', ' ', 'a']) {
    const started = processorMs();
    printable(unit.repeat(1_000_000 / unit.length));
    expect(processorMs() - started, JSON.stringify(unit)).toBeLessThan(2000);
  }
});
