import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { files, gitProject, picture, put, type GitProject } from '../../test/support/git-project.ts';
import { applyPatch, checkpoint, measure, prepareWorkspace } from './index.ts';

const contents = { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n', 'c.txt': 'c\n', 'run.sh': 'echo\n' };

async function patchOf(made: GitProject, edit: (checkout: string) => void): Promise<string> {
  const ws = await prepareWorkspace(made.project, made.paths());
  await checkpoint(ws, 'c0', 'start');
  edit(ws.paths.checkout);
  return (await measure(ws)).patch;
}

const everyKind = (checkout: string): void => {
  put(join(checkout, 'a.txt'), 'one\nTWO\nthree\n');
  rmSync(join(checkout, 'b.txt'));
  rmSync(join(checkout, 'c.txt'));
  put(join(checkout, 'moved/c.txt'), 'c\n');
  chmodSync(join(checkout, 'run.sh'), 0o755);
  put(join(checkout, 'binary.bin'), Buffer.from([0, 1, 2, 255, 0]));
  put(join(checkout, 'empty'), '');
  symlinkSync('a.txt', join(checkout, 'link'));
};

test('every kind of change arrives unstaged; the index and other files’ changes stay as they were', async () => {
  const made = gitProject({ ...contents, 'mine.txt': 'm\n' });
  const patch = await patchOf(made, everyKind);
  made.write('mine.txt', 'my change\n');
  made.git('add', 'mine.txt');
  made.write('mine.txt', 'my second change\n');
  const gitDir = picture(join(made.path, '.git'));
  expect(await applyPatch(made.project, patch)).toEqual({ files: 7 });
  expect(picture(join(made.path, '.git'))).toEqual(gitDir);
  const expected = files(made.paths().checkout);
  expect({ ...files(made.path), 'mine.txt': '' }).toEqual({ ...expected, 'mine.txt': '' });
  expect(readFileSync(join(made.path, 'mine.txt'), 'utf8')).toBe('my second change\n');
});

test('applied twice is applied once; what a crash left half-applied is completed', async () => {
  const made = gitProject(contents);
  const patch = await patchOf(made, everyKind);
  made.write('a.txt', 'one\nTWO\nthree\n');
  rmSync(join(made.path, 'b.txt'));
  expect(await applyPatch(made.project, patch)).toEqual({ files: 5 });
  expect(await applyPatch(made.project, patch)).toEqual({ files: 0, already: true });
  expect(files(made.path)).toEqual(files(made.paths().checkout));
});

test('folders without files are no obstacle to a link or file in their place; one with a file is', async () => {
  const made = gitProject({ ...contents, 'old/in/it.txt': 'x\n' });
  const patch = await patchOf(made, (checkout) => {
    symlinkSync('a.txt', join(checkout, 'd'));
    rmSync(join(checkout, 'old'), { recursive: true });
    put(join(checkout, 'old'), 'a file now\n');
  });
  mkdirSync(join(made.path, 'd/e/f'), { recursive: true });
  mkdirSync(join(made.path, 'old/empty/too'), { recursive: true });
  put(join(made.path, 'old/mine.txt'), 'mine\n');
  const before = files(made.path);
  await expect(applyPatch(made.project, patch)).rejects.toThrow(/does not fit/);
  expect(files(made.path)).toEqual(before);
  expect(existsSync(join(made.path, 'd/e/f'))).toBe(true);
  expect(existsSync(join(made.path, 'old/empty/too'))).toBe(true);
  rmSync(join(made.path, 'old/mine.txt'));
  expect(await applyPatch(made.project, patch)).toEqual({ files: 3 });
  expect(files(made.path)).toEqual(files(made.paths().checkout));
});

test('a link that moved makes room for a folder of its name', async () => {
  const made = gitProject(contents);
  symlinkSync('a.txt', join(made.path, 'd'));
  made.git('add', '-A');
  made.git('commit', '-qm', 'a link');
  const patch = await patchOf(made, (checkout) => {
    renameSync(join(checkout, 'd'), join(checkout, 'moved'));
    put(join(checkout, 'd/in.txt'), 'in\n');
  });
  await applyPatch(made.project, patch);
  expect(files(made.path)).toEqual(files(made.paths().checkout));
});

test('applied to a file that the person changed elsewhere, a repeated call is harmless', async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const made = gitProject({ 'a.txt': `${lines.join('\n')}\n` });
  const patch = await patchOf(made, (checkout) =>
    put(join(checkout, 'a.txt'), `${lines.with(30, 'agent').join('\n')}\n`),
  );
  made.write('a.txt', `mine\n${lines.join('\n')}\n`);
  expect(await applyPatch(made.project, patch)).toEqual({ files: 1 });
  const after = readFileSync(join(made.path, 'a.txt'), 'utf8');
  expect(after).toBe(`mine\n${lines.with(30, 'agent').join('\n')}\n`);
  expect(await applyPatch(made.project, patch)).toEqual({ files: 0, already: true });
  expect(readFileSync(join(made.path, 'a.txt'), 'utf8')).toBe(after);
});

test('on a conflict nothing changes, and the error says which files and why', async () => {
  const made = gitProject(contents);
  const patch = await patchOf(made, everyKind);
  made.write('a.txt', 'mine\n');
  made.write('empty', 'mine too\n');
  const before = files(made.path);
  const applied = applyPatch(made.project, patch);
  await expect(applied).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(/a\.txt.*empty: already/s) as unknown,
  });
  expect(files(made.path)).toEqual(before);
});

test('a failure in the middle of writing puts everything back', async () => {
  const made = gitProject({ 'd/x': 'x\n', 'e.txt': 'e\n' });
  const patch = await patchOf(made, (checkout) => {
    rmSync(join(checkout, 'd'), { recursive: true });
    put(join(checkout, 'd'), 'a file in the place of a folder\n');
    put(join(checkout, 'e.txt'), 'changed\n');
  });
  // git checks that d/x can go and finds only when it writes that the folder must stay.
  made.write('d/mine.txt', 'mine\n');
  const before = files(made.path);
  await expect(applyPatch(made.project, patch)).rejects.toMatchObject({ kind: 'usage' });
  expect(files(made.path)).toEqual(before);
});

test('a patch never writes outside the project, through a link, or into a git directory', async () => {
  const created = (path: string): string =>
    `diff --git a/${path} b/${path}\nnew file mode 100644\nindex 0000000000000000000000000000000000000000..8ba3a16384aacc37d01564b28401755ce8053f51\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+n\n`;
  const link = (path: string, to: string): string =>
    `diff --git a/${path} b/${path}\nnew file mode 120000\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${to}\n\\ No newline at end of file\n`;
  for (const git of [true, false]) {
    const made = gitProject(git ? contents : undefined);
    mkdirSync(join(made.dir, 'outside'));
    mkdirSync(join(made.path, 'real'), { recursive: true });
    symlinkSync('../outside', join(made.path, 'out'));
    symlinkSync('.git', join(made.path, 'g'));
    symlinkSync('real', join(made.path, 'inner'));
    const bad = [
      '../outside/x',
      '/etc/x',
      'real/../../outside/x',
      'out/x',
      'inner/x',
      '.git/hooks/x',
      '.GIT/x',
      'real/.git/config',
      'g/x',
      'git~1/x',
      '.git./x',
    ];
    const patches = bad.map(created);
    patches.push(link('l', '../outside') + created('l/x'), link('m', '.git') + created('m/hooks/post-checkout'));
    // What the header says and what the hunk says may differ: git goes by the hunk.
    patches.push(
      created('good').replace('+++ b/good', '+++ b/../outside/x'),
      created('good').replace('+++ b/good', '+++ b/.git/x'),
    );
    const before = picture(made.dir);
    for (const patch of patches) {
      await expect(applyPatch(made.project, patch), patch).rejects.toMatchObject({ kind: 'usage' });
      expect(picture(made.dir)).toEqual(before);
    }
  }
});

test('links that lead out of the project are refused unless they are wanted; pipes, sockets and devices never come along', async () => {
  for (const git of [true, false]) {
    const made = gitProject(git ? contents : undefined);
    const patch = await patchOf(made, (checkout) => {
      put(join(checkout, 'good.txt'), 'good\n');
      symlinkSync('../a.txt', join(checkout, 'sub-link'));
      symlinkSync('/etc/passwd', join(checkout, 'passwd'));
      execaSync('mkfifo', [join(checkout, 'pipe')]);
      // A device needs root, a socket somebody who listens: a pipe in the place of a file stands for all.
      rmSync(join(checkout, 'a.txt'), { force: true });
      execaSync('mkfifo', [join(checkout, 'a.txt')]);
    });
    const before = picture(made.path);
    await expect(applyPatch(made.project, patch)).rejects.toMatchObject({
      message: expect.stringMatching(/passwd \(a link to \/etc\/passwd\)/) as string,
      hint: expect.stringContaining('--allow-links') as string,
    });
    expect(picture(made.path)).toEqual(before);
    await applyPatch(made.project, patch, { allowLinks: true });
    expect(readlinkSync(join(made.path, 'passwd'))).toBe('/etc/passwd');
    expect(readFileSync(join(made.path, 'good.txt'), 'utf8')).toBe('good\n');
    expect(existsSync(join(made.path, 'pipe'))).toBe(false);
    expect(existsSync(join(made.path, 'a.txt'))).toBe(false);
  }
});

test('a project without git inside somebody’s repository is applied to in its own folder', async () => {
  const outer = gitProject({ '.gitignore': 'inner/\n' });
  outer.write('inner/a.txt', 'one\n');
  const project = { ...outer.project, path: join(outer.path, 'inner') };
  const ws = await prepareWorkspace(project, outer.paths());
  put(join(ws.paths.checkout, 'new/b.txt'), 'b\n');
  expect(await applyPatch(project, (await measure(ws)).patch)).toEqual({ files: 1 });
  expect(existsSync(join(project.path, 'new/b.txt'))).toBe(true);
  expect(existsSync(join(outer.path, 'new'))).toBe(false);
});
