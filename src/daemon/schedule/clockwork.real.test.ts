import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../base/index.ts';
import { openJournal, readEvents, type EventOf, type Journal, type JournalEvent } from '../../journal/index.ts';
import { scheduleOf, type EntryConfig, type ScheduleEntry } from '../../schedule/index.ts';
import { startClockwork, type ClockworkActions } from './clockwork.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A wall clock that is set by hand, with timers that never come: the tests say when it is looked. */
function setClock(at: string): Clock & { set(at: string): void; pass(ms: number): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    after: () => () => undefined,
    set: (to) => (now = Date.parse(to)),
    pass: (ms) => (now += ms),
  };
}

/** A home's journal and what lives on it: the daemon may be ended and started again, in order or not. */
function machine(at: string, entries: ScheduleEntry[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-schedule-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = { journal: join(folder, 'journal'), stateFile: join(folder, 'state.json') };
  const clock = setClock(at);
  const runs: string[] = [];
  const missed: string[] = [];
  let lastId = 0;
  const actions: ClockworkActions = {
    run({ entry }) {
      runs.push(`${entry.name} ${new Date(clock.now()).toISOString()}`);
      return Promise.resolve({ ok: true, said: 'done' });
    },
    ask: ({ entry, planned }) => Promise.resolve(`asked ${entry.name} ${planned}`),
    missed({ entry, planned }, why, count) {
      missed.push(`${entry.name} ${planned} ${count} ${why}`);
      return Promise.resolve();
    },
  };
  const up = async (more: Partial<ClockworkActions> = {}) => {
    const journal = await openJournal(paths, { clock });
    const ctx = {
      journal,
      clock,
      newId: () => `c${(lastId += 1)}`,
      redact: (text: string) => text,
      log: () => undefined,
    };
    const work = startClockwork(ctx, () => entries, { ...actions, ...more });
    const looked = work.look();
    // One whose runs never end is not waited for.
    if (more.run === undefined) await looked;
    return {
      journal,
      work,
      /** Lets time go by, looking once in `step` as the daemon does each half minute. */
      async live(ms: number, step = MINUTE) {
        for (let left = ms; left > 0; left -= step) {
          clock.pass(Math.min(step, left));
          await work.look();
        }
      },
      async down() {
        await work.stop();
        await journal.close();
      },
      /** Ends it where it stands: what runs is never written down. */
      die: () => journal.close(),
    };
  };
  const events = async () => {
    const all: JournalEvent[] = [];
    for await (const event of readEvents(paths.journal, {})) all.push(event);
    return all;
  };
  const of = async <T extends JournalEvent['type']>(type: T) =>
    (await events()).filter((event) => event.type === type) as EventOf<T>[];
  return { clock, runs, missed, up, of };
}

/** Only these entries: the built-in ones are off. */
function only(zone: string, ...entries: EntryConfig[]): ScheduleEntry[] {
  const off = ['morning', 'evening', 'rate', 'digest', 'clean'].filter((name) => entries.every((e) => e.name !== name));
  return scheduleOf([...off.map((name) => ({ name, cron: 'off' })), ...entries], zone);
}

const morning = (missed = 'run_late_until 12:00', cron = '0 8 * * *'): EntryConfig => ({
  ...{ name: 'morning', cron, missed },
});
const hours = (count: number) => count * HOUR;

test('a slot runs at its minute, once, and says what was planned, when it was due and when it started', async () => {
  const m = machine('2026-11-23T06:30:00Z', only('Europe/Berlin', morning()));
  const daemon = await m.up();
  await daemon.live(hours(3));
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-23T07:00:00.000Z']);
  const [claimed] = await m.of('schedule.claimed');
  const [ran] = await m.of('schedule.ran');
  expect(claimed?.data).toMatchObject({ planned: '2026-11-23T08:00', due: '2026-11-23T07:00:00.000Z', late: false });
  expect(ran?.data).toMatchObject({
    started: '2026-11-23T07:00:00.000Z',
    ok: true,
    said: 'done',
    claim: claimed?.data.claim,
  });
});

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

test('a machine that sleeps from 07:50 to 09:10 runs the slot of 08:00 when it wakes, and says that it is late', async () => {
  const m = machine('2026-11-23T07:40:00Z', only('UTC', morning()));
  const daemon = await m.up();
  await daemon.live(10 * MINUTE);
  m.clock.set('2026-11-23T09:10:00Z');
  await daemon.live(hours(2));
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-23T09:11:00.000Z']);
  expect((await m.of('schedule.claimed')).map((event) => event.data.late)).toEqual([true]);
});

test.each([
  ['skip', 'Dayshift was not up at that time, or the machine slept'],
  ['run_late_until 09:00', 'Dayshift was not up at that time, or the machine slept, and it is later than 09:00'],
])(
  'a slot that was slept through does not run where its policy is %s, and the journal says why',
  async (policy, why) => {
    const m = machine('2026-11-23T07:50:00Z', only('UTC', morning(policy)));
    const daemon = await m.up();
    m.clock.set('2026-11-23T09:10:00Z');
    await daemon.live(hours(2));
    await daemon.down();
    expect(m.runs).toEqual([]);
    expect(m.missed).toEqual([`morning 2026-11-23T08:00 1 ${why}`]);
    expect((await m.of('schedule.missed')).map((event) => event.data)).toEqual([
      {
        name: 'morning',
        planned: '2026-11-23T08:00',
        zone: 'UTC',
        due: '2026-11-23T08:00:00.000Z',
        what: 'start',
        why,
        count: 1,
      },
    ]);
  },
);

test('a slot that was slept through is asked about once where its policy is ask, also over a restart', async () => {
  const m = machine('2026-11-23T07:50:00Z', only('UTC', morning('ask')));
  const first = await m.up();
  m.clock.set('2026-11-23T09:10:00Z');
  await first.live(hours(1));
  await first.down();
  const second = await m.up();
  await second.live(hours(1));
  await second.down();
  expect(m.runs).toEqual([]);
  expect((await m.of('schedule.asked')).map((event) => event.data.item)).toEqual(['asked morning 2026-11-23T08:00']);
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

test('February 29th is a day like any other, and runs in leap years only', async () => {
  const m = machine('2028-02-28T12:00:00Z', only('UTC', morning('skip', '0 8 29 2 *')));
  const daemon = await m.up();
  await daemon.live(hours(36), HOUR);
  m.clock.set('2029-02-28T07:00:00Z');
  await daemon.live(hours(48), HOUR);
  await daemon.down();
  expect(m.runs).toEqual(['morning 2028-02-29T08:00:00.000Z']);
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

test('a weekend of sleep is no flood: of each entry the last slot runs, and the journal counts the others', async () => {
  const m = machine(
    '2026-11-20T17:00:00Z',
    only('UTC', { name: 'often', cron: '*/5 * * * *', what: 'clean', missed: 'run_late_until 23:59' }, morning()),
  );
  const daemon = await m.up();
  m.clock.set('2026-11-23T09:02:00Z');
  await daemon.live(MINUTE);
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-23T09:03:00.000Z', 'often 2026-11-23T09:03:00.000Z']);
  const counts = (await m.of('schedule.missed')).map(({ data }) => `${data.name} ${data.planned} ${data.count}`);
  expect(counts).toEqual(['morning 2026-11-22T08:00 2', 'often 2026-11-23T08:55 499']);
});

test('what was due before the schedule was ever up is not missed, and neither is what a changed entry would have been due for', async () => {
  const entries = only('UTC', morning());
  const m = machine('2026-11-23T09:00:00Z', entries);
  const daemon = await m.up();
  await daemon.live(hours(0.5));
  entries.splice(0, 1, ...only('UTC', morning('run_late_until 12:00', '15 9 * * *')));
  await daemon.live(hours(0.5));
  expect([m.runs, m.missed]).toEqual([[], []]);
  await daemon.live(hours(24), 15 * MINUTE);
  await daemon.down();
  expect(m.runs).toEqual(['morning 2026-11-24T09:15:00.000Z']);
});

test('a run that fails is written down as failed, and holds up no other', async () => {
  const m = machine('2026-11-23T07:59:00Z', only('UTC', morning(), { name: 'tidy', cron: '0 8 * * *', what: 'clean' }));
  const daemon = await m.up({
    run: ({ entry }) =>
      entry.name === 'tidy'
        ? Promise.resolve({ ok: true, said: 'tidied' })
        : Promise.reject(new Error('no space left')),
  });
  await daemon.live(MINUTE);
  await daemon.live(hours(1));
  await daemon.down();
  expect((await m.of('schedule.ran')).map(({ data }) => [data.name, data.ok, data.said]).sort()).toEqual([
    ['morning', false, 'no space left'],
    ['tidy', true, 'tidied'],
  ]);
});

test('a journal that refuses ends nothing else: the clockwork says so', async () => {
  const m = machine('2026-11-23T07:59:00Z', only('UTC', morning()));
  const daemon = await m.up();
  const refusing = Object.assign(Object.create(daemon.journal) as Journal, {
    append: () => Promise.reject(new Error('no space left on device')),
  });
  const said: string[] = [];
  const work = startClockwork(
    {
      journal: refusing,
      clock: m.clock,
      newId: () => 'x',
      redact: (t) => t,
      log: (text) => said.push(text),
    },
    () => only('UTC', morning('skip', '1 8 * * *')),
    {
      run: () => Promise.resolve({ ok: true, said: '' }),
      ask: () => Promise.resolve(''),
      missed: () => Promise.resolve(),
    },
  );
  await work.look();
  await work.stop();
  expect(said).toEqual(['schedule: no space left on device']);
  await daemon.down();
});
