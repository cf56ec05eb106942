import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  checkpoint,
  listWorkspaces,
  prepareWorkspace,
  removeLeftovers,
  removeWorkspace,
} from '../src/workspace/index.ts';
import { gitProject, picture, put } from './support/git-project.ts';

test('200 worktrees leave nothing behind after clean', { timeout: 400_000 }, async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const before = picture(join(made.path, '.git'));
  const names = Array.from({ length: 200 }, (_, index) => `task-${index}`);
  const next = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const ws = await prepareWorkspace(made.project, made.paths(name));
      put(join(ws.paths.checkout, 'work.txt'), name);
      await checkpoint(ws, 'c0', 'start');
    }
  };
  await Promise.all([next(), next(), next(), next()]);
  expect(made.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(201);
  const all = await listWorkspaces(made.home);
  expect(all).toHaveLength(200);
  for (const { paths } of all) await removeWorkspace(made.project, paths);
  expect(await removeLeftovers(made.project, made.home)).toBe(0);
  expect(picture(join(made.path, '.git'))).toEqual(before);
  expect(existsSync(join(made.path, '.git/worktrees'))).toBe(false);
  expect(readdirSync(made.home.workspaces)).toEqual([]);
  expect(readdirSync(made.home.stores)).toEqual([]);
});
