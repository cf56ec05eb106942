import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { files, gitProject, personGit, picture, put } from '../../test/support/git-project.ts';
import {
  applyPatch,
  checkpoint,
  measure,
  openWorkspace,
  prepareWorkspace,
  submodulesOf,
  removeWorkspace,
  rollback,
} from './index.ts';
import { entryPrefix } from './paths.ts';

test('a worktree holds the commit, detached, and not what the person has not committed', async () => {
  const made = gitProject({ 'a.txt': 'one\n', 'src/b.sh': 'two\n' });
  made.write('a.txt', 'uncommitted\n');
  made.write('untracked.txt', 'x');
  const paths = made.paths();
  const ws = await prepareWorkspace(made.project, paths);
  expect(readFileSync(join(paths.checkout, 'a.txt'), 'utf8')).toBe('one\n');
  expect(existsSync(join(paths.checkout, 'untracked.txt'))).toBe(false);
  expect(existsSync(join(paths.out, 'agent_questions'))).toBe(true);
  expect(ws).toMatchObject({ kind: 'worktree', base: made.git('rev-parse', 'HEAD').trim(), subdir: '', warnings: [] });
  expect(personGit(paths.checkout, 'status', '--porcelain=v2', '--branch')).toContain('branch.head (detached)');
  expect(personGit(paths.checkout, 'status', '--porcelain')).toBe('');
  expect(made.git('status', '--porcelain')).toBe(' M a.txt\n?? untracked.txt\n');
  expect(made.git('branch', '--list', '--all').trim()).toBe('* main');
  expect(made.git('fsck', '--strict')).toBe('');
});

test('the files are older than both indexes, which know them as they are: no git reads them all again', async () => {
  const made = gitProject({ 'a.txt': 'one\n', 'src/b.sh': 'two\n' });
  const paths = made.paths();
  const ws = await prepareWorkspace(made.project, paths);
  const entry = personGit(paths.checkout, 'rev-parse', '--absolute-git-dir').trim();
  for (const name of ['a.txt', 'src/b.sh']) {
    const second = Math.floor(statSync(join(paths.checkout, name)).mtimeMs / 1000);
    for (const index of [join(paths.store, 'index'), join(entry, 'index')]) {
      expect(second).toBeLessThan(Math.floor(statSync(index).mtimeMs / 1000));
    }
  }
  // Plumbing that compares what `stat` says and nothing else.
  expect(personGit(paths.checkout, 'diff-files')).toBe('');
  // One that is written at once, with the same length, is seen all the same.
  put(join(paths.checkout, 'a.txt'), 'two\n');
  expect((await checkpoint(ws, 'c1', 'one')).tree).not.toBe(made.git('rev-parse', 'HEAD^{tree}').trim());
});

test('nothing but the worktree’s own entry is ever written into the project’s git directory', async () => {
  const made = gitProject({ 'a.txt': 'one\n', '.gitignore': '*.log\n' });
  made.write('a.txt', 'uncommitted\n');
  made.git('add', 'a.txt');
  const gitDir = join(made.path, '.git');
  const before = picture(gitDir);
  const paths = made.paths();
  const ws = await prepareWorkspace(made.project, paths);
  await checkpoint(ws, 'c0', 'start');
  put(join(paths.checkout, 'new.txt'), 'new\n');
  await checkpoint(ws, 'c1', 'attempt 1');
  const { patch } = await measure(ws);
  await rollback(ws, 'c0');
  await rollback(ws, 'c1');
  await applyPatch(made.project, patch);
  expect(readdirSync(join(gitDir, 'worktrees'))).toHaveLength(1);
  expect(picture(gitDir, (path) => path.startsWith(`worktrees/${entryPrefix(paths)}`))).toEqual(before);
  await removeWorkspace(made.project, paths);
  expect(picture(gitDir)).toEqual(before);
  expect(existsSync(join(gitDir, 'worktrees'))).toBe(false);
});

test('the project’s own hooks and fsmonitor do not run', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const marker = join(made.dir, 'ran');
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc']) {
    made.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch ${marker}\n`);
    chmodSync(join(made.path, '.git/hooks', hook), 0o755);
  }
  made.git('config', 'core.fsmonitor', join(made.path, '.git/hooks/post-checkout'));
  const ws = await prepareWorkspace(made.project, made.paths());
  put(join(ws.paths.checkout, 'a.txt'), 'two\n');
  await applyPatch(made.project, (await measure(ws)).patch);
  await removeWorkspace(made.project, ws.paths);
  expect(existsSync(marker)).toBe(false);
  made.git('worktree', 'add', '-q', '--detach', '../theirs');
  expect(existsSync(marker)).toBe(true);
});

test('two tasks, and one task on two dates, have entries of their own', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const all = [made.paths('t', '2026-11-23'), made.paths('t', '2026-11-24'), made.paths('t-', '2026-11-23')];
  await Promise.all(all.map((paths) => prepareWorkspace(made.project, paths)));
  expect(new Set(all.map(entryPrefix)).size).toBe(3);
  expect(made.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(4);
  await removeWorkspace(made.project, all[0]!);
  expect(personGit(all[1]!.checkout, 'status', '--porcelain')).toBe('');
  expect(made.git('worktree', 'prune', '--dry-run', '--verbose')).toBe('');
});

test('whatever a crash left half-made is made again', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const paths = made.paths();
  const entry = join(made.path, '.git/worktrees', `${entryPrefix(paths)}0`);
  const first = join(paths.root, `${entryPrefix(paths)}0`);
  const halves: (() => void)[] = [
    () => put(join(paths.checkout, 'half.txt'), 'a folder without an entry'),
    () => mkdirSync(entry, { recursive: true }),
    () => put(join(entry, 'locked'), 'initializing'),
    () => put(join(entry, 'index.lock'), ''),
    () => made.git('worktree', 'add', '-q', '--detach', '--no-checkout', first),
    () => put(join(paths.store, 'index.lock'), ''),
    () => put(join(paths.store, 'workspace.json.new'), '{'),
  ];
  for (const half of halves) {
    await removeWorkspace(made.project, paths);
    half();
    const ws = await prepareWorkspace(made.project, paths);
    expect(files(paths.checkout)).toEqual(files(made.path));
    expect((await checkpoint(ws, 'c0', 'start')).warnings).toEqual([]);
    expect(personGit(paths.checkout, 'status', '--porcelain')).toBe('');
  }
  await prepareWorkspace(made.project, paths);
  expect(made.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(2);
});

test('a workspace is opened again after a restart', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  const ws = await prepareWorkspace(made.project, made.paths());
  const { kind, base } = ws;
  expect(openWorkspace(made.project, made.paths(), { kind, base })).toEqual(ws);
  await removeWorkspace(made.project, made.paths());
  expect(() => openWorkspace(made.project, made.paths(), { kind, base })).toThrow('not there any more');
});

test('work starts from `base`, and a base that does not exist names the nearest branches', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  made.git('tag', 'v1');
  made.git('branch', 'develop');
  made.write('a.txt', 'two\n');
  made.git('commit', '-aqm', 'second');
  const ws = await prepareWorkspace({ ...made.project, base: 'v1' }, made.paths());
  expect(readFileSync(join(ws.paths.checkout, 'a.txt'), 'utf8')).toBe('one\n');
  const wrong = prepareWorkspace({ ...made.project, base: 'develp' }, made.paths());
  await expect(wrong).rejects.toMatchObject({ kind: 'usage', hint: expect.stringContaining('develop') as unknown });
  const option = prepareWorkspace({ ...made.project, base: '--all' }, made.paths());
  await expect(option).rejects.toMatchObject({ kind: 'usage' });
});

test('a folder of a repository: the whole repository is checked out, and the folder is named', async () => {
  const made = gitProject({ 'root.txt': 'r\n', 'packages/my app/a.txt': 'one\n' });
  const project = { ...made.project, path: join(made.path, 'packages/my app') };
  const ws = await prepareWorkspace(project, made.paths());
  expect(ws).toMatchObject({ kind: 'worktree', subdir: 'packages/my app' });
  put(join(ws.paths.checkout, ws.subdir, 'a.txt'), 'two\n');
  expect(await applyPatch(project, (await measure(ws)).patch)).toEqual({ files: 1 });
  expect(readFileSync(join(project.path, 'a.txt'), 'utf8')).toBe('two\n');
});

test('a folder that the repository around it ignores is a project of its own, copied', async () => {
  const made = gitProject({ '.gitignore': 'scratch/\n' });
  made.write('scratch/a.txt', 'one\n');
  const project = { ...made.project, path: join(made.path, 'scratch') };
  const ws = await prepareWorkspace(project, made.paths());
  expect(ws.kind).toBe('copy');
  expect(ws.warnings).toEqual([expect.stringContaining('does not hold this folder')]);
  put(join(ws.paths.checkout, 'a.txt'), 'two\n');
  const { patch } = await measure(ws);
  expect(await applyPatch(project, patch)).toEqual({ files: 1 });
  expect(readFileSync(join(project.path, 'a.txt'), 'utf8')).toBe('two\n');
});

test('a linked worktree, a detached HEAD, a bare repository, a shallow clone and sha256 can be worked on', async () => {
  const made = gitProject({ 'a.txt': 'one\n' });
  made.write('a.txt', 'two\n');
  made.git('commit', '-aqm', 'second');
  made.git('worktree', 'add', '-q', '--detach', '../linked', 'HEAD~1');
  made.git('clone', '-q', '--bare', '.', '../bare.git');
  made.git('clone', '-q', '--depth', '1', `file://${made.path}`, '../shallow');
  const other = gitProject({ 'a.txt': 'two\n' }, ['--object-format=sha256']);
  const places = ['linked', 'bare.git', 'shallow'].map((name) => join(made.dir, name));
  for (const path of [...places, other.path]) {
    const project = { ...made.project, path };
    const ws = await prepareWorkspace(project, made.paths());
    expect(readFileSync(join(ws.paths.checkout, 'a.txt'), 'utf8')).toBe(path.endsWith('linked') ? 'one\n' : 'two\n');
    await checkpoint(ws, 'c0', 'start');
    put(join(ws.paths.checkout, 'a.txt'), 'three\n');
    put(join(ws.paths.checkout, 'nested/.git/HEAD'), 'ref: refs/heads/x\n');
    const { patch, stat } = await measure(ws);
    expect(stat).toMatchObject({ files: 1, insertions: 1, deletions: 1 });
    const applied = applyPatch(project, patch);
    if (path.endsWith('bare.git')) await expect(applied).rejects.toMatchObject({ kind: 'usage' });
    else expect(await applied).toEqual({ files: 1 });
    await removeWorkspace(project, ws.paths);
  }
  expect(made.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(2);
});

test('a repository without a commit is worked on as a copy, and says so; a bare one says what to do', async () => {
  const made = gitProject();
  made.git('init', '-q');
  made.write('a.txt', 'one\n');
  const ws = await prepareWorkspace(made.project, made.paths());
  expect(ws.kind).toBe('copy');
  expect(ws.warnings).toEqual([expect.stringContaining('commit once')]);
  expect(existsSync(join(ws.paths.checkout, '.git'))).toBe(false);
  put(join(ws.paths.checkout, 'a.txt'), 'two\n');
  expect(await applyPatch(made.project, (await measure(ws)).patch)).toEqual({ files: 1 });
  const bare = join(made.dir, 'bare.git');
  made.git('init', '-q', '--bare', bare);
  await expect(prepareWorkspace({ ...made.project, path: bare }, made.paths('b'))).rejects.toThrow('no commit yet');
});

test('a sparse checkout stays sparse; what the agent makes outside of it counts', async () => {
  const made = gitProject({ 'in/a.txt': 'one\n', 'out/b.txt': 'two\n', 'out/c.txt': 'three\n' });
  made.git('sparse-checkout', 'set', '--cone', 'in');
  const ws = await prepareWorkspace(made.project, made.paths());
  expect(Object.keys(files(ws.paths.checkout))).toEqual(['in/a.txt']);
  await checkpoint(ws, 'c0', 'start');
  expect((await measure(ws)).stat.files).toBe(0);
  put(join(ws.paths.checkout, 'out/b.txt'), 'changed\n');
  const c1 = await checkpoint(ws, 'c1', 'one');
  expect((await measure(ws)).stat.paths).toEqual([{ status: 'M', path: 'out/b.txt' }]);
  await rollback(ws, 'c0');
  expect((await measure(ws)).stat.files).toBe(0);
  await rollback(ws, 'c1');
  expect((await measure(ws)).tree).toBe(c1.tree);
  expect(readFileSync(join(ws.paths.checkout, 'out/b.txt'), 'utf8')).toBe('changed\n');
});

test('line ends follow the person’s settings and attributes, there and back', async () => {
  const made = gitProject({ 'a.txt': 'one\ntwo\n', '.gitattributes': '*.bat text eol=crlf\n', 'b.bat': 'x\ny\n' });
  made.git('config', 'core.autocrlf', 'true');
  made.git('rm', '-q', '--cached', '-r', '.');
  made.git('reset', '-q', '--hard');
  expect(readFileSync(join(made.path, 'a.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
  const ws = await prepareWorkspace(made.project, made.paths());
  expect(files(ws.paths.checkout)).toEqual(files(made.path));
  await checkpoint(ws, 'c0', 'start');
  put(join(ws.paths.checkout, 'a.txt'), 'one\r\nTWO\r\n');
  put(join(ws.paths.checkout, 'b.bat'), 'x\r\nY\r\n');
  const { patch } = await measure(ws);
  expect(patch).not.toContain('\r');
  expect(await applyPatch(made.project, patch)).toEqual({ files: 2 });
  expect(files(made.path)).toEqual(files(ws.paths.checkout));
  expect(await applyPatch(made.project, patch)).toEqual({ files: 0, already: true });
});

test('submodules are filled from the project’s own clone, or empty with a warning', async () => {
  const lib = gitProject({ 'lib.txt': 'lib\n' });
  const made = gitProject({ 'a.txt': 'one\n' });
  made.git('submodule', '--quiet', 'add', lib.path, 'vendor/lib');
  made.git('commit', '-qm', 'submodule');
  const ws = await prepareWorkspace(made.project, made.paths());
  expect(readFileSync(join(ws.paths.checkout, 'vendor/lib/lib.txt'), 'utf8')).toBe('lib\n');
  expect(ws.warnings).toEqual([expect.stringContaining('vendor/lib holds its files without their repository')]);
  await checkpoint(ws, 'c0', 'start');
  put(join(ws.paths.checkout, 'vendor/lib/lib.txt'), 'changed\n');
  expect((await measure(ws)).stat.files).toBe(0);
  expect(submodulesOf(ws)).toEqual(['vendor/lib']);
  made.git('clone', '-q', '.', '../clone');
  const clone = { ...made.project, path: join(made.dir, 'clone') };
  const empty = await prepareWorkspace(clone, made.paths('empty'));
  expect(empty.warnings).toEqual([expect.stringContaining('vendor/lib is empty')]);
  put(join(empty.paths.checkout, 'vendor/lib/new.txt'), 'x');
  expect((await checkpoint(empty, 'c1', 'one')).warnings).toEqual([expect.stringContaining('is not taken along')]);
});

test('LFS pointers become their contents where these are local, else they stay and a warning says so', async () => {
  const pointer = (oid: string): string => `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 7\n`;
  const [here, gone] = ['a'.repeat(64), 'b'.repeat(64)];
  const made = gitProject({
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n*.enc filter=crypt\n',
    'here.bin': pointer(here),
    'gone.bin': pointer(gone),
    'secret.enc': 'x',
  });
  made.write(`.git/lfs/objects/aa/aa/${here}`, 'content');
  made.git('config', 'filter.lfs.smudge', `touch ${made.dir}/ran`);
  made.git('config', 'filter.lfs.required', 'true');
  const ws = await prepareWorkspace(made.project, made.paths());
  expect(readFileSync(join(ws.paths.checkout, 'here.bin'), 'utf8')).toBe('content');
  expect(readFileSync(join(ws.paths.checkout, 'gone.bin'), 'utf8')).toBe(pointer(gone));
  expect(ws.warnings.join('\n')).toMatch(/1 LFS file.*pointer[^]*filter crypt is not run/);
  expect(existsSync(join(made.dir, 'ran'))).toBe(false);
  await checkpoint(ws, 'c0', 'start');
  expect((await measure(ws)).stat.files).toBe(0);
});

test('listed files are copied; a missing one is a warning; what leads out is refused', async () => {
  const made = gitProject({ '.gitignore': '.env.test\nlocal/\nlink\n', 'a.txt': 'one\n' });
  made.write('.env.test', 'KEY=1\n');
  made.write('local/deep/x', 'x');
  chmodSync(join(made.path, '.env.test'), 0o600);
  const copy = ['.env.test', 'local/', 'missing.env'];
  const ws = await prepareWorkspace({ ...made.project, copy }, made.paths());
  expect(readFileSync(join(ws.paths.checkout, 'local/deep/x'), 'utf8')).toBe('x');
  expect(ws.warnings).toEqual(['copy: missing.env is not in the project']);
  await checkpoint(ws, 'c0', 'start');
  // The agent may drop the ignore rule: the person's file still enters no checkpoint and no patch, and stays.
  writeFileSync(join(ws.paths.checkout, '.gitignore'), '');
  expect((await measure(ws)).patch).not.toContain('KEY=1');
  await rollback(ws, 'c0');
  expect(readFileSync(join(ws.paths.checkout, '.env.test'), 'utf8')).toBe('KEY=1\n');
  put(join(made.dir, 'outside'), 'secret');
  symlinkSync('../outside', join(made.path, 'link'));
  for (const bad of ['../outside', '/etc/passwd', 'link', '.git/config', 'x/../../outside', '.', '.GIT/hooks']) {
    const refused = prepareWorkspace({ ...made.project, copy: [bad] }, made.paths());
    await expect(refused, bad).rejects.toMatchObject({ kind: 'usage' });
  }
});

test('a project without git is copied and measured, rolled back and applied the same', async () => {
  const made = gitProject();
  made.write('a.txt', 'one\n');
  made.write('run.sh', '#!/bin/sh\n');
  chmodSync(join(made.path, 'run.sh'), 0o755);
  symlinkSync('a.txt', join(made.path, 'link'));
  made.write('repo/.git/HEAD', 'ref: refs/heads/main\n');
  made.write('repo/inner.txt', 'inner\n');
  made.write('node_modules/m/index.js', 'x');
  const ws = await prepareWorkspace(made.project, made.paths());
  expect(ws).toMatchObject({ kind: 'copy', warnings: [] });
  expect(files(ws.paths.checkout)).toEqual(picture(made.path, (path) => path === 'repo/.git'));
  await checkpoint(ws, 'c0', 'start');
  put(join(ws.paths.checkout, 'a.txt'), 'two\n');
  put(join(ws.paths.checkout, 'repo/new.txt'), 'new\n');
  put(join(ws.paths.checkout, 'node_modules/m/index.js'), 'y');
  const { patch, stat } = await measure(ws);
  expect(stat.paths).toEqual([
    { status: 'M', path: 'a.txt' },
    { status: 'A', path: 'repo/new.txt' },
  ]);
  expect(await applyPatch(made.project, patch)).toEqual({ files: 2 });
  await rollback(ws, 'c0');
  expect(readFileSync(join(ws.paths.checkout, 'a.txt'), 'utf8')).toBe('one\n');
  expect(readFileSync(join(made.path, 'a.txt'), 'utf8')).toBe('two\n');
  expect(existsSync(join(made.path, '.git'))).toBe(false);
});

test('a home inside its project shows in neither the person’s git status nor a copy', async () => {
  for (const git of [true, false]) {
    const made = gitProject(git ? { 'a.txt': 'one\n' } : undefined);
    const home = join(made.path, 'orchestrator');
    // What `dayshift init` writes.
    if (git) put(join(home, '.gitignore'), '.dayshift/\nagent_workspaces/*\nresults/*\nagent_questions/\n');
    if (git) made.git('add', '-A');
    if (git) made.git('commit', '-qm', 'home');
    put(join(home, 'config/dayshift.yaml'), '');
    if (git) made.git('add', '-A');
    put(join(home, 'results/2026-11-22-report.md'), 'report');
    const root = join(home, 'agent_workspaces/2026-11-23/t');
    const paths = {
      ...made.paths(),
      root,
      checkout: join(root, 'checkout'),
      out: join(root, 'out'),
      cli: join(root, 'cli'),
    };
    paths.store = join(home, '.dayshift/stores/2026-11-23/t');
    const ws = await prepareWorkspace(made.project, paths);
    await checkpoint(ws, 'c0', 'start');
    if (git) expect(made.git('status', '--porcelain')).toBe('A  orchestrator/config/dayshift.yaml\n');
    else expect(Object.keys(files(ws.paths.checkout))).toEqual(['orchestrator/config/dayshift.yaml']);
  }
});
