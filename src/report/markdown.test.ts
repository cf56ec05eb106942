import { expect, test } from 'vitest';
import { sentence } from './markdown.ts';

test('code that a sentence is cut in stays code: nothing of a command is escaped', () => {
  const said = 'check `echo "no" >&2; exit 1` ended with exit code 1';
  expect(sentence(said)).toBe(said);
  for (let max = 'check `e'.length + 1; max < said.lastIndexOf('`') + 2; max += 1)
    expect(sentence(said, max)).toBe(`${said.slice(0, max - 1)}…\``);
  expect(sentence(said, said.length - 1)).toBe(`${said.slice(0, -2)}…`);
  expect(sentence('run `` a ` <b> `` now', 14)).toBe('run ``a ` <b…``');
});

test('what only looks like code that begins is text', () => {
  expect(sentence('it said `>&2; and went on', 20)).toBe('it said \\`\\>&amp;2; and w…');
});
