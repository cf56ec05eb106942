import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder, sweepScratch } from './index.ts';
import { newFolder } from './testing.ts';

/** No system gives so high a pid. */
const gone = 2 ** 30;

test('a scratch folder that a kill left is swept once nobody can be at work in it, and nothing else is', async () => {
  const below = newFolder('scratch');
  const now = Date.now() + 30 * 3_600_000;
  const ago = (hours: number) => new Date(now - hours * 3_600_000);
  const make = (name: string, mode = 0o700) => {
    mkdirSync(join(below, name), { mode });
    return name;
  };
  const left = [
    make(`dayshift-apply-${gone}-aB3dE6`),
    // In a container each life may have the same pid.
    make(`dayshift-filter-${process.pid}-aB3dE6`),
  ];
  writeFileSync(join(below, left[0]!, 'work.patch'), 'x');
  const young = make(`dayshift-apply-${gone}-young1`);
  const asleep = basename(await scratchFolder('apply', below));
  const kept = [
    make(`dayshift-message-${gone}-aB3dE6`),
    // Their makers stood still with the machine.
    asleep,
    make(`dayshift-apply-${process.ppid}-aB3dE6`),
    make(`dayshift-commit-${gone}-aB3dE7`, 0o755),
    ...['dayshift-apply-notes', 'dayshift-commit-helper', '.doctor-aB3dE6', 'mine'].map((name) => make(name)),
    ...[`dayshift-demo-${gone}-aB3dE6`, `dayshift-constructor-${gone}-aB3dE6`].map((name) => make(name)),
    `dayshift-commit-${gone}-aB3dE6`,
  ];
  symlinkSync(join(below, 'mine'), join(below, `dayshift-commit-${gone}-aB3dE6`));
  for (const name of readdirSync(below)) {
    if (name !== asleep) utimesSync(join(below, name), ago(60), ago(60));
  }
  utimesSync(join(below, young), ago(0.5), ago(0.5));

  await sweepScratch(now, below);
  expect(left.filter((name) => existsSync(join(below, name)))).toEqual([]);
  expect(readdirSync(below).sort()).toEqual([...kept, young].sort());
  await sweepScratch(now, join(below, 'none'));
});
