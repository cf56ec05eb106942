import { chmodSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitProject, put } from '../../test/support/git-project.ts';
import { changesSince, checkpoint, diffText, measure, noteLeft, prepareWorkspace, rollback } from './index.ts';
import type { Workspace } from './index.ts';

/** A workspace after setup, with work of an agent's in it, and the tree that was taken before the checks. */
async function worked(): Promise<{ ws: Workspace; before: string; at: (path: string) => string }> {
  const made = gitProject({ 'a.txt': 'one\n', 'gone.txt': 'here\n', 'src/b.txt': 'b\n' });
  const ws = await prepareWorkspace(made.project, made.paths());
  const at = (path: string) => join(ws.paths.checkout, path);
  put(at('by-setup.txt'), 'setup\n');
  await checkpoint(ws, 'c0', 'start');
  put(at('work.txt'), 'work\n');
  return { ws, before: (await changesSince(ws)).tree, at };
}

const pathsOf = async (ws: Workspace) => (await measure(ws)).stat.paths.map(({ path }) => path);

test('what checks leave behind, mend or delete is no part of what is measured afterwards', async () => {
  const { ws, before, at } = await worked();
  put(at('cache/x.pyc'), 'bytes');
  put(at('nested/.git/HEAD'), 'ref: refs/heads/main\n');
  put(at('nested/file.txt'), 'n\n');
  symlinkSync('/etc/passwd', at('link'));
  put(at('a.txt'), 'formatted\n');
  put(at('by-setup.txt'), 'built again\n');
  chmodSync(at('work.txt'), 0o755);
  rmSync(at('gone.txt'));
  // Somebody looks while the checks run.
  await diffText(ws, 'c0');
  expect((await noteLeft(ws, before)).sort()).toEqual(['a.txt', 'gone.txt', 'work.txt']);
  expect(await noteLeft(ws, before)).toEqual([]);
  expect((await checkpoint(ws, 'c1', 'after')).tree).toBe(before);
  expect(await pathsOf(ws)).toEqual(['work.txt']);
  // A deliverable that only a check made was not made by the agent.
  expect((await changesSince(ws, undefined, ['cache/x.pyc'])).tree).toBe(before);
});

test('a file that checks left and somebody writes to afterwards is work again', async () => {
  const { ws, before, at } = await worked();
  put(at('report.txt'), 'by a check\n');
  put(at('a.txt'), 'formatted\n');
  await noteLeft(ws, before);
  put(at('report.txt'), 'by the agent\n');
  expect(await pathsOf(ws)).toEqual(['report.txt', 'work.txt']);
  put(at('report.txt'), 'by a check\n');
  expect(await pathsOf(ws)).toEqual(['report.txt', 'work.txt']);
  rmSync(at('a.txt'));
  expect(await pathsOf(ws)).toEqual(['a.txt', 'report.txt', 'work.txt']);
});

test('rolling back takes away what checks left', async () => {
  const { ws, before, at } = await worked();
  put(at('a.txt'), 'formatted\n');
  put(at('left.txt'), 'left\n');
  await noteLeft(ws, before);
  await checkpoint(ws, 'c1', 'after');
  await rollback(ws, 'c1');
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('one\n');
  expect(await pathsOf(ws)).toEqual(['work.txt']);
  put(at('a.txt'), 'formatted\n');
  expect(await pathsOf(ws)).toEqual(['a.txt', 'work.txt']);
});
