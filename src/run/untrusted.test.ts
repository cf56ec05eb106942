import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { listUntrusted, readUntrusted, writeUntrusted } from './untrusted.ts';

function place() {
  const base = newFolder('untrusted');
  const root = join(base, 'out');
  mkdirSync(join(root, 'q'), { recursive: true });
  mkdirSync(join(base, 'private'));
  writeFileSync(join(base, 'private', 'secret.md'), 'secret');
  return { base, root };
}

test('a regular file is read, listed and written', async () => {
  const { root } = place();
  writeFileSync(join(root, 'q', 'a.md'), 'hello');
  expect(await listUntrusted(root, 'q')).toEqual(['a.md']);
  expect(await readUntrusted(root, 'q', 'a.md', 100)).toBe('hello');
  expect(await writeUntrusted(root, 'q', 'b.md', 'there')).toBe(true);
  expect(readFileSync(join(root, 'q', 'b.md'), 'utf8')).toBe('there');
  expect(await listUntrusted(root, 'q')).toEqual(['a.md', 'b.md']);
});

test('a link to a file outside is neither listed nor read, and writing replaces the link', async () => {
  const { base, root } = place();
  symlinkSync(join(base, 'private', 'secret.md'), join(root, 'q', 'a.md'));
  expect(await listUntrusted(root, 'q')).toEqual([]);
  expect(await readUntrusted(root, 'q', 'a.md', 100)).toBeUndefined();
  await writeUntrusted(root, 'q', 'a.md', 'answer');
  expect(readFileSync(join(base, 'private', 'secret.md'), 'utf8')).toBe('secret');
});

test('a folder that is a link leads nowhere', async () => {
  const { base, root } = place();
  symlinkSync(join(base, 'private'), join(root, 'linked'));
  expect(await listUntrusted(root, 'linked')).toEqual([]);
  expect(await readUntrusted(root, 'linked', 'secret.md', 100)).toBeUndefined();
  expect(await writeUntrusted(root, 'linked', 'x.md', 'x')).toBe(false);
});
