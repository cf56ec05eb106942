import fc from 'fast-check';
import { expect, test } from 'vitest';
import { standingOf } from './survival.ts';

const patchOf = (lines: readonly string[], path = 'a.txt') =>
  `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join('')}`;
const of = async (lines: readonly string[], now: string | undefined) => {
  const { added, standing } = await standingOf(patchOf(lines), () => Promise.resolve(now));
  return `${standing}/${added}`;
};

test('added lines stand as far as the file has them in their order; braces and indentation do not count', async () => {
  const lines = ['function f() {', '  return 1;', '}', '', 'f();'];
  expect(await of(lines, lines.join('\n'))).toBe('3/3');
  expect(await of(lines, '// mine\nfunction f() {\r\n\treturn 1;\r\n}\n// between\nf();')).toBe('3/3');
  expect(await of(lines, 'function f() {\n  return 2;\n}\nf();')).toBe('2/3');
  expect(await of(lines, 'f();\nfunction f() {')).toBe('1/3');
  expect(await of(lines, undefined)).toBe('0/3');
  expect(await of(['{', '}', ''], '{')).toBe('0/0');
});

test('what another file has does not count, and each file is told', async () => {
  const patch = patchOf(['one', 'two']) + patchOf(['three'], 'dir/b.txt');
  const told = await standingOf(patch, (path) => Promise.resolve(path === 'a.txt' ? 'one\nthree\n' : ''));
  expect(told).toEqual({
    added: 3,
    standing: 1,
    files: [
      { path: 'a.txt', added: 2, standing: 1 },
      { path: 'dir/b.txt', added: 1, standing: 0 },
    ],
  });
});

test('it is the longest common subsequence, as the textbook counts it', async () => {
  const line = fc.constantFrom('a', 'b', 'c', 'd');
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.array(line, { maxLength: 12 }),
      async (a, b) => {
        expect(await of(a, b.join('\n'))).toBe(`${textbook(a, b)}/${a.length}`);
      },
    ),
  );
});

test('ten thousand equal lines take no time', async () => {
  const many = Array.from({ length: 10_000 }, () => 'same');
  expect(await of(many, many.join('\n'))).toBe('10000/10000');
});

function textbook(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1)
      table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[a.length]![b.length]!;
}
