import { expect, test } from 'vitest';
import { systemClock } from '../base/index.ts';
import type { Ending } from './live.ts';
import { watch } from './watchdog.ts';

test.each([
  ['its working time', { workedMs: 61_000, idleMs: 0 }, 'timeout', 'it worked for more than 1 min 00 s, its `timeout`'],
  ['the time without progress', { workedMs: 1, idleMs: 91_000 }, 'hung', 'no progress for 1 min 30 s'],
])('an attempt that has used up %s is ended, and the reason says how long that was', async (_, used, end, detail) => {
  const looks: (() => void)[] = [];
  const clock = { ...systemClock, after: (_ms: number, look: () => void) => (looks.push(look), () => undefined) };
  const endings: Ending[] = [];
  const live = {
    ctx: { clock, log: expect.unreachable },
    ref: { task: 'a' },
    end: (ending: Ending) => endings.push(ending),
  };
  const activity = { progress: () => undefined, workedMs: () => used.workedMs, idleMs: () => used.idleMs };
  const limits = { workLimitMs: 60_000, idleLimitMs: 90_000, filesChanged: () => Promise.resolve(false) };
  watch(live, { cpuMs: () => Promise.resolve(undefined) }, activity, limits);
  looks[0]?.();
  await expect.poll(() => endings).toEqual([{ end, detail }]);
});
