import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseSandbox } from './choose.ts';
import { folder } from './testing.ts';

async function problem(mode: Parameters<typeof chooseSandbox>[0], PATH: string) {
  const chosen = await chooseSandbox(mode, { PATH });
  if (!('problem' in chosen)) throw new Error('it was chosen');
  return chosen.problem;
}

test('a bubblewrap that does not work is found out by trying, with its own words', async () => {
  const dir = folder();
  const bwrap = join(dir, 'bwrap');
  writeFileSync(bwrap, '#!/bin/sh\necho "bwrap: Creating new namespace failed: Operation not permitted" >&2; exit 1\n');
  chmodSync(bwrap, 0o755);
  const { message, hint } = await problem('bubblewrap', dir);
  expect(message).toContain('Operation not permitted');
  expect(hint).toContain('mode: none');
});
