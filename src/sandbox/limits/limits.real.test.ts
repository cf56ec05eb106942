import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { noSandbox } from '../none.ts';
import { runCommand } from '../run-command.ts';
import { startProcess } from '../start.ts';
import { policy, realBubblewrap, until } from '../testing.ts';
import type { ProcessExit, SandboxLimits, SandboxPolicy } from '../types.ts';
import { openGroups, sweepGroups } from './groups.ts';
import { limitMeans, noLimits } from './means.ts';
import { limitedCommand } from './rlimits.ts';

vi.setConfig({ testTimeout: 90_000 });

const means = limitMeans();
const bwrap = await realBubblewrap();
const sandbox = bwrap ?? noSandbox();
const inside = test.skipIf(bwrap === undefined);
const isRoot = process.getuid?.() === 0;
/** Nobody’s: it has no control groups, and no files. */
const USER = 61_667;

const noPause = () => Promise.resolve();

const only = (limits: Partial<SandboxLimits>): SandboxLimits => ({ ...noLimits, ...limits });

test.skipIf(means.memory !== 'groups')('memory beyond the limit is not had, by all processes together', async () => {
  const take = (mb: number) => `/usr/bin/python3 -c 'b = bytearray(${mb} << 20); import time; time.sleep(0.2)'`;
  const three = `${take(90)} & a=$!; ${take(90)} & b=$!; ${take(90)} & c=$!; wait $a && wait $b && wait $c && echo three`;
  const line = `${take(40)} && echo one; ${three}`;
  const limited = policy({ limits: only({ memoryMb: 200 }) });
  const { tail, limits } = await runCommand(sandbox, limited, line, { timeoutMs: 30_000 });
  expect(tail).toMatch(/^one/);
  expect(tail).not.toMatch(/three/);
  expect(limits).toEqual([expect.stringMatching(/more memory than 200 MB\. .*`sandbox\.memory_mb`/)]);
  expect((await runCommand(sandbox, policy(), line, { timeoutMs: 30_000 })).tail).toBe('one\nthree');
});

test.skipIf(means.processes !== 'groups')('more processes than the limit are not had', async () => {
  const line = `/usr/bin/python3 -c '
import os, time
n = 0
try:
    while n < 40:
        if os.fork() == 0: time.sleep(100)
        n += 1
except OSError: pass
print(n, flush=True)'`;
  expect(Number((await runCommand(sandbox, policy(), line)).tail)).toBe(40);
  const limited = policy({ limits: only({ processes: 20 }) });
  const { tail, limits } = await runCommand(sandbox, limited, line);
  const had = Number.parseInt(tail, 10);
  expect(had).toBeGreaterThan(5);
  expect(had).toBeLessThan(20);
  expect(limits).toEqual([expect.stringMatching(/refused a process, having 20\. .*`sandbox\.processes`/)]);
});

test.skipIf(means.processes !== 'groups')('the groups of limits are gone with their processes', async () => {
  const groups = () =>
    readdirSync('/sys/fs/cgroup', { recursive: true }).filter((name) => name.includes('dayshift-limits-test'));
  const limits = only({ memoryMb: 500, processes: 50 });
  const started = startProcess(sandbox, policy({ limits }), ['/bin/cat'], { marker: 'limits-test' });
  expect(groups()).not.toEqual([]);
  await started.kill();
  expect(groups()).toEqual([]);
});

test.skipIf(means.processes !== 'groups')(
  'groups that a killed Dayshift left are swept, those in use are not',
  async () => {
    const limits = only({ memoryMb: 500, processes: 50 });
    const groups = () =>
      readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' }).flatMap(
        (name) => /dayshift-sweep-test-[a-z]+(?=-[0-9a-f]{8}$)/.exec(name) ?? [],
      );
    const started = startProcess(sandbox, policy({ limits }), ['/bin/cat'], { marker: 'sweep-test-used' });
    const child = execa('sleep', ['100'], { reject: false });
    openGroups(child.pid!, limits, 'sweep-test-left', false);
    child.kill('SIGKILL');
    await child;
    const own = new Set(groups());
    expect(own).toEqual(new Set(['dayshift-sweep-test-used', 'dayshift-sweep-test-left']));
    await until(async () => (await sweepGroups(noPause, 'dayshift-sweep-test-')) > 0);
    expect(new Set(groups())).toEqual(new Set(['dayshift-sweep-test-used']));
    await started.kill();
  },
);

const groupTest = test.skipIf(means.processes !== 'groups');

/** A process in groups of its own; they are left behind where nobody removes them. */
function grouped(name: string) {
  const child = execa('sleep', ['100'], { reject: false });
  const groups = openGroups(child.pid!, only({ processes: 50 }), name, false);
  const folders = readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes(`/dayshift-${name}`) && statSync(join('/sys/fs/cgroup', path)).isDirectory())
    .map((path) => join('/sys/fs/cgroup', path));
  const kill = async () => {
    child.kill('SIGKILL');
    await child;
  };
  const end = async () => {
    await kill();
    await until(() => folders.every((folder) => readFileSync(join(folder, 'cgroup.procs'), 'utf8') === ''));
  };
  return { groups, folders, kill, end };
}

groupTest('a group that was made between two looks is not swept', async () => {
  const { folders, end } = grouped(`anew-test-${randomUUID()}`);
  await end();
  expect(folders).not.toEqual([]);
  const anew = () => {
    for (const folder of folders) {
      rmdirSync(folder);
      mkdirSync(folder);
    }
    return Promise.resolve();
  };
  const swept = await sweepGroups(anew, 'dayshift-anew-test');
  const there = folders.map((folder) => existsSync(folder));
  for (const folder of folders.filter((_, index) => there[index])) rmdirSync(folder);
  expect({ swept, there }).toEqual({ swept: 0, there: folders.map(() => true) });
});

groupTest('a start takes over no group of a life before it', async () => {
  const name = `again-test-${randomUUID()}`;
  const before = grouped(name);
  const after = grouped(name);
  // The second saw the first one's too.
  expect(after.folders).toHaveLength(2 * before.folders.length);
  await before.end();
  await before.groups.remove();
  const left = after.folders.filter((folder) => existsSync(folder));
  expect(left).toHaveLength(before.folders.length);
  expect(left).not.toEqual(before.folders);
  await after.kill();
  await after.groups.remove();
  expect(left.filter((folder) => existsSync(folder))).toEqual([]);
});

groupTest('groups that somebody else took away are removed at once', async () => {
  const { groups, folders, end } = grouped(`gone-test-${randomUUID()}`);
  await end();
  for (const folder of folders) rmdirSync(folder);
  const began = performance.now();
  await groups.remove();
  expect(performance.now() - began).toBeLessThan(500);
});

test.skipIf(means.processes !== 'groups')(
  'what starts behind has a small share of the processors until it is to the front',
  async () => {
    const root = '/sys/fs/cgroup';
    const shares = () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => /dayshift-behind-test-\w+\/cpu\.(shares|weight)$/.test(name))
        .map((name) => Number(readFileSync(join(root, name), 'utf8')));
    const limits = only({ processes: 50 });
    const started = startProcess(sandbox, policy({ limits }), ['/bin/cat'], { marker: 'behind-test', behind: true });
    const [before = 0] = shares();
    started.front();
    const [after = 0] = shares();
    await started.kill();
    started.front(); // harmless
    expect(after / before).toBeCloseTo(16, 0);
  },
);

inside('limits of each process hold, cannot be raised inside, and leave no core dumps', async () => {
  const limits = only({ openFiles: 100, fileMb: 3 });
  const line = [
    'ulimit -Hn; ulimit -Sn; ulimit -n 200 || echo kept',
    'head -c 5000000 /dev/zero >/tmp/big; stat -c %s /tmp/big',
    `/usr/bin/python3 -c 'import os; [os.open("/dev/null", 0) for n in range(200)]' 2>&1 | grep -o 'Too many open files'`,
    'grep core /proc/self/limits; sh -c "kill -QUIT \\$\\$"; ls /tmp',
  ].join('\n');
  const { tail } = await runCommand(sandbox, policy({ limits }), line);
  expect(tail.split('\n').filter((text) => !/ulimit:|File size|Quit/.test(text))).toEqual([
    ...['100', '100', 'kept', '3145728', 'Too many open files'],
    expect.stringMatching(/^Max core file size +[01] +[01] +bytes/),
    'big',
  ]);
});

test.each([
  ['prlimit', {}],
  ['a shell, where there is no prlimit', { prlimit: undefined }],
])('%s sets them, and hands arguments on as they are', async (_, program) => {
  const limits = only({ openFiles: 100, fileMb: 3 });
  const args = ['a b', '--', '$x', ''];
  const [file, ...rest] = limitedCommand(
    ['/bin/bash', '-c', 'ulimit -n; ulimit -f; ulimit -c; printf "<%s>" "$@"', 'bash', ...args],
    limits,
    { processes: false, ...program },
  );
  const { stdout } = await execa(file, rest);
  expect(stdout.split('\n')).toEqual(['100', '3072', '0', '<a b><--><$x><>']);
});

/** What came of a line in a sandbox with a folder that it may write, started by a user of this machine. */
async function inFolder(who: 'me' | 'somebody', limits: Partial<SandboxLimits>, line: string) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'dayshift-limits-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  if (who === 'somebody') chownSync(dir, USER, USER);
  const given = policy({ limits: only(limits), writable: [dir], cwd: dir });
  const as = who === 'me' ? [] : ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];
  const [file, ...args] = [...as, realpathSync(process.execPath), '--input-type=module-typescript', '-e'];
  const began = performance.now();
  const { stdout } = await execa(file, [...args, program(given, line)], { cwd: '/', timeout: 80_000 });
  const result = JSON.parse(stdout) as Pick<ProcessExit, 'hits' | 'exitCode'> & { out: string };
  return { ...result, dir, ms: performance.now() - began };
}

function program(given: SandboxPolicy, line: string): string {
  const at = JSON.stringify(new URL('../index.ts', import.meta.url).href);
  return `import { chooseSandbox, startProcess } from ${at};
    const { sandbox } = await chooseSandbox('bubblewrap', process.env) as any;
    const started = startProcess(sandbox, ${JSON.stringify(given)}, ['/bin/bash', '-c', ${JSON.stringify(line)}], { merged: true });
    let out = '';
    for await (const chunk of started.stdout) out = (out + chunk).slice(-2000);
    process.stdout.write(JSON.stringify({ ...await started.exited, out }));`;
}

const usage = (dir: string) =>
  readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).blocks * 512, 0) / 2 ** 20;

for (const who of ['me', 'somebody'] as const) {
  const name = who === 'me' ? 'this user' : 'an ordinary user (as root, which can become one)';
  const run = test.skipIf(bwrap === undefined || (who === 'somebody' && !isRoot));

  run(`a fork bomb of ${name} gets no further than the limit, and is ended`, async () => {
    const { hits, ms } = await inFolder(who, { processes: 80 }, 'bomb() { bomb | bomb & }; bomb; sleep 1000');
    expect(hits).toContainEqual({
      limit: 'processes',
      ended: true,
      words: expect.stringMatching(/It was ended: .*more than 80 processes.*`sandbox\.processes`/) as string,
    });
    expect(ms).toBeLessThan(60_000);
  });

  run(`memory that ${name} takes without end is taken back, and said`, async () => {
    const hog =
      "/usr/bin/python3 -c 'import time\nkept = []\nwhile True: kept.append(bytearray(8 << 20)); time.sleep(0.02)'";
    const { hits, out } = await inFolder(who, { memoryMb: 300 }, `${hog}; echo went on`);
    const ended = who === 'somebody' || means.memory !== 'groups';
    expect(hits).toMatchObject([
      { limit: 'memory', ended, words: expect.stringContaining('sandbox.memory_mb') as string },
    ]);
    // The rest of what it does goes on where the kernel can tell who took it.
    expect(out.includes('went on')).toBe(!ended);
  });

  run(`ten gigabytes into /tmp of ${name} are not had`, async () => {
    const line = 'dd if=/dev/zero of=/tmp/big bs=1M count=10240; stat -c %s /tmp/big';
    const { out, hits } = await inFolder(who, { tmpMb: 40 }, line);
    expect(out).toMatch(/No space left on device[\s\S]*\n41943040\n$/);
    expect(hits).toEqual([]);
  });

  run(`ten gigabytes as one file of ${name} are not had`, async () => {
    const { dir, out } = await inFolder(who, { fileMb: 50 }, 'dd if=/dev/zero of=big bs=1M count=10240; echo went on');
    expect(usage(dir)).toBeLessThan(51);
    expect(out).toContain('went on');
  });

  run(`ten gigabytes in many files of ${name} are ended long before`, async () => {
    const line = 'for n in {1..10240}; do head -c 1048576 /dev/zero >$n; done; sleep 1000';
    const { dir, hits, ms } = await inFolder(who, { diskMb: 150, fileMb: 50 }, line);
    expect(hits).toMatchObject([
      {
        limit: 'disk',
        ended: true,
        words: expect.stringMatching(/files take \d+ MB.*`sandbox\.disk_mb` allows 150/) as string,
      },
    ]);
    expect(usage(dir)).toBeLessThan(5000);
    expect(ms).toBeLessThan(40_000);
  });
}

inside('who comes to tidy up a folder that is over the limit already is left to it', async () => {
  const line = 'head -c 100000000 /dev/zero >big; sleep 2.5; rm big; echo tidy';
  const dir = mkdtempSync(join(tmpdir(), 'dayshift-limits-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const given = (diskMb: number) =>
    policy({ limits: only({ diskMb }), writable: [realpathSync(dir)], cwd: realpathSync(dir) });
  await runCommand(sandbox, given(0), 'head -c 200000000 /dev/zero >old');
  const { tail } = await runCommand(sandbox, given(50), 'sleep 2.5; rm old; echo tidy');
  expect(tail).toBe('tidy');
  expect((await runCommand(sandbox, given(50), line)).tail).toContain('sandbox.disk_mb');
});
