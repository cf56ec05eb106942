import { expect, test } from 'vitest';
import type { SandboxedProcess } from '../sandbox/index.ts';
import { startControl } from './control.ts';

/** An attempt whose CLI has written its answer down at the n-th look, by a clock that goes on as it is waited for. */
function attempt(writtenAtLook: number) {
  let at = 0;
  let looks = 0;
  const ended = Promise.withResolvers<number>();
  const end = () => {
    ended.resolve(at);
    return Promise.resolve();
  };
  const control = startControl(
    () => at,
    () => Promise.resolve(++looks >= writtenAtLook),
    (ms) => Promise.resolve((at += ms)),
  );
  control.attach({ end, kill: end } as unknown as SandboxedProcess);
  return { control, ended: ended.promise };
}

const never = new AbortController().signal;
const ask = (control: ReturnType<typeof attempt>['control']) => control.letOut('c1', () => Promise.resolve(), never);

test('a CLI that is parked may write down the answer that it has, also on a slow machine', async () => {
  const { control, ended } = attempt(100);
  await ask(control);
  control.settled({ call: 'c1', message: 'msg_1' });
  control.end({ end: 'parked' });
  expect(await ended).toBe(99 * 20);
});

test('one that never writes it, and one whose model goes on and on, are ended all the same', async () => {
  const silent = attempt(Infinity);
  await ask(silent.control);
  silent.control.settled({ call: 'c1', message: 'msg_1' });
  silent.control.end({ end: 'parked' });
  expect(await silent.ended).toBe(5000);
  const talks = attempt(1);
  await ask(talks.control);
  talks.control.end({ end: 'parked' });
  expect(await talks.ended).toBe(1500);
});

test('one that has nothing to write, or does not go on, is ended at once', async () => {
  const quiet = attempt(Infinity);
  quiet.control.end({ end: 'parked' });
  expect(await quiet.ended).toBe(0);
  const over = attempt(Infinity);
  await ask(over.control);
  over.control.end({ end: 'timeout' });
  expect(await over.ended).toBe(0);
});
