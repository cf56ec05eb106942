import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { noSandbox } from './none.ts';
import { runCommand } from './run-command.ts';
import { folder, policy, realBubblewrap } from './testing.ts';
import type { Sandbox } from './types.ts';

vi.setConfig({ testTimeout: 60_000 });

const kinds: [string, Sandbox | undefined][] = [
  ['bubblewrap', await realBubblewrap()],
  ['none', noSandbox()],
];

describe.each(kinds)('%s', (_, given) => {
  const here = test.skipIf(given === undefined);
  const sandbox = given!;

  here('both outputs come as one, in order, with the exit code and the time', async () => {
    const result = await runCommand(sandbox, policy(), 'for i in 1 2 3; do echo out $i; echo err $i >&2; done; exit 4');
    expect(result).toMatchObject({ exitCode: 4, timedOut: false, tail: 'out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3' });
    expect(result.ms).toBeGreaterThan(0);
  });

  here('the command is what was given, with its own line numbers', async () => {
    const result = await runCommand(sandbox, policy(), 'echo "it\'s" \'a "b"\' $0\n\nnosuchcommand\n');
    expect(result.command).toBe('echo "it\'s" \'a "b"\' $0\n\nnosuchcommand\n');
    expect(result.tail).toMatch(/^it's a "b" \/bin\/bash\n.*line 3: nosuchcommand: command not found$/);
  });

  here('outputs can be opened by their names', async () => {
    const { tail, exitCode } = await runCommand(
      sandbox,
      policy(),
      'echo a >/dev/stderr && echo b >/dev/stdout && echo c | tee /dev/stderr',
    );
    expect({ tail, exitCode }).toEqual({ tail: 'a\nb\nc\nc', exitCode: 0 });
  });

  here('standard input is empty', async () => {
    expect((await runCommand(sandbox, policy(), 'wc -c')).tail).toBe('0');
  });

  here('a command that has to wait finds what was done before it, and its time counts from then', async () => {
    const dir = folder();
    const before = Promise.withResolvers<undefined>();
    const inside = policy({ cwd: dir, writable: [dir] });
    const timeoutMs = 5000;
    const running = runCommand(sandbox, inside, 'cat before; wc -c', { after: before.promise, timeoutMs });
    // Its time is over when another's is, which began later.
    expect(await runCommand(sandbox, policy(), 'sleep 1000', { timeoutMs })).toMatchObject({ timedOut: true });
    writeFileSync(join(dir, 'before'), 'done\n');
    before.resolve(undefined);
    const result = await running;
    expect(result).toMatchObject({ exitCode: 0, tail: 'done\n0', timedOut: false });
    expect(result.ms).toBeLessThanOrEqual(timeoutMs);
  });

  here('where what it waits for fails it never begins', async () => {
    const dir = folder();
    const before = Promise.reject(new Error('no tree'));
    before.catch(() => undefined);
    const inside = policy({ cwd: dir, writable: [dir] });
    await expect(runCommand(sandbox, inside, 'touch begun', { after: before })).rejects.toThrow('no tree');
    expect(existsSync(join(dir, 'begun'))).toBe(false);
  });

  here('a command that leaves children in the background ends with them', async () => {
    const result = await runCommand(sandbox, policy(), 'sleep 1000 & (setsid sleep 1000 &); echo done');
    expect(result).toMatchObject({ exitCode: 0, tail: 'done' });
  });

  here('a time limit ends it: no exit code, and what it said so far', async () => {
    const result = await runCommand(sandbox, policy(), 'echo waiting; sleep 1000', { timeoutMs: 3000 });
    expect(result).toMatchObject({ exitCode: null, timedOut: true, tail: 'waiting' });
  });

  here(
    'a gigabyte of output passes in little memory, and its end is kept',
    async () => {
      let bytes = 0;
      const before = process.memoryUsage.rss();
      let most = 0;
      const { tail } = await runCommand(
        sandbox,
        policy(),
        'yes 0123456789abcdef | head -c 1000000000; echo; echo the end',
        {
          tail: 100,
          onOutput(chunk) {
            bytes += chunk.length;
            most = Math.max(most, process.memoryUsage.rss());
          },
        },
      );
      expect(bytes).toBe(1_000_000_000 + '\nthe end\n'.length);
      expect(tail.endsWith('\nthe end')).toBe(true);
      expect(tail.length).toBeLessThan(150);
      expect((most - before) / 1e6).toBeLessThan(300);
    },
    60_000,
  );

  here('what takes the output sets the pace', async () => {
    const seen: number[] = [];
    let busy = 0;
    await runCommand(sandbox, policy(), 'head -c 1000000 /dev/zero', {
      async onOutput(chunk) {
        expect(++busy).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        busy--;
        seen.push(chunk.length);
      },
    });
    expect(seen.reduce((sum, length) => sum + length, 0)).toBe(1_000_000);
  });

  here('a taker that fails ends the command', async () => {
    const dir = folder();
    const failing = runCommand(sandbox, policy({ writable: [dir], cwd: dir }), 'echo a; sleep 2; touch late', {
      onOutput() {
        throw new Error('disk full');
      },
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(existsSync(join(dir, 'late'))).toBe(false);
  });

  here('a signal ends it, also while it waits for what comes before it', async () => {
    const dir = folder();
    const inside = policy({ writable: [dir], cwd: dir });
    const stopping = new AbortController();
    const running = runCommand(sandbox, inside, 'echo a; sleep 1000', {
      signal: stopping.signal,
      onOutput: () => stopping.abort(new Error('the task was stopped')),
    });
    await expect(running).rejects.toThrow('the task was stopped');
    const held = new AbortController();
    const after = Promise.withResolvers<undefined>();
    const waiting = runCommand(sandbox, inside, 'touch late', { signal: held.signal, after: after.promise });
    held.abort(new Error('stopped before'));
    await expect(waiting).rejects.toThrow('stopped before');
    after.resolve(undefined);
    expect(existsSync(join(dir, 'late'))).toBe(false);
  });
});
