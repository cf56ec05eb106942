import { expect, test } from 'vitest';
import { startClockwork } from './clockwork.ts';
import { hours, machine, MINUTE, morning, only } from './clockwork.testing.ts';

test('in the doubled hour the daemon may be started again: what ran before the clocks went back does not run again', async () => {
  const m = machine('2026-10-25T00:00:00Z', only('Europe/Berlin', morning('run_late_until 12:00', '30 2 * * *')));
  const first = await m.up();
  await first.live(hours(0.75));
  await first.die();
  const second = await m.up();
  await second.live(hours(3));
  await second.down();
  expect(m.runs).toEqual(['morning 2026-10-25T00:30:00.000Z']);
});

test('a restart at 08:00:00.0 gives one run', async () => {
  const m = machine('2026-11-23T07:00:00Z', only('UTC', morning('skip')));
  const first = await m.up();
  await first.live(hours(1) - MINUTE);
  await first.down();
  m.clock.set('2026-11-23T08:00:00.000Z');
  const second = await m.up();
  await second.down();
  const third = await m.up();
  await third.live(hours(1));
  await third.down();
  expect(m.runs).toEqual(['morning 2026-11-23T08:00:00.000Z']);
});

test('a restart a moment after 08:00 gives one run, even where nothing may run late', async () => {
  const m = machine('2026-11-23T07:00:00Z', only('UTC', morning('skip')));
  await (await m.up()).down();
  m.clock.set('2026-11-23T08:00:04.321Z');
  const daemon = await m.up();
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-23T08:00:04.321Z']);
});

test('a kill between the claim and the run: the slot runs once more after the start, and is settled', async () => {
  const m = machine('2026-11-23T07:59:00Z', only('UTC', morning()));
  const first = await m.up({ run: () => new Promise(() => undefined) });
  m.clock.pass(MINUTE);
  void first.work.look();
  await expect.poll(async () => (await m.of('schedule.claimed')).length).toBe(1);
  await first.die();
  const second = await m.up();
  await second.live(hours(1));
  await second.down();
  expect(m.runs).toEqual(['morning 2026-11-23T08:00:00.000Z']);
  expect((await m.of('schedule.claimed')).map((event) => event.data.try)).toEqual([1, 2]);
  expect((await m.of('schedule.ran')).length).toBe(1);
});

test('a kill in the middle of a run is mended within the grace, even where nothing may run late; after it, the policy decides', async () => {
  for (const [minutes, runs] of [
    [4, 1],
    [6, 0],
  ] as const) {
    const m = machine('2026-11-23T07:59:00Z', only('UTC', morning('skip')));
    const first = await m.up({ run: () => new Promise(() => undefined) });
    m.clock.pass(MINUTE);
    void first.work.look();
    await expect.poll(async () => (await m.of('schedule.claimed')).length).toBe(1);
    await first.die();
    m.clock.pass(minutes * MINUTE);
    await (await m.up()).down();
    expect([m.runs.length, m.missed.length]).toEqual([runs, 1 - runs]);
  }
});

test('a slot whose run ends the daemon each time is given up after three tries', async () => {
  const m = machine('2026-11-23T07:59:00Z', only('UTC', morning()));
  const lives = [1, 2, 3, 4, 5];
  for (const life of lives) {
    const daemon = await m.up({ run: () => new Promise(() => undefined) });
    if (life === 1) m.clock.pass(MINUTE);
    void daemon.work.look();
    // What is due is written before this, for the journal keeps the order.
    await new Promise((resolve) => setImmediate(resolve));
    await expect.poll(async () => (await m.of('schedule.claimed')).length).toBe(Math.min(life, 3));
    await daemon.die();
  }
  await (await m.up()).down();
  expect((await m.of('schedule.claimed')).length).toBe(3);
  expect((await m.of('schedule.missed')).map((event) => event.data.why)).toEqual([
    'it was begun 3 times, and Dayshift ended each time before it was done',
  ]);
});

test('two daemons on one journal: the claim of one stands, and only that one runs', async () => {
  const entries = only('UTC', morning());
  const m = machine('2026-11-23T07:59:00Z', entries);
  const daemon = await m.up();
  let id = 0;
  const other = startClockwork(
    {
      journal: daemon.journal,
      clock: m.clock,
      newId: () => `o${(id += 1)}`,
      redact: (text) => text,
      log: () => undefined,
    },
    () => entries,
    {
      run: () => Promise.resolve({ ok: true, said: String(m.runs.push('the other')) }),
      ask: () => Promise.resolve('q'),
      missed: () => Promise.resolve(),
    },
  );
  await other.look();
  m.clock.pass(MINUTE);
  await Promise.all([daemon.work.look(), other.look()]);
  await other.stop();
  await daemon.down();
  expect(m.runs.length).toBe(1);
  expect((await m.of('schedule.ran')).length).toBe(1);
});
