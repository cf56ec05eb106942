import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitProject, personGit, picture, put, tempDir } from '../../test/support/git-project.ts';
import { checkpoint, listWorkspaces, prepareWorkspace, removeLeftovers, removeWorkspace, sizeOf } from './index.ts';
import { entryPrefix } from './paths.ts';
import { makeWritable } from './remove.ts';

test('a workspace goes with its entry and store, and only it', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const before = picture(join(made.path, '.git'));
  const paths = made.paths();
  const ws = await prepareWorkspace(made.project, paths);
  await checkpoint(ws, 'c0', 'start');
  put(join(made.dir, 'kept'), 'kept');
  symlinkSync(made.dir, join(paths.checkout, 'link'));
  const { bytes } = await removeWorkspace(made.project, paths);
  expect(bytes).toBeGreaterThan(10_000);
  expect(existsSync(join(made.dir, 'kept'))).toBe(true);
  expect(readdirSync(made.home.workspaces)).toEqual([]);
  expect(readdirSync(made.home.stores)).toEqual([]);
  expect(picture(join(made.path, '.git'))).toEqual(before);
  expect(await removeWorkspace(made.project, paths)).toEqual({ bytes: 0 });
});

test('somebody else’s worktree entries stay, stale ones too', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  made.git('worktree', 'add', '-q', '--detach', join(made.dir, 'theirs'));
  made.git('worktree', 'add', '-q', '--detach', join(made.dir, 'dayshift-stale'));
  rmSync(join(made.dir, 'dayshift-stale'), { recursive: true });
  // Even one that is named as ours would be.
  const like = `${entryPrefix(made.paths())}0`;
  made.git('worktree', 'add', '-q', '--detach', join(made.dir, like));
  await prepareWorkspace(made.project, made.paths());
  await removeWorkspace(made.project, made.paths());
  expect(await removeLeftovers(made.project, made.home)).toBe(0);
  expect(readdirSync(join(made.path, '.git/worktrees')).toSorted()).toEqual([like, 'dayshift-stale', 'theirs']);
});

test('a removal that was cut off at any step is completed', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const paths = made.paths();
  const entry = (): string => join(made.path, '.git/worktrees', readdirSync(join(made.path, '.git/worktrees'))[0]!);
  const cuts = [
    () => rmSync(join(paths.checkout, '.git')),
    () => rmSync(paths.root, { recursive: true }),
    () => rmSync(join(entry(), 'gitdir')),
    () => rmSync(entry(), { recursive: true }),
    () => rmSync(paths.store, { recursive: true }),
  ];
  for (const cut of cuts) {
    await prepareWorkspace(made.project, paths);
    cut();
    await removeWorkspace(made.project, paths);
    expect(existsSync(paths.root) || existsSync(paths.store) || existsSync(join(made.path, '.git/worktrees'))).toBe(
      false,
    );
  }
});

test('an entry whose folder somebody deleted by hand is a leftover, and is removed', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  await prepareWorkspace(made.project, made.paths('gone'));
  await prepareWorkspace(made.project, made.paths('stays'));
  rmSync(made.paths('gone').root, { recursive: true });
  expect(await removeLeftovers(made.project, made.home)).toBe(1);
  expect(personGit(made.paths('stays').checkout, 'status', '--porcelain')).toBe('');
});

test('the project may be gone', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  await prepareWorkspace(made.project, made.paths());
  renameSync(made.path, `${made.path}-moved`);
  await removeWorkspace(made.project, made.paths());
  expect(existsSync(made.paths().root)).toBe(false);
});

test('read-only folders are no obstacle', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const paths = made.paths();
  await prepareWorkspace(made.project, paths);
  const locked = join(paths.checkout, 'go/pkg/mod');
  mkdirSync(locked, { recursive: true });
  put(join(locked, 'x'), 'x');
  chmodSync(locked, 0o500);
  chmodSync(join(paths.checkout, 'go'), 0o000);
  // For root nothing is read-only, so the step itself is looked at too.
  await makeWritable(Buffer.from(paths.checkout));
  expect(statSync(locked).mode & 0o700).toBe(0o700);
  chmodSync(join(paths.checkout, 'go'), 0o500);
  await removeWorkspace(made.project, paths);
  expect(existsSync(paths.root)).toBe(false);
});

test('what lies about is listed with its size, folders without a store and stores without a folder too', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  await prepareWorkspace(made.project, made.paths('b', '2026-11-24'));
  await prepareWorkspace(made.project, made.paths('a'));
  rmSync(made.paths('a').root, { recursive: true });
  put(join(made.home.workspaces, 'README.md'), 'x');
  put(join(made.home.workspaces, '2026-11-22/c/half'), 'x');
  const list = await listWorkspaces(made.home);
  expect(list.map(({ date, task }) => `${date}/${task}`)).toEqual(['2026-11-22/c', '2026-11-23/a', '2026-11-24/b']);
  expect(list.every(({ bytes }) => bytes > 0)).toBe(true);
  expect(list[2]?.paths).toEqual(made.paths('b', '2026-11-24'));
});

test('a size counts a file with two names once, and follows no link', async () => {
  const dir = tempDir();
  put(join(dir, 'a'), Buffer.alloc(100_000));
  const before = await sizeOf(dir);
  linkSync(join(dir, 'a'), join(dir, 'b'));
  symlinkSync('/usr', join(dir, 'usr'));
  expect(await sizeOf(dir)).toBeLessThan(before + 5000);
  expect(before).toBeGreaterThanOrEqual(100_000);
  expect(await sizeOf(join(dir, 'missing'))).toBe(0);
});
