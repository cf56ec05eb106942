import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { readUntrusted } from './untrusted.ts';

function place() {
  const base = newFolder('untrusted');
  const root = join(base, 'out');
  mkdirSync(join(root, 'q'), { recursive: true });
  mkdirSync(join(base, 'private'));
  writeFileSync(join(base, 'private', 'secret.md'), 'secret');
  return { base, root };
}

test('a pipe, a folder, a missing file and a file that is too large are not read', async () => {
  const { root } = place();
  execFileSync('mkfifo', [join(root, 'q', 'pipe.md')]);
  mkdirSync(join(root, 'q', 'folder.md'));
  writeFileSync(join(root, 'q', 'big.md'), 'x'.repeat(101));
  for (const name of ['pipe.md', 'folder.md', 'missing.md', 'big.md']) {
    expect(await readUntrusted(root, 'q', name, 100)).toBeUndefined();
  }
});
