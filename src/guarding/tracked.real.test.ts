import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { trackedBy } from './tracked.ts';

const names = ['a.txt', 'src/deep/x.ts', 'src/deep/xy.ts', 'ümlaut und mehr.txt', `long/${'n'.repeat(200)}.txt`];

async function repository(...settings: string[]) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guard-index-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: folder });
  await git('init', '-q', ...settings.filter((one) => one.startsWith('--')));
  for (const setting of settings.filter((one) => !one.startsWith('--')))
    await git('config', ...(setting.split('=') as [string, string]));
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), 'x\n');
  }
  await git('add', '-A');
  await git('commit', '-qm', 'start');
  return { folder, git };
}

const sorted = (list: readonly string[] | undefined) => [...(list ?? [])].sort();

test.each([
  ['an ordinary index'],
  ['a compressed index', 'index.version=4'],
  ['an index of SHA-256', '--object-format=sha256'],
  ['an index with more in its entries', 'index.version=3'],
])('%s is read', async (_, ...settings) => {
  const { folder, git } = await repository(...settings);
  expect(sorted(trackedBy(folder))).toEqual([...names].sort());
  // New names are seen at once; what is not added is not tracked.
  writeFileSync(join(folder, 'new.txt'), 'x\n');
  expect(trackedBy(folder)).not.toContain('new.txt');
  await git('add', '-N', 'new.txt');
  expect(trackedBy(folder)).toContain('new.txt');
});

test('a linked worktree has an index of its own', async () => {
  const { folder, git } = await repository();
  const tree = `${folder}-tree`;
  onTestFinished(() => rmSync(tree, { recursive: true, force: true }));
  await git('worktree', 'add', '-q', '--detach', tree);
  expect(sorted(trackedBy(tree))).toEqual([...names].sort());
});

test('where there is no index, or only a part of one, nobody knows', async () => {
  const { folder, git } = await repository();
  await git('update-index', '--split-index');
  expect(trackedBy(folder)).toBeUndefined();
  writeFileSync(join(folder, '.git/index'), 'DIRC damaged');
  expect(trackedBy(folder)).toBeUndefined();
  expect(trackedBy('/nowhere')).toBeUndefined();
});
