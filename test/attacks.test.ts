import { chownSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { tryAttacks, type AttackResult } from '../src/doctor/index.ts';
import { attacks } from '../src/sandbox/index.ts';
import { realBubblewrap } from '../src/sandbox/testing.ts';
import { alteredBwrap } from './support/bwrap.ts';
import { makeHome } from './support/home.ts';
import { startPostgres, type Postgres } from './support/postgres.ts';
import { task, tasks } from './support/turns.ts';

const sandbox = await realBubblewrap();
const inside = test.skipIf(sandbox === undefined);
const isRoot = process.getuid?.() === 0;
/** Nobody's, so that no process or file of this machine is its own. */
const USER = 61_666;

let postgres: Postgres | undefined;
beforeAll(async () => {
  postgres = await startPostgres();
  if (postgres !== undefined) return;
  if (process.env.CI === 'true') throw new Error('PostgreSQL is not installed: see .ci/run');
  process.stderr.write('\n!!! NOT TESTED with a real PostgreSQL: none is installed\n\n');
});
afterAll(() => postgres?.stop());

/** Those that were not refused, with why; every attack was tried. */
function notRefused(results: AttackResult[]) {
  expect(results.map(({ id }) => id)).toEqual(attacks.map(({ id }) => id));
  return results
    .filter(({ verdict }) => verdict !== 'refused')
    .map(({ id, verdict, detail }) => ({ id, verdict, detail }));
}

inside('every attack of the list is refused', { timeout: 400_000 }, async () => {
  const results = await tryAttacks({ env: process.env, postgres });
  expect(notRefused(results)).toEqual([]);
  if (postgres !== undefined) expect(await postgres.ask('select 40 + 2')).toBe('42');
});

test.skipIf(sandbox === undefined || !isRoot)(
  'every attack of the list is refused for an ordinary user too (as root, which can become one)',
  { timeout: 400_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'dayshift-user-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    chownSync(home, USER, USER);
    const script = new URL('./support/attack-as-user.ts', import.meta.url).pathname;
    const place = postgres === undefined ? [] : [postgres.folder, String(postgres.port)];
    const as = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];
    const { stdout } = await execa('setpriv', [...as, realpathSync(process.execPath), script, ...place], {
      cwd: '/',
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: home },
    });
    expect(notRefused(JSON.parse(stdout) as AttackResult[])).toEqual([]);
  },
);

/** Python over bwrap's `options`, and attacks that must see it. The ends of `only` bound what is tried. */
const holes: [name: string, change: string, only: string[], open: string[]][] = [
  [
    'a git directory whose parts are writable',
    `drop('--remount-ro', 1, lambda path: '/.git' in path)
for at in range(len(options)):
    if options[at] in ('--ro-bind', '--ro-bind-try') and '/.git' in options[at + 2]: options[at] = '--bind'`,
    ['git/'],
    ['git/commands', 'git/other-index', 'git/nested', 'git/run-by-git', 'git/files', 'git/proc'],
  ],
  [
    'a git directory that is writable as a whole',
    `for git in [options[at + 1] for at, option in enumerate(options) if option == '--tmpfs' and options[at + 1].endswith('/.git')]:
    for name in ('--ro-bind', '--ro-bind-try'): drop(name, 2, lambda source, path: path.startswith(git + '/'))
    drop('--remount-ro', 1, lambda path: path.startswith(git))
    drop('--size', 3, lambda size, option, path: path.startswith(git + '/'))
    at = options.index('--tmpfs', options.index(git) - 1)
    options[at - 2:at + 2] = ['--bind', git, git]`,
    ['git/copy'],
    ['git/copy'],
  ],
  [
    'the network of the host',
    "options.insert(options.index('--unshare-all') + 1, '--share-net')",
    ['reach/ports', 'reach/udp', 'reach/abstract', 'reach/postgres', 'reach/network'],
    ['reach/ports', 'reach/udp', 'reach/abstract', 'reach/network'],
  ],
  [
    'the temporary files of the host',
    `drop('--remount-ro', 1, lambda path: path.startswith('/tmp'))
drop('--size', 3, lambda size, option, path: path.startswith('/tmp/'))
drop('--perms', 5, lambda perms, a, size, b, path: path == '/tmp')
options[options.index('--proc'):options.index('--proc')] = ['--bind', '/tmp', '/tmp']`,
    [
      'reach/docker',
      'reach/ssh-agent',
      'reach/dbus',
      'reach/other-door',
      'reach/databases',
      'read/',
      'escape/settings',
    ],
    [
      'reach/docker',
      'reach/ssh-agent',
      'reach/dbus',
      'reach/other-door',
      'reach/databases',
      'read/neighbour',
      'read/dayshift',
      'read/project',
      'read/home',
      'escape/settings',
    ],
  ],
  [
    'the processes of the host',
    `at = options.index('--unshare-all')
options[at:at + 1] = ['--unshare-user', '--unshare-ipc', '--unshare-net', '--unshare-uts']`,
    ['read/processes', 'outlive/session', 'escape/ptrace'],
    ['read/processes', 'outlive/session'],
  ],
  [
    'no filter of system calls',
    "drop('--seccomp', 1, lambda fd: True)",
    ['escape/k', 'reach/other-sockets', 'escape/capabilities'],
    ['escape/keyrings', 'escape/capabilities'],
  ],
  [
    'user namespaces',
    "drop('--disable-userns', 0, lambda: True)",
    ['escape/user-namespaces'],
    ['escape/user-namespaces'],
  ],
  ['parts of /etc', "options[-2:-2] = ['--ro-bind', '/etc', '/etc']", ['read/etc'], ['read/etc']],
  ['no size of what lies in memory', "drop('--size', 1, lambda size: True)", ['exhaust/scratch'], ['exhaust/scratch']],
  [
    'folders above what is bound that may be moved',
    "drop('--remount-ro', 1, lambda path: path not in ('/', '/dev'))",
    ['git/swap', 'reach/own-door', 'escape/settings'],
    ['git/swap', 'reach/own-door', 'escape/settings'],
  ],
];

for (const [name, change, only, open] of holes) {
  inside(`the list finds ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dayshift-hole-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    // Where the temporary files are seen, this is among them: no attack may break on it.
    const nowhere = `${folder}-link`;
    symlinkSync('/nowhere', nowhere);
    onTestFinished(() => rmSync(nowhere));
    const env = { ...process.env, PATH: `${alteredBwrap(folder, change)}:${process.env.PATH ?? ''}` };
    const results: AttackResult[] = [];
    for (const one of only) results.push(...(await tryAttacks({ env, postgres, only: one })));
    const found = results.filter(({ verdict }) => verdict === 'open').map(({ id }) => id);
    expect(found).toEqual(expect.arrayContaining(open));
  });
}

/** What each limit is for: without it the attack must be found open. */
test.skipIf(sandbox === undefined).each([
  ['exhaust/processes', 'processes'],
  ['exhaust/file', 'fileMb'],
  ['exhaust/disk', 'diskMb'],
  ['exhaust/open-files', 'openFiles'],
  ['exhaust/memory', 'memoryMb'],
])('the list finds that a limit is not kept: %s', async (only, name) => {
  const results = await tryAttacks({ env: process.env, only, change: (limits) => ({ ...limits, [name]: 0 }) });
  expect(results).toMatchObject([{ id: only, verdict: 'open' }]);
});

test.skipIf(sandbox === undefined || !isRoot)(
  'the list finds settings of the kernel that root could write (as root only)',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dayshift-hole-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const change = "drop('--ro-bind', 2, lambda real, to: to.startswith('/proc/'))";
    const env = { ...process.env, PATH: `${alteredBwrap(folder, change)}:${process.env.PATH ?? ''}` };
    const results = await tryAttacks({ env, only: 'escape/proc-sys' });
    expect(results).toMatchObject([{ verdict: 'open', detail: expect.stringContaining('/proc/sys/') as string }]);
  },
);

inside(
  'doctor --safety prints each attack with what came of it, and says with its exit code that one was open',
  async () => {
    const home = await makeHome({ tasks: tasks(task('a')), script: { tasks: [] } });
    home.env.PATH = `${alteredBwrap(join(home.paths.home, '..', 'bin'), "drop('--seccomp', 1, lambda fd: True)")}:${home.env.PATH!}`;
    const { exitCode, stdout } = await home.cli('doctor', '--safety', '--only', 'escape/');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^refused +escape\/ptrace +\S/m);
    expect(stdout).toMatch(/^OPEN +escape\/keyrings .*\n +→ keyring/m);
    expect(stdout).toMatch(/attacks were not refused: .*escape\/keyrings/);
    const tried = attacks.filter(({ id }) => id.startsWith('escape/'));
    expect(stdout.split('\n').filter((line) => /^(refused|OPEN) /.test(line))).toHaveLength(tried.length);
    expect((await home.cli('doctor', '--safety', '--only', 'nothing')).exitCode).toBe(2);
  },
);

test('doctor --safety attacks nothing where the config goes without a sandbox', async () => {
  const home = await makeHome({ tasks: tasks(task('a')), script: { tasks: [] }, config: 'sandbox: { mode: none }\n' });
  const { exitCode, stdout, stderr } = await home.cli('doctor', '--safety', '--json');
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain('all of it is open');
});
