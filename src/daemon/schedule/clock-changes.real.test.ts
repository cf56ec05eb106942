import { expect, test } from 'vitest';
import { HOUR, hours, machine, MINUTE, morning, only } from './clockwork.testing.ts';

test.each([
  [
    'Europe/Berlin',
    'the gap',
    '2026-03-28T12:00:00Z',
    '30 2 * * *',
    ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
  ],
  [
    'Europe/Berlin',
    'the doubled hour',
    '2026-10-24T12:00:00Z',
    '30 2 * * *',
    ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
  ],
  [
    'Europe/Berlin',
    'the morning after the gap',
    '2026-03-28T12:00:00Z',
    '0 8 * * *',
    ['2026-03-29T06:00:00.000Z', '2026-03-30T06:00:00.000Z'],
  ],
  [
    'Europe/Berlin',
    'the morning after the doubled hour',
    '2026-10-24T12:00:00Z',
    '0 8 * * *',
    ['2026-10-25T07:00:00.000Z', '2026-10-26T07:00:00.000Z'],
  ],
  [
    'America/New_York',
    'the gap',
    '2026-03-07T18:00:00Z',
    '30 2 * * *',
    ['2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'],
  ],
  [
    'America/New_York',
    'the doubled hour',
    '2026-10-31T18:00:00Z',
    '30 1 * * *',
    ['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z'],
  ],
  [
    'America/New_York',
    'the morning after the gap',
    '2026-03-07T18:00:00Z',
    '0 8 * * *',
    ['2026-03-08T12:00:00.000Z', '2026-03-09T12:00:00.000Z'],
  ],
  [
    'America/New_York',
    'the morning after the doubled hour',
    '2026-10-31T18:00:00Z',
    '0 8 * * *',
    ['2026-11-01T13:00:00.000Z', '2026-11-02T13:00:00.000Z'],
  ],
])('in %s a slot in %s runs once', async (zone, _where, from, cron, expected) => {
  const m = machine(from, only(zone, morning('run_late_until 12:00', cron)));
  const daemon = await m.up();
  await daemon.live(hours(45), 15 * MINUTE);
  await daemon.down();
  expect(m.runs).toEqual(expected.map((at) => `morning ${at}`));
  expect(m.missed).toEqual([]);
});

test('a clock that is set back by an hour runs nothing again, and the next day is as ever', async () => {
  const m = machine('2026-11-23T07:30:00Z', only('UTC', morning()));
  const daemon = await m.up();
  await daemon.live(hours(1));
  m.clock.pass(-HOUR);
  await daemon.live(hours(26), 10 * MINUTE);
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-23T08:00:00.000Z', 'morning 2026-11-24T08:00:00.000Z']);
  expect(m.missed).toEqual([]);
});

test('a clock that is years ahead for a while and is set right again neither floods nor stops the schedule', async () => {
  const m = machine('2026-11-23T07:30:00Z', only('UTC', morning()));
  const first = await m.up();
  m.clock.set('2030-05-05T07:59:00Z');
  await first.live(hours(1));
  await first.down();
  m.clock.set('2026-11-23T07:45:00Z');
  const second = await m.up();
  await second.live(hours(25), 15 * MINUTE);
  await second.down();
  expect(m.runs).toEqual([
    'morning 2030-05-05T08:00:00.000Z',
    'morning 2026-11-23T08:00:00.000Z',
    'morning 2026-11-24T08:00:00.000Z',
  ]);
});

test('an entry that was first seen by a clock that was years ahead is watched once the clock is right', async () => {
  const m = machine('2030-05-05T07:00:00Z', only('UTC', morning()));
  const daemon = await m.up();
  m.clock.set('2026-11-23T07:45:00Z');
  await daemon.live(hours(1));
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-23T08:00:00.000Z']);
});

test('February 29th is a day like any other, and runs in leap years only', async () => {
  const m = machine('2028-02-28T12:00:00Z', only('UTC', morning('skip', '0 8 29 2 *')));
  const daemon = await m.up();
  await daemon.live(hours(36), HOUR);
  m.clock.set('2029-02-28T07:00:00Z');
  await daemon.live(hours(48), HOUR);
  await daemon.down();
  expect(m.runs).toEqual(['morning 2028-02-29T08:00:00.000Z']);
});
