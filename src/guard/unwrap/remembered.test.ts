import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

test('a text is read once as long as few others come between', () => {
  const read: string[] = [];
  const lengthOf = remembered((text) => {
    read.push(text);
    return text.length;
  });
  const others = Array.from({ length: 7 }, (_, index) => `other ${index}`);
  expect(['one', ...others, 'one', ...others, 'one'].map(lengthOf)).toEqual([
    3,
    ...Array<number>(7).fill(7),
    3,
    ...Array<number>(7).fill(7),
    3,
  ]);
  expect(read).toEqual(['one', ...others]);
});

test('of many texts only the last ones are kept, the one asked for last the longest', () => {
  const read: string[] = [];
  const ask = remembered((text) => read.push(text));
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'a', 'i', 'a', 'b']) ask(text);
  expect(read).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'b']);
});

test('what cannot be read is told each time', () => {
  const ask = remembered((text) => JSON.parse(text) as unknown);
  expect(() => ask('{')).toThrow(SyntaxError);
  expect(() => ask('{')).toThrow(SyntaxError);
});
