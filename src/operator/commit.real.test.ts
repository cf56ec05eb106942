import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { files, picture, put } from '../../test/support/git-project.ts';
import { by } from '../../test/support/open-work-home.ts';
import { workHome, type WorkHome } from '../../test/support/work-home.ts';
import { DAY } from '../journal/spec.testing.ts';

const lines = (...changed: [at: number, text: string][]) => {
  const all = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  for (const [at, text] of changed) all[at] = text;
  return `${all.join('\n')}\n`;
};
const start = { 'a.txt': lines(), 'b.txt': 'b\n', 'mine.txt': 'm\n', 'old/c.txt': 'c\n' };
const agent = (checkout: string) => {
  put(join(checkout, 'a.txt'), lines([10, 'the agent’s']));
  put(join(checkout, 'new/n.txt'), 'n\n');
  rmSync(join(checkout, 'old/c.txt'));
};

async function oneDone(edit = agent): Promise<WorkHome> {
  const home = workHome(start);
  await home.done([{ id: 'a', edit, more: { name: 'Paginate the list' } }]);
  return home;
}

const commit = (home: WorkHome, input: object = {}) =>
  home.call((operator) => operator.commit({ task: 'a', ...input }, by));
const branch = (home: WorkHome, input: object = {}) =>
  home.call((operator) => operator.branch({ task: 'a', ...input }, by));
/** What HEAD, the index and the files are: nothing of it may change where a gesture is refused. */
const whole = (home: WorkHome) => [
  picture(join(home.path, '.git'), (path) => path.startsWith('objects')),
  files(home.path),
];

test('a commit has the work and nothing else, by the person; what they changed and staged stays theirs', async () => {
  const home = await oneDone();
  // Staged in one file, changed in another, changed in a file of the work, and a new one.
  home.write('mine.txt', 'staged\n');
  home.git('add', 'mine.txt');
  home.write('mine.txt', 'staged, and changed again\n');
  home.write('b.txt', 'changed\n');
  home.write('a.txt', lines([1, 'mine']));
  home.write('untracked.txt', 'u\n');
  const { ok, message } = await commit(home);
  expect({ ok, message }).toEqual({ ok: true, message: expect.stringContaining('Committed a to main') as string });
  expect(home.git('show', '--format=%an <%ae>|%cn%n%B', '--name-status', 'HEAD')).toBe(
    `Pia Person <pia@example.com>|Pia Person\nPaginate the list\n\nPassed before it was committed:\n- npm test\n\nDayshift-Task: ${DAY}/a\n\n\nM\ta.txt\nA\tnew/n.txt\nD\told/c.txt\n`,
  );
  expect(home.git('show', 'HEAD:a.txt')).toBe(lines([10, 'the agent’s']));
  expect(home.git('status', '--porcelain')).toBe(' M a.txt\n M b.txt\nMM mine.txt\n?? untracked.txt\n');
  expect(readFileSync(join(home.path, 'a.txt'), 'utf8')).toBe(lines([1, 'mine'], [10, 'the agent’s']));
  expect(home.git('show', ':mine.txt')).toBe('staged\n');
  expect(home.git('reflog', '-1', '--date=iso')).toContain('commit: by dayshift');
  expect(home.git('reflog', '-1', '--date=iso')).toContain('2026-11-23');
  expect(home.git('fsck', '--strict')).not.toMatch(/error|missing/);

  // Once is enough.
  const head = home.git('rev-parse', 'HEAD');
  expect((await commit(home)).message).toContain('is committed already');
  expect(home.git('rev-parse', 'HEAD')).toBe(head);
  expect(await home.events('commit.intended', 'commit.made')).toHaveLength(2);
});

test('work that was applied, staged or changed by the person before becomes the commit as it was left', async () => {
  const home = await oneDone();
  await home.call((operator) => operator.apply({ task: 'a' }, by));
  home.git('add', '-A');
  home.write('a.txt', lines([10, 'the agent’s, mended by me']));
  const { ok, message } = await commit(home, { message: 'In my words\n\nFixes #3' });
  expect({ ok, message }).toMatchObject({ ok: true });
  expect(message).toContain('Your own changes of these files stay in your checkout');
  expect(home.git('log', '-1', '--format=%B')).toBe(`In my words\n\nFixes #3\n\nDayshift-Task: ${DAY}/a\n\n`);
  expect(home.git('show', 'HEAD:a.txt')).toBe(lines([10, 'the agent’s']));
  expect(home.git('status', '--porcelain')).toBe(' M a.txt\n');
});

test('a branch is made beside the checkout, which stays as it was to the last byte of its index', async () => {
  const home = await oneDone();
  home.write('a.txt', 'quite mine\n');
  home.write('mine.txt', 'staged\n');
  home.git('add', 'mine.txt');
  appendFileSync(join(home.path, '.git/info/exclude'), '');
  const before = [readFileSync(join(home.path, '.git/index')), files(home.path), home.git('rev-parse', 'HEAD')];
  const outcome = await branch(home);
  expect(outcome).toMatchObject({ ok: true, data: { branch: `dayshift/${DAY}/a` } });
  expect([readFileSync(join(home.path, '.git/index')), files(home.path), home.git('rev-parse', 'HEAD')]).toEqual(
    before,
  );
  expect(home.git('diff', '--name-status', 'main', `dayshift/${DAY}/a`)).toBe('M\ta.txt\nA\tnew/n.txt\nD\told/c.txt\n');
  expect(await branch(home)).toMatchObject({ ok: true, message: expect.stringContaining('already') as string });
  // Another name is another branch; one that somebody has is left alone.
  expect(await branch(home, { name: 'feature/x' })).toMatchObject({ ok: true });
  const taken = await branch(home, { name: 'main' });
  expect(taken).toMatchObject({
    ok: false,
    message: expect.stringMatching(/there is a branch main.*dayshift branch a NAME/s) as string,
  });
  for (const name of ['dayshift', '-x', 'a..b', 'x.lock']) expect((await branch(home, { name })).ok, name).toBe(false);
});

test('what stands in the way is said with what to do, and nothing is changed', async () => {
  const home = await oneDone();
  const refused = async (words: RegExp, input: object = {}) => {
    const before = whole(home);
    expect(await commit(home, input)).toMatchObject({ ok: false, message: expect.stringMatching(words) as string });
    expect(whole(home)).toEqual(before);
  };
  home.write('a.txt', lines([10, 'mine']));
  await refused(/does not fit into app as it is now.*git stash/s);
  home.git('commit', '-qam', 'mine');
  await refused(/does not fit onto [0-9a-f]{10} of app.*a\.txt.*dayshift branch/s);
  expect((await branch(home)).ok).toBe(true);
  home.git('reset', '-q', '--hard', 'HEAD~');
  home.write('a.txt', lines([1, 'mine']));
  home.git('add', 'a.txt');
  await refused(/you have staged changes of your own.*a\.txt.*git restore --staged/s);
  home.git('reset', '-q', '--hard');
  home.git('checkout', '-q', '--detach');
  await refused(/HEAD is detached.*git switch/s);
  home.git('checkout', '-q', 'main');
  writeFileSync(join(home.path, '.git/MERGE_HEAD'), home.git('rev-parse', 'HEAD'));
  await refused(/a merge is not finished/);
  rmSync(join(home.path, '.git/MERGE_HEAD'));
  writeFileSync(join(home.path, '.git/index.lock'), '');
  const locked = await commit(home);
  expect(locked).toMatchObject({
    ok: false,
    message: expect.stringMatching(/index\.lock.*The work is in your checkout, unstaged/s) as string,
  });
  rmSync(join(home.path, '.git/index.lock'));
  home.git('config', 'user.name', '');
  await refused(/git does not know who you are.*git config --global user\.name/s);
  home.git('config', 'user.name', 'Pia');
  rmSync(join(home.path, '.git'), { recursive: true });
  expect(await commit(home)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/is not in a git repository.*git init/s) as string,
  });
});

test('a bare repository gets a branch, and is told that it can have no commit', async () => {
  const home = await oneDone();
  home.git('clone', '-q', '--bare', '.', join(home.dir, 'bare.git'));
  rmSync(home.path, { recursive: true });
  symlinkSync('bare.git', home.path);
  await execa('git', ['config', 'user.email', 'p@example.com'], { cwd: home.path });
  await execa('git', ['config', 'user.name', 'P'], { cwd: home.path });
  expect(await commit(home)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/bare.*dayshift branch/s) as string,
  });
  expect(await branch(home)).toMatchObject({ ok: true });
});

test('what a task needs is committed before it, one commit each, in order', async () => {
  const home = workHome(start);
  const first = (checkout: string) => put(join(checkout, 'p.txt'), 'one\n');
  const second = (checkout: string) => put(join(checkout, 'p.txt'), 'one\ntwo\n');
  const third = (checkout: string) => put(join(checkout, 'q.txt'), 'q\n');
  await home.done([
    { id: 'first', edit: first },
    { id: 'second', edit: second, more: { needs: ['first'] } },
    { id: 'leak', edit: third, secrets: '$TOKEN' },
  ]);
  const of = (call: 'commit' | 'branch' | 'pr', input: { task: string; withNeeds?: boolean; force?: boolean }) =>
    home.call((operator) => operator[call](input, by));
  expect((await of('commit', { task: 'second' })).message).toContain('dayshift commit first');
  expect((await of('branch', { task: 'second' })).message).toContain('--with-needs');
  expect(await of('branch', { task: 'second', withNeeds: true })).toMatchObject({ ok: true });
  expect(home.git('log', '--format=%s', `main..dayshift/${DAY}/second`)).toBe('Task second\nTask first\n');
  expect(await of('commit', { task: 'second', withNeeds: true })).toMatchObject({ ok: true });
  expect(home.git('log', '-2', '--format=%s', 'main')).toBe('Task second\nTask first\n');
  expect(home.git('status', '--porcelain')).toBe('');
  // A secret: by force into one's own repository, never to a server.
  expect((await of('commit', { task: 'leak' })).message).toMatch(/not committed.*the value of \$TOKEN.*--force/s);
  expect((await of('pr', { task: 'leak', force: true })).message).toContain('not pushed');
  expect(home.git('branch', '--list', `dayshift/${DAY}/leak`)).toBe('');
  expect(await of('commit', { task: 'leak', force: true })).toMatchObject({ ok: true });
});

test('nothing that the agent wrote runs, and no hook of the person’s: what did not run is said', async () => {
  const home = workHome({ ...start, '.husky/pre-commit': '#!/bin/sh\nexit 0\n' });
  chmodSync(join(home.path, '.husky/pre-commit'), 0o755);
  home.git('add', '-A');
  home.git('commit', '-qm', 'hook', '--allow-empty');
  home.git('config', 'core.hooksPath', join(home.path, '.husky'));
  home.git('config', 'filter.evil.clean', `touch ${home.dir}/ran-filter; cat`);
  home.git('config', 'filter.evil.smudge', `touch ${home.dir}/ran-filter; cat`);
  home.git('config', 'diff.evil.textconv', `touch ${home.dir}/ran-textconv; cat`);
  home.git('config', 'core.fsmonitor', `touch ${home.dir}/ran-fsmonitor`);
  const hook = `#!/bin/sh\ntouch ${home.dir}/ran-hook\n`;
  const hooks = [
    'pre-commit',
    'commit-msg',
    'post-commit',
    'reference-transaction',
    'post-index-change',
    'post-checkout',
  ];
  await home.done([
    {
      id: 'a',
      edit(checkout) {
        for (const name of hooks) {
          put(join(checkout, '.husky', name), hook);
          chmodSync(join(checkout, '.husky', name), 0o755);
        }
        put(join(checkout, '.gitattributes'), '* filter=evil diff=evil\n');
        put(join(checkout, 'x.txt'), 'x\n');
      },
    },
  ]);
  expect(await branch(home)).toMatchObject({ ok: true });
  const { ok, message } = await commit(home);
  expect(ok, message).toBe(true);
  expect(message).toMatch(/Your pre-commit, commit-msg did not run.*git commit --amend/);
  for (const name of ['hook', 'filter', 'textconv', 'fsmonitor'])
    expect(existsSync(join(home.dir, `ran-${name}`)), name).toBe(false);
});

const die = new URL('../../test/support/commit-and-die.ts', import.meta.url).pathname;

test.each(['after:commit.intended', 'after:index', 'after:ref'])(
  'a commit that is killed %s is there once and whole after the next try',
  async (point) => {
    const home = await oneDone();
    home.write('mine.txt', 'staged\n');
    home.git('add', 'mine.txt');
    for (const call of ['commit', 'branch'] as const) {
      const killed = await execa(process.execPath, [die, home.homeDir, call, 'a', point], { reject: false });
      expect(killed.signal, killed.stderr).toBe('SIGKILL');
      if (point === 'after:ref') {
        // Whoever looks at the work next finds out that it was made.
        await home.call((operator) => operator.survival({}, by));
        expect((await home.events('commit.made')).at(-1)?.data.to).toBe(call);
      }
      expect((await home.call((operator) => operator[call]({ task: 'a' }, by))).ok).toBe(true);
    }
    expect(home.git('log', '--format=%s', 'main')).toBe('Paginate the list\nstart\n');
    expect(home.git('log', '--format=%s', `dayshift/${DAY}/a`)).toBe('Paginate the list\nstart\n');
    expect(home.git('status', '--porcelain')).toBe('M  mine.txt\n');
    expect(await home.events('commit.made')).toHaveLength(2);
  },
);

test('a linked worktree of the person’s is committed in as any other', async () => {
  const home = await oneDone();
  const linked = join(home.dir, 'linked');
  home.git('worktree', 'add', '-q', '-b', 'side', linked);
  mkdirSync(join(home.dir, 'was'));
  writeFileSync(
    join(home.homeDir, 'config/dayshift.yaml'),
    'timezone: UTC\nprojects: [{ name: app, path: ../linked }]\n',
  );
  expect((await commit(home)).message).toContain('Committed a to side');
  expect(home.git('-C', linked, 'status', '--porcelain')).toBe('');
  expect(home.git('log', '-1', '--format=%s', 'side')).toBe('Paginate the list\n');
  expect(home.git('status', '--porcelain')).toBe('');
});

/** A `gh` that writes down what it is asked and answers as told. */
function ghIn(home: WorkHome, answer: string): () => string {
  const bin = join(home.dir, 'bin');
  put(
    join(bin, 'gh'),
    `#!/bin/sh\necho "$@" >> ${home.dir}/gh.log\n[ "$2" = create ] && cat >> ${home.dir}/gh.log\n${answer}\n`,
  );
  chmodSync(join(bin, 'gh'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env.PATH ?? ''}`);
  vi.stubEnv('DISCORD_TOKEN', 'secret');
  return () => readFileSync(join(home.dir, 'gh.log'), 'utf8');
}

test('a pull request is the branch, pushed, and opened by gh; without gh the branch is there and the way on is said', async () => {
  const home = await oneDone();
  const pr = (input: object = {}) => home.call((operator) => operator.pr({ task: 'a', ...input }, by));
  onTestFinished(() => void vi.unstubAllEnvs());
  const name = `dayshift/${DAY}/a`;
  expect(await pr()).toMatchObject({
    ok: false,
    message: expect.stringContaining('git remote add origin URL') as string,
  });
  home.git('init', '-q', '--bare', join(home.dir, 'server.git'));
  home.git('remote', 'add', 'origin', join(home.dir, 'server.git'));
  home.git('push', '-q', '-u', 'origin', 'main');
  const hook = join(home.path, '.git/hooks/pre-push');
  put(hook, `#!/bin/sh\ntouch ${home.dir}/ran-hook\nexit 1\n`);
  chmodSync(hook, 0o755);
  const pushed = () => home.git('ls-remote', 'origin', `refs/heads/${name}`);

  vi.stubEnv('PATH', onlyGit(home));
  const missing = await pr();
  expect(missing.message).toMatch(
    new RegExp(
      `gh is not installed.*The branch ${name} is there.*git push -u origin ${name}\n  gh pr create --head ${name}$`,
      's',
    ),
  );
  const log = ghIn(home, '[ "$1 $2" = "auth status" ] && exit 1; exit 0');
  expect((await pr()).message).toMatch(/gh is not logged in.*gh auth login/s);
  expect(pushed()).toBe('');

  ghIn(home, '[ "$2" = create ] && env >> $0.env && echo https://git.example.com/o/r/pull/7; exit 0');
  expect(await pr({ draft: true })).toMatchObject({ ok: true, data: { url: 'https://git.example.com/o/r/pull/7' } });
  expect(pushed()).toContain(home.git('rev-parse', name).trim());
  expect(log()).toContain(
    `pr create --head ${name} --title Paginate the list --body-file - --base main --draft\nPassed before`,
  );
  expect(readFileSync(join(home.dir, 'bin/gh.env'), 'utf8')).not.toContain('DISCORD');
  expect(existsSync(join(home.dir, 'ran-hook'))).toBe(false);
  // A second time it is known; killed before that was written down, gh says so itself.
  expect((await pr()).message).toContain('is open already: https://git.example.com/o/r/pull/7');
  expect(log().match(/pr create/g)).toHaveLength(1);
  expect(await home.events('pull_request.opened')).toHaveLength(1);
});

test('a pull request that was opened as Dayshift was killed is found again, not opened twice', async () => {
  const home = await oneDone();
  onTestFinished(() => void vi.unstubAllEnvs());
  home.git('init', '-q', '--bare', join(home.dir, 'server.git'));
  home.git('remote', 'add', 'origin', join(home.dir, 'server.git'));
  const answer = `[ "$2" = create ] || exit 0
if [ -e ${home.dir}/open ]; then echo 'a pull request for branch "x" already exists:' >&2; echo https://git.example.com/o/r/pull/7 >&2; exit 1; fi
touch ${home.dir}/open; echo https://git.example.com/o/r/pull/7`;
  ghIn(home, answer);
  const killed = await execa(process.execPath, [die, home.homeDir, 'pr', 'a', 'after:gh'], { reject: false });
  expect(killed.signal, killed.stderr).toBe('SIGKILL');
  const again = await home.call((operator) => operator.pr({ task: 'a' }, by));
  expect(again).toMatchObject({ ok: true, data: { url: 'https://git.example.com/o/r/pull/7' } });
  expect(await home.events('pull_request.opened')).toHaveLength(1);
});

/** A PATH with git and a shell's basics, and no gh. */
function onlyGit(home: WorkHome): string {
  const bin = join(home.dir, 'only');
  mkdirSync(bin);
  for (const name of ['git', 'sh', 'cat', 'touch', 'env', 'true']) {
    const found = execaSync('which', [name]).stdout;
    symlinkSync(found, join(bin, name));
  }
  return bin;
}

const everyKind = (checkout: string) => {
  put(join(checkout, 'app/a.txt'), lines([10, 'the agent’s']));
  put(join(checkout, 'app/moved/c.txt'), lines([3, 'moved']));
  rmSync(join(checkout, 'app/c.txt'));
  rmSync(join(checkout, 'app/d.txt'));
  put(join(checkout, 'app/d.txt/in.txt'), 'a folder in its place\n');
  chmodSync(join(checkout, 'app/run.sh'), 0o755);
  put(join(checkout, 'app/b.bin'), Buffer.from([0, 1, 2, 255, 0]));
  put(join(checkout, 'app/wörter “x”.txt'), 'ü\r\n');
  put(join(checkout, 'app/empty'), '');
  symlinkSync('a.txt', join(checkout, 'app/link'));
};

test.each([
  ['sha1, in a folder of the repository', [], 'app'],
  ['sha256', ['--object-format=sha256'], ''],
])('every kind of change arrives in a commit and in a branch as it is: %s', async (_kind, init, folder) => {
  const home = workHome(
    { 'app/a.txt': lines(), 'app/c.txt': lines(), 'app/d.txt': 'd\n', 'app/run.sh': 'x\n', 'top.txt': 't\n' },
    { init, folder },
  );
  await home.done([{ id: 'a', edit: everyKind }]);
  const made = await branch(home);
  expect(made.ok, made.message).toBe(true);
  const { ok, message } = await commit(home);
  expect(ok, message).toBe(true);
  expect(home.git('status', '--porcelain')).toBe('');
  expect(home.git('diff', 'main', `dayshift/${DAY}/a`)).toBe('');
  expect(files(home.path)).toEqual(files(home.paths('a', DAY).checkout));
  expect(home.git('fsck', '--strict')).not.toMatch(/error|missing/);
});
