import {
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { files, gitProject, personGit, picture, put, type GitProject } from '../../test/support/git-project.ts';
import {
  applyPatch,
  checkpoint,
  diffText,
  measure,
  measureTree,
  prepareWorkspace,
  removeWorkspace,
  rollback,
  sandboxView,
} from './index.ts';
import type { Workspace } from './index.ts';
import { git, gitLine } from './git.ts';

async function started(
  contents: Record<string, string>,
): Promise<{ made: GitProject; ws: Workspace; checkout: string }> {
  const made = gitProject(contents);
  const ws = await prepareWorkspace(made.project, made.paths());
  await checkpoint(ws, 'c0', 'start');
  return { made, ws, checkout: ws.paths.checkout };
}

test('the same state is the same checkpoint, whenever it is taken', async () => {
  const { ws, checkout } = await started({ 'a.txt': 'one\n' });
  const first = await checkpoint(ws, 'c1', 'attempt 1');
  put(join(checkout, 'a.txt'), 'two\n');
  await checkpoint(ws, 'c2', 'attempt 2');
  put(join(checkout, 'a.txt'), 'one\n');
  expect(await checkpoint(ws, 'c1', 'attempt 1')).toEqual(first);
});

test('what setup made is not the agent’s work', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const ws = await prepareWorkspace(made.project, made.paths());
  put(join(ws.paths.checkout, 'generated.lock'), 'by setup\n');
  await checkpoint(ws, 'c0', 'start');
  put(join(ws.paths.checkout, 'work.txt'), 'by the agent\n');
  expect((await measure(ws)).stat.paths).toEqual([{ status: 'A', path: 'work.txt' }]);
  expect((await measure(ws, 'base')).stat.files).toBe(2);
});

test('whatever the agent plants, Dayshift’s git runs none of it', async () => {
  const { made, ws, checkout } = await started({ 'a.txt': 'one\n', 'sub/s.txt': 's\n' });
  const marker = join(made.dir, 'ran');
  const trap = join(checkout, 'trap.sh');
  writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${marker}\ncat\n`, { mode: 0o755 });
  const plant = (repo: string): void => {
    for (const [key, value] of [
      ['core.fsmonitor', trap],
      ['core.hooksPath', join(checkout, 'hooks')],
      ['filter.evil.clean', trap],
      ['filter.evil.smudge', trap],
      ['filter.evil.process', trap],
      ['filter.evil.required', 'true'],
      ['diff.evil.textconv', trap],
      ['diff.evil.command', trap],
      ['diff.external', trap],
      ['merge.evil.driver', trap],
      ['core.pager', trap],
      ['core.sshCommand', trap],
      ['core.editor', trap],
      ['gpg.program', trap],
      ['commit.gpgSign', 'true'],
      ['credential.helper', `!${trap}`],
    ]) {
      personGit(repo, 'config', key!, value!);
    }
  };
  for (const hook of ['post-checkout', 'post-index-change', 'pre-commit', 'reference-transaction', 'post-commit']) {
    put(join(checkout, 'hooks', hook), `#!/bin/sh\ntouch ${marker}\n`);
    chmodSync(join(checkout, 'hooks', hook), 0o755);
  }
  // The worktree's own .git replaced, a nested repository with a commit, one without, one round tracked files, a bare one.
  rmSync(join(checkout, '.git'));
  for (const name of ['.', 'nested', 'unborn', 'sub']) {
    mkdirSync(join(checkout, name), { recursive: true });
    personGit(join(checkout, name), 'init', '-q');
  }
  personGit(checkout, 'init', '-q', '--bare', 'planted.git');
  put(join(checkout, 'nested/n.txt'), 'n\n');
  put(join(checkout, 'nested/.gitattributes'), '* filter=evil diff=evil\n');
  personGit(join(checkout, 'nested'), 'add', '-A');
  personGit(join(checkout, 'nested'), 'commit', '-qm', 'x');
  personGit(checkout, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},gitlink`);
  for (const name of ['.', 'nested', 'unborn', 'sub', 'planted.git']) plant(join(checkout, name));
  put(join(checkout, '.gitattributes'), '* filter=evil diff=evil merge=evil\n');
  put(join(checkout, '.gitmodules'), '[submodule "x"]\n\tpath = nested\n\turl = ./nested\n\tupdate = !touch x\n');
  put(join(checkout, 'unborn/u.txt'), 'u\n');
  put(join(checkout, 'nested/n.txt'), 'changed\n');
  put(join(checkout, 'a.txt'), 'two\n');
  const c1 = await checkpoint(ws, 'c1', 'one');
  const measured = await measure(ws);
  await diffText(ws, 'c0', undefined, { color: true });
  await sandboxView(ws);
  await rollback(ws, 'c0');
  await rollback(ws, 'c1');
  expect((await measure(ws)).tree).toBe(c1.tree);
  await applyPatch(made.project, measured.patch);
  // Again, now that the person's own folder holds the attributes.
  put(join(checkout, 'a.txt'), 'three\n');
  await applyPatch(made.project, (await measure(ws, 'c1')).patch);
  await prepareWorkspace(made.project, made.paths('second'));
  expect(existsSync(marker)).toBe(false);
  // The traps are live: a person's git in there springs one.
  expect(() => personGit(join(checkout, 'nested'), 'add', '-A')).toThrow();
  expect(existsSync(marker)).toBe(true);
  rmSync(marker);
  await removeWorkspace(made.project, ws.paths);
  expect(existsSync(marker)).toBe(false);
});

test('the files of a nested repository are captured as files, without what git ignores', async () => {
  const { ws, checkout } = await started({ '.gitignore': '*.log\n', 'sub/tracked.txt': 't\n' });
  for (const name of ['nested', 'nested/deeper', 'unborn', 'sub']) {
    mkdirSync(join(checkout, name), { recursive: true });
    personGit(join(checkout, name), 'init', '-q');
  }
  put(join(checkout, 'nested/.gitignore'), 'secret\n');
  put(join(checkout, 'nested/secret'), 'x');
  put(join(checkout, 'nested/a.log'), 'x');
  put(join(checkout, 'nested/a.txt'), 'x');
  put(join(checkout, 'nested/deeper/b.txt'), 'x');
  put(join(checkout, 'sub/new.txt'), 'x');
  personGit(join(checkout, 'nested'), 'add', 'a.txt');
  personGit(join(checkout, 'nested'), 'commit', '-qm', 'x');
  const { stat } = await measure(ws);
  expect(stat.paths.map(({ path }) => path)).toEqual([
    'nested/.gitignore',
    'nested/a.txt',
    'nested/deeper/b.txt',
    'sub/new.txt',
  ]);
  await checkpoint(ws, 'c1', 'one');
  put(join(checkout, 'nested/a.txt'), 'changed');
  expect((await measure(ws, 'c1')).stat.paths).toEqual([{ status: 'M', path: 'nested/a.txt' }]);
  await rollback(ws, 'c0');
  expect(existsSync(join(checkout, 'unborn'))).toBe(false);
  expect(existsSync(join(checkout, 'nested/a.txt'))).toBe(false);
});

test('names with spaces, newlines, quotes, and bytes that are no UTF-8', async () => {
  const { made, ws, checkout } = await started({
    'a b': '1\n',
    'new\nline': '2\n',
    '"quoted"\\': '3\n',
    'tab\there': '4\n',
  });
  const odd = Buffer.concat([Buffer.from(`${checkout}/caf`), Buffer.from([0xe9, 0x2a]), Buffer.from('[x].txt')]);
  writeFileSync(odd, Buffer.from([0x63, 0xe9, 0x0a]));
  for (const name of ['a b', 'new\nline', '"quoted"\\', 'tab\there']) put(join(checkout, name), 'changed\n');
  put(join(checkout, 'größe/ü'), 'new\n');
  put(join(checkout, '-rf'), 'new\n');
  put(join(checkout, 'x y\n/:(glob)*'), 'new\n');
  put(join(checkout, 'latin1.txt'), Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]));
  const c1 = await checkpoint(ws, 'c1', 'one');
  const measured = await measure(ws);
  expect(measured.stat.paths.map(({ path }) => path)).toContain('caf\\xe9*[x].txt');
  expect(measured.stat.files).toBe(9);
  expect(Buffer.from(measured.patch, 'utf8').toString('utf8')).toBe(measured.patch);
  expect(await applyPatch(made.project, measured.patch)).toEqual({ files: 9 });
  expect(files(made.path)).toEqual(files(checkout));
  expect(await applyPatch(made.project, measured.patch)).toEqual({ files: 0, already: true });
  await rollback(ws, 'c0');
  expect(Object.keys(files(checkout))).toHaveLength(4);
  await rollback(ws, 'c1');
  expect((await measure(ws)).tree).toBe(c1.tree);
});

test('ignored files stay out and survive a rollback, unless they are deliverables', async () => {
  const { ws, checkout } = await started({ '.gitignore': 'build/\n*.log\n' });
  put(join(checkout, 'build/out.js'), 'built\n');
  put(join(checkout, 'x.log'), 'log\n');
  expect((await measure(ws)).stat.files).toBe(0);
  const { stat } = await measure(ws, undefined, ['build', 'missing', '../outside', '/etc/passwd']);
  expect(stat.paths).toEqual([{ status: 'A', path: 'build/out.js' }]);
  await rollback(ws, 'c0');
  expect(existsSync(join(checkout, 'x.log'))).toBe(true);
});

test('big new files are left out with a warning, and a rollback leaves them alone', async () => {
  const { ws, checkout } = await started({ 'a.txt': 'one\n' });
  put(join(checkout, 'big.bin'), '');
  truncateSync(join(checkout, 'big.bin'), 51 * 1024 * 1024);
  const measured = await measure(ws);
  expect(measured).toMatchObject({ stat: { files: 0 }, warnings: ['big.bin is not taken along: 51 MB is too big'] });
  await rollback(ws, 'c0');
  expect(existsSync(join(checkout, 'big.bin'))).toBe(true);
});

test('an attribute that makes git fail does not stop a checkpoint', async () => {
  const { ws, checkout } = await started({ 'a.txt': 'one\n' });
  put(join(checkout, '.gitattributes'), '* working-tree-encoding=UTF-16\n');
  put(join(checkout, 'odd.txt'), Buffer.from([0xd8, 0x00, 0x0a]));
  const measured = await measure(ws);
  expect(measured.stat.paths.map(({ path }) => path)).toContain('odd.txt');
  expect(measured.warnings).toEqual([expect.stringContaining('working-tree-encoding')]);
});

test('folders, files and links that change places', async () => {
  const { made, ws, checkout } = await started({ 'd/a.txt': 'a\n', 'd/b.txt': 'b\n', f: 'f\n', 'l/x': 'x\n' });
  const outside = join(made.dir, 'outside');
  put(join(outside, 'x'), 'not mine\n');
  const before = picture(outside);
  rmSync(join(checkout, 'd'), { recursive: true });
  put(join(checkout, 'd'), 'now a file\n');
  rmSync(join(checkout, 'f'));
  put(join(checkout, 'f/inner'), 'now a folder\n');
  rmSync(join(checkout, 'l'), { recursive: true });
  symlinkSync(outside, join(checkout, 'l'));
  const c1 = await checkpoint(ws, 'c1', 'one');
  const { patch } = await measure(ws);
  await rollback(ws, 'c0');
  expect(files(checkout)).toEqual(files(made.path));
  await rollback(ws, 'c1');
  expect((await measure(ws)).tree).toBe(c1.tree);
  await applyPatch(made.project, patch, { allowLinks: true });
  expect(files(made.path)).toEqual(files(checkout));
  expect(picture(outside)).toEqual(before);
});

test('a diff as text: colours, a summary, between checkpoints; an unknown checkpoint names those that there are', async () => {
  const { ws, checkout } = await started({ 'a.txt': 'one\n' });
  put(join(checkout, 'a.txt'), 'two\n');
  await checkpoint(ws, 'c1', 'one');
  put(join(checkout, 'b.txt'), 'b\n');
  expect(await diffText(ws, 'c0', 'c1')).toMatch(/-one\n\+two\n$/);
  expect(await diffText(ws, 'c0')).toContain('+++ b/b.txt');
  expect(await diffText(ws, 'c0', 'c1', { color: true })).toContain('\u001b[');
  expect(await diffText(ws, 'c0', undefined, { stat: true })).toContain('2 files changed');
  await expect(diffText(ws, 'c7')).rejects.toMatchObject({ kind: 'usage', hint: 'There are base, c0, c1.' });
  await expect(rollback(ws, '--all')).rejects.toMatchObject({ kind: 'usage' });
});

test('a lock that a killed git left in the store is no obstacle; calls at the same time take turns', async () => {
  const { ws, checkout } = await started({ 'a.txt': 'one\n' });
  put(join(ws.paths.store, 'index.lock'), '');
  utimesSync(join(ws.paths.store, 'index.lock'), 0, 0);
  put(join(checkout, 'b.txt'), 'b\n');
  const all = await Promise.all([measure(ws), checkpoint(ws, 'c1', 'one'), measure(ws), rollback(ws, 'c0')]);
  expect(all[0].stat.files).toBe(1);
  expect((await measure(ws)).stat.files).toBe(0);
});

test('a change of the same size right after a checkpoint counts, and its way back leads to the first tree', async () => {
  const made = gitProject({ 'a.txt': 'a\n' });
  const ws = await prepareWorkspace(made.project, made.paths());
  const { tree } = await checkpoint(ws, 'c0', 'start');
  for (let round = 1; round < 6; round += 1) {
    writeFileSync(join(ws.paths.checkout, 'a.txt'), `${round}\n`);
    const changed = await checkpoint(ws, `c${round}`, 'changed');
    expect(changed.tree).not.toBe(tree);
    expect((await checkpoint(ws, `d${round}`, 'again')).tree).toBe(changed.tree);
    await rollback(ws, 'c0');
    expect((await checkpoint(ws, `e${round}`, 'back')).tree).toBe(tree);
  }
});

test('a checkpoint’s commit is the one that git itself makes', async () => {
  for (const format of ['sha1', 'sha256']) {
    const made = gitProject({ 'a.txt': 'one\n' }, [`--object-format=${format}`]);
    const ws = await prepareWorkspace(made.project, made.paths());
    const { commit, tree } = await checkpoint(ws, 'c0', 'Prüfung 1, „zitiert“');
    const options = { cwd: ws.paths.checkout, gitDir: ws.paths.store };
    const theirs = await gitLine(['commit-tree', tree], { ...options, input: 'Prüfung 1, „zitiert“\n' });
    expect(commit).toBe(theirs);
    await git(['fsck', '--strict', commit], options);
  }
});

test('a tree that was taken before is measured as it was, whatever became of the checkout', async () => {
  const { ws, checkout } = await started({ 'a.txt': 'one\n' });
  put(join(checkout, 'a.txt'), 'two\n');
  const before = await measure(ws);
  put(join(checkout, 'a.txt'), 'three\n');
  expect(await measureTree(ws, 'c0', before.tree)).toEqual(before);
  expect((await checkpoint(ws, 'c1', 'judged', before)).tree).toBe(before.tree);
});
