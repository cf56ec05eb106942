import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { decodeText, readText } from './read.ts';

const folder = newFolder('read', afterAll);
const message = (result: Awaited<ReturnType<typeof readText>>) =>
  'problem' in result ? `${result.problem.line}: ${result.problem.message}` : undefined;

test('text is read as it is', async () => {
  await writeFile(join(folder, 'a.yaml'), 'ä: €\n');
  expect(await readText(join(folder, 'a.yaml'), 'a.yaml')).toEqual({ text: 'ä: €\n' });
});

test('a huge file is refused by its size, before it is read', async () => {
  await writeFile(join(folder, 'huge.yaml'), '');
  await truncate(join(folder, 'huge.yaml'), 50_000_000_000);
  expect(message(await readText(join(folder, 'huge.yaml'), 'huge.yaml'))).toMatch(/too large: 50000000000 bytes/);
});

test('a missing file is the system’s own error', async () => {
  await expect(readText(join(folder, 'none'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what is not UTF-8 is refused with its line', () => {
  expect(message(decodeText(Buffer.from('a: 1\nb: \xe4\n', 'latin1'), 'x'))).toMatch(/^2: this is not UTF-8/);
  expect(message(decodeText(Buffer.from('\ufeffa: 1', 'utf16le'), 'x'))).toMatch(/^1: this is UTF-16/);
});
