import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { parseEnv } from './env-file.ts';
import { homePaths, loadEnvFile } from './index.ts';

const paths = homePaths(newFolder('env', afterAll));
const file = join(paths.home, '.env');

test('no .env is no secrets and no warning', async () => {
  expect(await loadEnvFile(paths)).toEqual({ values: {}, warnings: [] });
});

test.each([0o700, 0o644, 0o640, 0o604, 0o660, 0o602])('a .env of mode %o is not read', async (mode) => {
  await writeFile(file, 'KEY=secret');
  await chmod(file, mode);
  const { values, warnings } = await loadEnvFile(paths);
  expect(values).toEqual({});
  expect(warnings.join()).toContain('chmod 600');
  expect(warnings.join()).not.toContain('secret');
});

test.each([0o600, 0o400])('a .env of mode %o is read', async (mode) => {
  await chmod(file, 0o600);
  await writeFile(file, 'KEY=secret');
  await chmod(file, mode);
  expect(await loadEnvFile(paths)).toEqual({ values: { KEY: 'secret' }, warnings: [] });
});

test('quotes, comments, export and CRLF are understood, and nothing is expanded', () => {
  const text = `# a comment\r
A=1
export B = two words # comment
C="with # and \\"quotes\\" and \\n"
D='as $IT \\n is'
E=
F=a#b
G=postgres://u:p@h/db?x=y=z
H="x" # behind
`;
  expect(parseEnv(text)).toEqual({
    values: {
      A: '1',
      B: 'two words',
      C: 'with # and "quotes" and \n',
      D: 'as $IT \\n is',
      E: '',
      F: 'a#b',
      G: 'postgres://u:p@h/db?x=y=z',
      H: 'x',
    },
    warnings: [],
  });
});

test('a line that is none of these is passed over with its number and without its text', () => {
  expect(parseEnv('A=1\nsecret\nB="open\n__proto__=x\n1=2')).toEqual({
    values: { A: '1' },
    warnings: [2, 3, 4, 5].map((line) => `.env:${line}: expected KEY=VALUE: the line is passed over`),
  });
});
