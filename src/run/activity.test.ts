import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { startActivity } from './activity.ts';

test('time in which a person has the turn is neither work nor idleness', async () => {
  const clock = manualClock();
  const activity = startActivity(clock);
  clock.advance(1000);
  await activity.suspended(async () => {
    clock.advance(60_000);
    await activity.suspended(() => {
      clock.advance(5000);
      return Promise.resolve();
    });
  });
  clock.advance(500);
  expect(activity.workedMs()).toBe(1500);
  expect(activity.idleMs()).toBe(500);
});

test('progress starts the idle time anew and leaves the working time alone', () => {
  const clock = manualClock();
  const activity = startActivity(clock);
  clock.advance(9000);
  activity.progress();
  clock.advance(10);
  expect([activity.workedMs(), activity.idleMs()]).toEqual([9010, 10]);
});

test('a clock that is set back never takes working time away', () => {
  let now = 1_000_000;
  const activity = startActivity({ now: () => now, after: () => () => undefined });
  now -= 500_000;
  expect(activity.workedMs()).toBe(0);
});

test('a machine that slept, or a clock that was set forward, is neither work nor idleness', () => {
  const clock = manualClock();
  const activity = startActivity(clock);
  for (let look = 0; look < 12; look += 1) {
    clock.advance(5000);
    activity.workedMs();
  }
  clock.advance(2 * 3_600_000);
  expect([activity.workedMs(), activity.idleMs()]).toEqual([60_000, 60_000]);
  clock.advance(5000);
  expect([activity.workedMs(), activity.idleMs()]).toEqual([65_000, 65_000]);
});
