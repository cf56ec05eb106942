import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { launch, type Launch } from './launch.ts';

const env = { PATH: process.env.PATH ?? '' };
const sh = (line: string, more: Partial<Launch> = {}) =>
  launch({ file: '/bin/sh', args: ['-c', line], cwd: tmpdir(), env, timeoutMs: 60_000, ...more });

test('a program has its input, folder and environment, and what came of it is told', async () => {
  const line = 'cat; echo; pwd; echo "$ONE"; echo wrong >&2; exit 3';
  const result = await sh(line, { cwd: '/usr', env: { ...env, ONE: 'a\nb' }, input: Buffer.from([104, 0, 105]) });
  expect({ ...result, stdout: result.stdout.toString(), stderr: result.stderr.toString() }).toEqual({
    exitCode: 3,
    stdout: 'h\0i\n/usr\na\nb\n',
    stderr: 'wrong\n',
    timedOut: false,
    tooMuch: false,
  });
});

test('without input there is none, and what is not read of it is no error', async () => {
  expect((await sh('wc -c')).stdout.toString().trim()).toBe('0');
  expect((await sh('exit 0', { input: Buffer.alloc(5_000_000) })).exitCode).toBe(0);
});

test('a program is in a group of its own, which ctrl-C at our terminal does not reach', async () => {
  const [own, group] = (await sh('echo $$; ps -o pgid= -p $$')).stdout.toString().trim().split(/\s+/);
  expect(group).toBe(own);
});

test('large outputs come whole, of many at once', async () => {
  const each = await Promise.all(
    [...Array(20).keys()].map((n) => sh(`head -c 3000000 /dev/zero | tr '\\0' ${n % 10}`)),
  );
  for (const [n, { stdout }] of each.entries()) {
    expect(stdout).toHaveLength(3_000_000);
    expect(stdout.every((byte) => byte === 48 + (n % 10))).toBe(true);
  }
});

test('what cannot be started says why', async () => {
  const missing = await launch({ file: 'no-such-program', args: [], cwd: '/', env, timeoutMs: 1000 });
  expect(missing).toMatchObject({ exitCode: null, problem: { code: 'ENOENT' } });
  expect((await sh('true', { cwd: '/no/such/folder' })).problem?.code).toBe('ENOENT');
  const long = await launch({ file: '/bin/true', args: ['x'.repeat(200_000)], cwd: '/', env, timeoutMs: 1000 });
  expect(long.problem).toMatchObject({ code: 'E2BIG' });
  expect((await sh('echo still there')).stdout.toString()).toBe('still there\n');
});

test('whoever takes too long or prints too much is ended, and may tidy up', async () => {
  const slow = await sh('trap "echo tidied; exit 9" TERM; while :; do sleep 0.01; done', { timeoutMs: 200 });
  expect(slow).toMatchObject({ timedOut: true, exitCode: 9, stdout: Buffer.from('tidied\n') });
  const loud = await sh('while :; do echo line; done', { mostBytes: 10_000 });
  expect(loud).toMatchObject({ tooMuch: true, exitCode: null });
  expect(loud.stdout.length).toBeLessThanOrEqual(10_000);
});

test('a priority is the program’s', async () => {
  const own = Number((await sh('nice')).stdout.toString());
  // It is set a moment after the start.
  const later = 'until [ "$(nice)" != "$0" ]; do :; done; nice';
  const result = await launch({
    file: '/bin/bash',
    args: ['-c', later, String(own)],
    cwd: '/',
    env,
    timeoutMs: 20_000,
    niceness: own + 7,
  });
  expect(Number(result.stdout.toString())).toBe(Math.min(19, own + 7));
});

test('where the scheduler groups processes by their sessions, the session of one that is to be nice is nice', async () => {
  // It is set a moment after the start. Who is not root of the machine may set one in a tenth of a second, whoever else does: then the next.
  const look =
    'for n in {1..300}; do read -r group < /proc/$$/autogroup; [[ $group == *"nice 7" ]] && break; done; echo "$group"';
  let group = '';
  for (let tries = 0; mayGroup() && tries < 50 && !group.endsWith('nice 7\n'); tries += 1) {
    const launched = { file: '/bin/bash', args: ['-c', look], cwd: '/', env, timeoutMs: 60_000, niceness: 7 };
    group = (await launch(launched)).stdout.toString();
  }
  if (mayGroup()) expect(group).toMatch(/nice 7\n$/);
});

/** Whether sessions are groups here, and may be made nice: not so in some containers. */
function mayGroup(): boolean {
  try {
    const [, nice] = /nice (-?\d+)\n$/.exec(readFileSync('/proc/self/autogroup', 'utf8')) ?? [];
    accessSync('/proc/self/autogroup', constants.W_OK);
    return nice !== undefined;
  } catch {
    return false;
  }
}

test('a process ends when it waits for no program any more, and not before', () => {
  const at = JSON.stringify(new URL('./launch.ts', import.meta.url).href);
  const program = `import { launch } from ${at};
    const run = (line) => launch({ file: '/bin/bash', args: ['-c', line], cwd: '/', env: {}, timeoutMs: 60000 });
    await run('true');
    void run('sleep 0.3; echo one').then(({ stdout }) => console.log(stdout.toString().trim()));`;
  const out = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', program], { timeout: 30_000 });
  expect(out.toString()).toBe('one\n');
});
