import { expect, test } from 'vitest';
import { leaksIn, leakWords } from './leaks.ts';

const patch = (path: string, ...lines: string[]) =>
  `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n${lines.join('\n')}\n`;
const secrets = [
  { name: '$SEC', value: 'sup3r-s3cret' },
  { name: '$OTHER', value: 'another-1' },
];

test('a secret that the work brings into a file is named with the file; in base64 too', () => {
  const work =
    patch('a.txt', ' kept', '+key=sup3r-s3cret') + patch('b.txt', `+${btoa('x another-1 y')}`) + patch('c.txt', '+no');
  const leaks = leaksIn(work, secrets);
  expect(leaks).toEqual([
    { name: '$SEC', path: 'a.txt' },
    { name: '$OTHER', path: 'b.txt' },
  ]);
  expect(leakWords(leaks)).toBe('the work contains the value of $SEC in a.txt and of $OTHER in b.txt');
});

test('what the file held before, or loses, is not brought by the work', () => {
  expect(leaksIn(patch('a.txt', '-key=sup3r-s3cret'), secrets)).toEqual([]);
  expect(leaksIn(patch('a.txt', '-key=sup3r-s3cret', '+key: sup3r-s3cret'), secrets)).toEqual([]);
  expect(leaksIn(patch('a.txt', ' key=sup3r-s3cret', '+twice sup3r-s3cret'), secrets)).toEqual([]);
});

test('a file that is called by a secret is found', () => {
  expect(leaksIn(patch('sup3r-s3cret.txt', '+x'), secrets)).toEqual([{ name: '$SEC', path: 'sup3r-s3cret.txt' }]);
});
