import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { noSandbox } from './none.ts';
import { allProcesses, environmentOf, isAlive, pidsWithEnvironment, startTimeOf } from './processes.ts';
import { startProcess } from './start.ts';
import { folder, policy, realBubblewrap, until } from './testing.ts';
import { killLeftover } from './tree.ts';
import type { Sandbox } from './types.ts';

vi.setConfig({ testTimeout: 60_000 });

const bwrap = await realBubblewrap();

/** Ways in which a process gets away from its parent, each leaving a sleep with `word` in its command line. */
const escapes = {
  background: (word: string) => `sleep 1000.${word} &`,
  setsid: (word: string) => `setsid sleep 1000.${word} &`,
  nohup: (word: string) => `nohup sleep 1000.${word} >/dev/null 2>&1 &`,
  'a double fork': (word: string) => `( ( setsid sleep 1000.${word} & ) & )`,
  'ignored signals': (word: string) => `trap "" TERM HUP INT; (setsid sleep 1000.${word} </dev/null >/dev/null 2>&1 &)`,
};

/** A word that shows in a command line, made of digits so that sleep takes it for a time. */
const newWord = () => BigInt(`0x${randomUUID().replaceAll('-', '')}`).toString();

async function having(word: string): Promise<number[]> {
  const { stdout } = await execa('ps', ['-axww', '-o', 'pid=,stat=,args=']);
  const lines = stdout.split('\n').filter((line) => line.includes(word) && !/^\s*\d+\s+Z/.test(line));
  return lines.map((line) => Number.parseInt(line, 10));
}

const kinds: [string, Sandbox | undefined][] = [
  ['bubblewrap', bwrap],
  ['none', noSandbox()],
];

describe.each(kinds)('%s', (_, given) => {
  const here = test.skipIf(given === undefined);
  const sandbox = given!;
  const bash = (line: string, options?: Parameters<typeof startProcess>[3]) => {
    const started = startProcess(sandbox, policy(), ['/bin/bash', '--norc', '-c', line], options);
    onTestFinished(() => void started.kill());
    return started;
  };

  here.each(Object.entries(escapes))('%s: nothing is left after the end', async (_name, escape) => {
    const word = newWord();
    // Not before it is what it will be: a process that is just being made is not what this is about.
    const there = `until pgrep -f '^sleep 1000.${word}' >/dev/null; do :; done`;
    const started = bash(`${escape(word)}\n${there}\nexit 3`);
    expect(await started.exited).toEqual({ exitCode: 3, signal: null, timedOut: false, hits: [] });
    expect(await having(word)).toEqual([]);
  });

  here.each(Object.entries(escapes))('%s: nothing is left after a kill', async (_name, escape) => {
    const word = newWord();
    const started = bash(`${escape(word)}\necho ready; sleep 1000`);
    await new Promise((resolve) => started.stdout.once('data', resolve));
    await until(async () => (await having(word)).length > 0);
    expect(await started.kill()).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
    expect(await having(word)).toEqual([]);
    expect(isAlive(started)).toBe(false);
    expect(await started.kill()).toEqual(await started.exited);
  });

  here('a time limit ends it with all that it started, and says so', async () => {
    const word = newWord();
    const started = bash(`${escapes.setsid(word)} sleep 1000`, { timeoutMs: 200 });
    expect((await started.exited).timedOut).toBe(true);
    expect(await having(word)).toEqual([]);
  });

  here('told to end, the command ends as it likes; where it does not, all of it is ended', async () => {
    const word = newWord();
    const line = (trap: string) =>
      `trap '${trap}' TERM; ${escapes.setsid(word)} echo ready; while :; do sleep 0.02; done`;
    const willing = bash(line('exit 7'));
    await new Promise((resolve) => willing.stdout.once('data', resolve));
    expect(await willing.end(60_000)).toMatchObject({ exitCode: 7 });
    const deaf = bash(line(''));
    await new Promise((resolve) => deaf.stdout.once('data', resolve));
    expect(await deaf.end(50)).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(await deaf.end(50)).toEqual(await deaf.exited);
    expect(await having(word)).toEqual([]);
  });

  here('a kill at the very start leaves nothing', async () => {
    for (let round = 0; round < 10; round++) {
      const word = newWord();
      const started = bash(`${escapes.setsid(word)} sleep 1000`);
      if (round % 2 === 1) await new Promise((resolve) => setTimeout(resolve, round));
      await started.kill();
      expect(await having(word)).toEqual([]);
    }
  });

  here('outputs and input are its own, and read to their end', async () => {
    const started = bash('cat; echo wrong >&2');
    started.stdin.end('hello');
    const [out, err] = await Promise.all([started.stdout.toArray(), started.stderr.toArray()]);
    expect([Buffer.concat(out).toString(), Buffer.concat(err).toString()]).toEqual(['hello', 'wrong\n']);
  });

  here('it is out of reach of a signal to the daemon’s process group', async () => {
    const started = bash('echo ready; read -r line');
    await new Promise((resolve) => started.stdout.once('data', resolve));
    const row = (await allProcesses()).find(({ pid }) => pid === started.pid);
    expect(row?.group).toBe(started.pid);
    started.stdin.end('\n');
    await started.exited;
  });

  here('CPU time counts children, those that ended too', async () => {
    const started = bash('(while [ $((++n)) -lt 300000 ]; do :; done); echo done; read -r line; echo more');
    await new Promise((resolve) => started.stdout.once('data', resolve));
    const used = await started.cpuMs();
    expect(used).toBeGreaterThan(50);
    await started.kill();
    expect(await started.cpuMs()).toBeGreaterThanOrEqual(used!);
  });

  here('twenty at once end each with its own code', async () => {
    const all = Array.from({ length: 20 }, (_item, code) => bash(`(setsid sleep 1000 &); exit ${code}`).exited);
    expect((await Promise.all(all)).map(({ exitCode }) => exitCode)).toEqual(all.map((_item, code) => code));
  });

  here('a program that is not there is an end, not a crash', async () => {
    // Where it can be seen at once it is thrown, else it is the exit of the sandbox, or of the process before it turned.
    const result = await Promise.resolve()
      .then(() => startProcess(sandbox, policy(), ['/no/such/program']).exited)
      .catch((error: unknown) => (error as Error).message);
    expect(typeof result === 'string' ? result : result.exitCode).toBeOneOf([
      1,
      127,
      '/no/such/program could not be started.',
    ]);
  });
});

describe('after a kill -9 of the daemon', () => {
  /** A daemon that starts `line` in a sandbox, says the process's name and waits. */
  async function daemon(kind: 'bubblewrap' | 'none', line: string, marker: string, guarded = true) {
    const at = JSON.stringify(new URL('./index.ts', import.meta.url).href);
    const program = `import { chooseSandbox, startProcess } from ${at};
      const chosen = await chooseSandbox('${kind}', process.env);
      if ('problem' in chosen) throw chosen.problem;
      const command = ['/bin/bash', '--norc', '-c', ${JSON.stringify(line)}] as [string, ...string[]];
      const started = startProcess(chosen.sandbox, ${JSON.stringify(policy())}, command, { marker: '${marker}' });
      if (!${guarded}) (await import('node:child_process')).execFileSync('pkill', ['-9', '-P', String(process.pid), '-x', 'sh']);
      process.stdout.write(JSON.stringify({ pid: started.pid, startTime: started.startTime }) + '\\n');
      started.stdout.pipe(process.stdout);
      setInterval(() => undefined, 1000);`;
    const child = execa(process.execPath, ['--input-type=module-typescript', '-e', program], {
      reject: false,
      buffer: false,
      stderr: 'inherit',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [first] = await until(() => (text.includes('ready') ? text.split('\n') : undefined));
    const name = JSON.parse(first!) as { pid: number; startTime: string };
    return { name, die: () => (child.kill('SIGKILL'), child) };
  }

  test.skipIf(bwrap === undefined)('bubblewrap leaves nothing', async () => {
    const word = newWord();
    const { name, die } = await daemon(
      'bubblewrap',
      `${escapes['a double fork'](word)}\necho ready; sleep 1000.${word}`,
      word,
    );
    expect((await having(word)).length).toBeGreaterThanOrEqual(2);
    await die();
    await until(async () => (await having(word)).length === 0);
    expect(isAlive(name)).toBe(false);
    expect(await killLeftover(name, word)).toBe(false);
  });

  test.skipIf(bwrap === undefined)(
    'killed while it makes a sandbox, it leaves nothing of it',
    { timeout: 120_000 },
    async () => {
      const at = JSON.stringify(new URL('./index.ts', import.meta.url).href);
      const killedAfter = async (ms: number) => {
        const word = newWord();
        const program = `import { chooseSandbox, startProcess } from ${at};
        const chosen = await chooseSandbox('bubblewrap', process.env);
        if ('problem' in chosen) throw chosen.problem;
        startProcess(chosen.sandbox, ${JSON.stringify(policy())}, ['/bin/sleep', '1000.${word}'], { marker: '${word}' });
        setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms});`;
        const { signal } = await execa(process.execPath, ['--input-type=module-typescript', '-e', program], {
          reject: false,
          stderr: 'inherit',
        });
        expect(signal).toBe('SIGKILL');
        await until(async () => (await pidsWithEnvironment(`DAYSHIFT_ATTEMPT=${word}`)).size === 0);
        await until(async () => (await having(word)).length === 0);
      };
      for (let ms = 0; ms < 24; ms += 6) await Promise.all([killedAfter(ms), killedAfter(ms + 2), killedAfter(ms + 4)]);
    },
  );

  test.each(kinds.filter(([, one]) => one !== undefined))('%s: a command that waits never begins', async (kind) => {
    const dir = folder();
    const at = JSON.stringify(new URL('./index.ts', import.meta.url).href);
    const word = newWord();
    const held = { marker: word, merged: true };
    const program = `import { chooseSandbox, startProcess } from ${at};
      const chosen = await chooseSandbox('${kind}', process.env);
      if ('problem' in chosen) throw chosen.problem;
      const policy = ${JSON.stringify(policy({ cwd: dir, writable: [dir] }))};
      const after = new Promise(() => undefined);
      startProcess(chosen.sandbox, policy, ['/bin/touch', ${JSON.stringify(join(dir, word))}], { ...${JSON.stringify(held)}, after });
      const { execFileSync } = await import('node:child_process');
      // Not before the shell that waits is there: without a sandbox it is the only process, in bubblewrap the third.
      const there = () => execFileSync('/bin/sh', ['-c', "pgrep -fc '[h]eld /bin/touch .*/${word}$' || true"]).toString();
      while (Number(there()) < ${kind === 'bubblewrap' ? 3 : 1}) await new Promise((resolve) => setTimeout(resolve, 20));
      // Nobody but itself sees to it.
      execFileSync('pkill', ['-9', '-P', String(process.pid), '-f', 'dayshift-guardian']);
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = await execa(process.execPath, ['--input-type=module-typescript', '-e', program], {
      reject: false,
      stderr: 'inherit',
    });
    expect(signal).toBe('SIGKILL');
    await until(async () => (await pidsWithEnvironment(`DAYSHIFT_ATTEMPT=${held.marker}`)).size === 0);
    expect(existsSync(join(dir, word))).toBe(false);
  });

  test('without a sandbox its processes end too, those of other sessions as well', async () => {
    const word = newWord();
    const { die } = await daemon('none', `${escapes.setsid(word)}\necho ready; sleep 1000.${word}`, word);
    expect((await having(word)).length).toBeGreaterThanOrEqual(2);
    await die();
    await until(async () => (await having(word)).length === 0);
  });

  test('what the next daemon starts under the same marker is its own', async () => {
    const word = newWord();
    const { die } = await daemon('none', `${escapes.setsid(word)}\necho ready; sleep 1000.${word}`, word);
    await die();
    await killLeftover({ pid: -1, startTime: '' }, word);
    const started = startProcess(noSandbox(), policy(), ['/bin/sleep', '0.8'], { marker: word });
    expect(await started.exited).toMatchObject({ exitCode: 0, signal: null });
  });

  test('without a sandbox, and nobody watching, the next start ends what is left, by pid and start time', async () => {
    const word = newWord();
    const { name, die } = await daemon(
      'none',
      `${escapes['a double fork'](word)}\necho ready; sleep 1000.${word}`,
      word,
      false,
    );
    await die();
    expect((await having(word)).length).toBeGreaterThanOrEqual(2);
    expect(await killLeftover({ ...name, startTime: '1' })).toBe(false);
    expect((await having(word)).length).toBeGreaterThanOrEqual(2);
    expect(await killLeftover(name)).toBe(true);
    expect(await having(word)).toEqual([]);
    expect(await killLeftover(name)).toBe(false);
  });

  test('what outlived its process is found by the marker', async () => {
    const word = newWord();
    const line = `${escapes.setsid(word)}\necho ready; read -r line; sleep 1000`;
    const { name, die } = await daemon('none', line, word, false);
    await die();
    process.kill(name.pid, 'SIGKILL');
    await until(() => !isAlive(name));
    expect(await having(word)).toHaveLength(1);
    expect(await killLeftover(name)).toBe(false);
    expect(await killLeftover(name, word)).toBe(true);
    expect(await having(word)).toEqual([]);
  });

  test('a process group of strangers that got the number of ours is left alone', async () => {
    const word = newWord();
    const strangers = execa('/bin/bash', ['--norc', '-c', `sleep 1000.${word} >/dev/null 2>&1 &`], { detached: true });
    await strangers;
    onTestFinished(async () => {
      for (const pid of await having(word)) process.kill(pid, 'SIGKILL');
    });
    expect(await killLeftover({ pid: strangers.pid!, startTime: '1' }, randomUUID())).toBe(false);
    expect(await having(word)).toHaveLength(1);
  });

  test('a stranger that only looks alike is left alone', async () => {
    const stranger = execa('sleep', ['1000'], { reject: false });
    onTestFinished(() => void stranger.kill());
    const pid = stranger.pid!;
    expect(await killLeftover({ pid, startTime: '12345' }, randomUUID())).toBe(false);
    expect(startTimeOf(pid)).toBeDefined();
    expect(
      existsSync(join('/proc', String(pid), 'stat')) && readFileSync(join('/proc', String(pid), 'stat'), 'utf8'),
    ).toContain('sleep');
    expect(environmentOf(pid, 'DAYSHIFT_ATTEMPT')).toBeUndefined();
  });
});

test('outputs that an escaped process holds open end all the same', async () => {
  const word = newWord();
  onTestFinished(async () => {
    for (const pid of await having(word)) process.kill(pid, 'SIGKILL');
  });
  const dir = folder();
  // Without environment, group and parent nothing tells whose it is.
  const line = `(env -i setsid /bin/bash -c 'echo >"$1/out"; exec sleep 1000.${word}' - "$0" &); while [ ! -e "$0/out" ]; do sleep 0.01; done; echo done`;
  const started = startProcess(noSandbox(), policy({ cwd: dir }), ['/bin/bash', '--norc', '-c', line, dir]);
  const text = Buffer.concat(await started.stdout.toArray()).toString();
  expect(text).toBe('done\n');
});
