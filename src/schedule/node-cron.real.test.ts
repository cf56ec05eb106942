import cron from 'node-cron';
import { afterEach, expect, test, vi } from 'vitest';
import { cronFault, slots } from './cron.ts';

/**
 * What the pinned node-cron does where days are not ordinary: why the slots are reckoned here and node-cron only checks
 * expressions and keeps the minute. Where an upgrade changes any of this, docs/operations.md has a line to change too.
 */

afterEach(() => {
  vi.useRealTimers();
});

/** When node-cron fires, in `hours` from `from` on; `meanwhile` sets the clock before that. */
async function fires(expression: string, zone: string, from: string, hours: number, sleepUntil?: string) {
  vi.useFakeTimers({ now: new Date(from) });
  const fired: string[] = [];
  const task = cron.schedule(expression, () => void fired.push(new Date().toISOString()), {
    timezone: zone,
    suppressMissedWarning: true,
  });
  if (sleepUntil !== undefined) vi.setSystemTime(new Date(sleepUntil));
  await vi.advanceTimersByTimeAsync(hours * 3_600_000);
  await task.destroy();
  return fired;
}

test('node-cron leaves out a slot that falls into the gap of a clock change', async () => {
  expect(await fires('30 2 * * *', 'Europe/Berlin', '2026-03-28T22:00:00Z', 24)).toEqual([]);
  expect(await fires('30 2 * * *', 'America/New_York', '2026-03-07T22:00:00Z', 24)).toEqual([]);
});

test('node-cron fires once in the doubled hour: in Berlin the second time, in New York the first', async () => {
  expect(await fires('30 2 * * *', 'Europe/Berlin', '2026-10-24T22:00:00Z', 12)).toEqual(['2026-10-25T01:30:00.000Z']);
  expect(await fires('30 1 * * *', 'America/New_York', '2026-10-31T22:00:00Z', 12)).toEqual([
    '2026-11-01T05:30:00.000Z',
  ]);
});

test('node-cron does not run what was slept through, nor a slot of the very moment at which it starts', async () => {
  expect(await fires('0 8 * * *', 'UTC', '2026-11-23T07:50:00Z', 2, '2026-11-23T09:10:00Z')).toEqual([]);
  expect(await fires('0 8 * * *', 'UTC', '2026-11-23T08:00:00.000Z', 1)).toEqual([]);
});

test('node-cron wants both the day and the week day, where every crontab takes either', async () => {
  expect(await fires('0 8 13 * 5', 'UTC', '2026-11-12T12:00:00Z', 24 * 10)).toEqual(['2026-11-13T08:00:00.000Z']);
  const ours = slots('0 8 13 * 5', '2026-11-12T12:00', 'next');
  expect([ours.next().value, ours.next().value]).toEqual(['2026-11-13T08:00', '2026-11-20T08:00']);
});

test.each([
  ['0 8 * * 1-5', undefined],
  ['*/15 8-18 * * mon-fri', undefined],
  ['0 8 29 2 *', undefined],
  ['0 8 L * *', undefined],
  ['', 'expected five fields (minute, hour, day, month, week day), found none'],
  ['@daily', 'expected five fields (minute, hour, day, month, week day), found 1'],
  ['0 8 15W * *', 'no minute ever fits it'],
  ['0 0 8 * * *', 'expected five fields (minute, hour, day, month, week day), found 6'],
])('the expression %j: %s', (text, fault) => {
  expect(cronFault(text)).toBe(fault);
});

test.each([
  '60 8 * * *',
  '0 24 * * *',
  '0 8 30 2 *',
  '0 8 31 4 *',
  '0 8 * * 8',
  'H 8 * * *',
  '0 8 * 13 *',
  'a b c d e',
  '*/0 * * * *',
])('the expression %j is refused, and nothing loops over it', (text) => {
  expect(cronFault(text)).toBeTypeOf('string');
  expect(slots(text, '2026-11-23T00:00', 'next').next().value ?? 'none').toBeTypeOf('string');
});

test('what node-cron takes as an expression has slots, forwards and back', () => {
  for (const text of [
    '0 8 * * 1-5',
    '0 8 29 2 *',
    '0 8 L * *',
    '0 8 ? * *',
    '0 8 * * 7',
    '0 8 * * 5#2',
    '0 8 15W * *',
    '5,10-20/2 1 * * sun',
  ]) {
    if (cronFault(text) !== undefined) continue;
    for (const way of ['next', 'prev'] as const)
      expect(slots(text, '2026-11-23T00:00', way).next().value, `${text} ${way}`).toMatch(/^\d{4}-/);
  }
});
