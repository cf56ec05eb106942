import { expect, test } from 'vitest';
import type { Journal } from '../../journal/index.ts';
import { startClockwork } from './clockwork.ts';
import { hours, machine, MINUTE, morning, only } from './clockwork.testing.ts';

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
