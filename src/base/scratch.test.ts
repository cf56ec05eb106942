import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder, sweepScratch } from './index.ts';
import { newFolder } from './testing.ts';

test('a scratch folder that a kill left is swept once nobody can be at work in it, and nothing else is', async () => {
  const below = newFolder('scratch');
  const now = Date.now();
  const ago = (hours: number) => new Date(now - hours * 3_600_000);
  const left = await scratchFolder('apply', below);
  writeFileSync(join(left, 'work.patch'), 'x');
  const alive = await scratchFolder('apply', below);
  const written = await scratchFolder('message', below);
  mkdirSync(join(below, '.doctor-aB3dE6'));
  for (const other of ['dayshift-demo-aB3dE6', 'dayshift-apply-notes', 'dayshift-constructor-aB3dE6', 'mine'])
    mkdirSync(join(below, other));
  symlinkSync(join(below, 'mine'), join(below, 'dayshift-commit-aB3dE6'));
  for (const name of readdirSync(below)) utimesSync(join(below, name), ago(30), ago(30));
  utimesSync(alive, ago(0.5), ago(0.5));

  await sweepScratch(now, below);
  expect(existsSync(left)).toBe(false);
  expect(readdirSync(below).sort()).toEqual(
    [
      ...['dayshift-demo-aB3dE6', 'dayshift-apply-notes', 'dayshift-constructor-aB3dE6', 'mine'],
      'dayshift-commit-aB3dE6',
      ...[alive, written].map((path) => path.slice(below.length + 1)),
    ].sort(),
  );
  await sweepScratch(now, join(below, 'none'));
});
