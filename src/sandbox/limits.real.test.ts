import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { limitsOf } from './limits.ts';
import { noSandbox } from './none.ts';
import { runCommand } from './run-command.ts';
import { startProcess } from './start.ts';
import { policy, realBubblewrap } from './testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const can = limitsOf();
const sandbox = (await realBubblewrap()) ?? noSandbox();

test.skipIf(!can.memory)('memory beyond the limit is not had, by all processes together', async () => {
  const take = (mb: number) => `/usr/bin/python3 -c 'b = bytearray(${mb} << 20); import time; time.sleep(0.2)'`;
  const three = `${take(90)} & a=$!; ${take(90)} & b=$!; ${take(90)} & c=$!; wait $a && wait $b && wait $c && echo three`;
  const line = `${take(40)} && echo one; ${three}`;
  const limited = policy({ limits: { memoryMb: 200, processes: 0 } });
  expect((await runCommand(sandbox, limited, line, { timeoutMs: 30_000 })).tail).not.toMatch(/three/);
  expect((await runCommand(sandbox, limited, line, { timeoutMs: 30_000 })).tail).toMatch(/^one/);
  expect((await runCommand(sandbox, policy(), line, { timeoutMs: 30_000 })).tail).toBe('one\nthree');
});

test.skipIf(!can.processes)('more processes than the limit are not had', async () => {
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
  const limited = policy({ limits: { memoryMb: 0, processes: 20 } });
  const had = Number((await runCommand(sandbox, limited, line)).tail);
  expect(had).toBeGreaterThan(5);
  expect(had).toBeLessThan(20);
});

test.skipIf(!can.processes)('the groups of limits are gone with their processes', async () => {
  const groups = () =>
    readdirSync('/sys/fs/cgroup', { recursive: true }).filter((name) => name.includes('dayshift-limits-test'));
  const limits = { memoryMb: 500, processes: 50 };
  const started = startProcess(sandbox, policy({ limits }), ['/bin/cat'], { marker: 'limits-test' });
  expect(groups()).not.toEqual([]);
  await started.kill();
  expect(groups()).toEqual([]);
});
