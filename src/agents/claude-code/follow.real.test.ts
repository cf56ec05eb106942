import { expect, test } from 'vitest';
import { manualClock, systemClock, type Clock } from '../../base/index.ts';
import { noLimits, noSandbox, startProcess, type SandboxedProcess } from '../../sandbox/index.ts';
import type { AttemptOutput } from '../types.ts';
import { follow } from './follow.ts';

const RESULT = '{"type":"result","subtype":"success","num_turns":1,"result":"Done."}';

function shell(script: string): SandboxedProcess {
  const policy = { writable: [], readable: [], placed: [], hidden: [], sockets: [], env: {} };
  return startProcess(noSandbox(), { ...policy, cwd: '/', limits: noLimits }, ['/bin/sh', '-c', script]);
}

function collect(onLine: () => void = () => undefined): AttemptOutput {
  return { onLine, onEvents: () => undefined, onProgress: () => undefined, onApiRetry: () => undefined };
}

async function followed(script: string, clock: Clock, onLine?: () => void) {
  const child = shell(script);
  child.stdin.end();
  return follow(child, collect(onLine), clock);
}

test('a process that stays on after its result is ended, and its result counts', async () => {
  const clock = manualClock();
  const result = await followed(`echo '${RESULT}'; exec sleep 1000`, clock, () => {
    // The grace starts right after the line was handed on.
    setImmediate(() => clock.advance(15_000));
  });
  expect(result).toMatchObject({ end: 'finished', text: 'Done.', exitCode: null });
});

test('what is said after the result holds off the end', async () => {
  const clock = manualClock();
  const more = '{"type":"assistant","message":{"content":[{"type":"text","text":"One more thing."}]}}';
  const last = RESULT.replace('Done.', 'Really done.');
  const child = shell(`echo '${RESULT}'; read go; echo '${more}'; read go; echo '${last}'`);
  let seen = 0;
  const output = collect(() => {
    seen += 1;
    if (seen === 3) return;
    // 10 s after each line: less than the grace, but both together are more.
    setImmediate(() => {
      clock.advance(10_000);
      child.stdin.write('go\n');
    });
  });
  expect(await follow(child, output, clock)).toMatchObject({ end: 'finished', text: 'Really done.', exitCode: 0 });
});

test('a last line without a line end counts, and noise on stdout does not hurt', async () => {
  const result = await followed(
    `echo noise; printf '\\377\\376\\n{"type":'; echo; printf '%s' '${RESULT}'`,
    systemClock,
  );
  expect(result).toMatchObject({ end: 'finished', text: 'Done.' });
});

test('a process that dies without reading its prompt is told by its exit and the end of its stderr', async () => {
  const child = shell(`head -c 100000 /dev/zero | tr '\\0' x >&2; echo 'the reason' >&2; exit 3`);
  child.stdin.end('p'.repeat(1_000_000));
  const result = await follow(child, collect(), systemClock);
  expect(result).toMatchObject({ end: 'failed', exitCode: 3, turns: 0 });
  expect(result.text).toContain('the reason');
  expect(result.text.length).toBeLessThan(2300);
});

test('a killed process is lost', async () => {
  const result = await followed('kill -9 $$', systemClock);
  expect(result).toMatchObject({ end: 'lost', turns: 0 });
});
