import fc from 'fast-check';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { daysLatestFirst } from './days.ts';
import type { NewEvent } from './events.ts';
import { dayFiles } from './files.ts';
import { openJournal } from './open.ts';
import { readRecent, readState, type Recent } from './read-only.ts';
import { recentFileOf } from './recent.ts';
import { repairJournal } from './repair.ts';
import { seal } from './seal.ts';
import { dayPlan } from './spec.testing.ts';
import { anyEvent, taskSpec, tempJournal, warned } from './testing.ts';

const clock = manualClock();
const DATES = Array.from({ length: 9 }, (_, n) => `2026-11-1${n}`);

function planOf(date: string, ...ids: string[]): NewEvent {
  const plan = dayPlan(
    ids.map((id) => taskSpec(id)),
    { date },
  );
  return { type: 'day.planned', day: date, data: { plan, payer: 'API key', warnings: [] } };
}

/** Nine days of a task each, all begun; the first of them asks something and waits. */
async function written() {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock });
  for (const date of DATES) {
    await journal.append(planOf(date, 'a'), { type: 'day.started', day: date, data: {} });
    await journal.append({ type: 'task.done', day: date, task: 'a', data: { reasons: [`done on ${date}`] } });
    await journal.append({ type: 'day.reported', day: date, data: { path: `results/${date}-report.md` } });
    clock.advance(86_400_000);
  }
  await journal.append({
    ...{ type: 'item.opened', day: DATES[0]!, task: 'a' },
    data: { id: 'q1', kind: 'question', questions: [], source: 'tool', silence: { kind: 'wait' } },
  });
  await journal.close();
  return { ...paths, recentFile: recentFileOf(paths.stateFile) };
}

async function appended(paths: Parameters<typeof openJournal>[0], ...events: NewEvent[]): Promise<void> {
  const journal = await openJournal(paths, { clock });
  for (const event of events) await journal.append(event);
  await journal.close();
}

/** That what is said of the latest days is what a replay of the whole journal says. */
async function expectTrue(paths: Parameters<typeof readRecent>[0]): Promise<Recent> {
  const { recent } = await readRecent(paths);
  const { state } = await readState({ ...paths, stateFile: '/nonexistent' });
  expect(recent.seq).toBe(state.seq);
  expect(daysLatestFirst({ days: { ...recent.older, ...recent.days } })).toEqual(daysLatestFirst(state));
  for (const [date, day] of Object.entries(recent.days)) expect(day).toEqual(state.days[date]);
  for (const [date, mark] of Object.entries(recent.older)) expect(state.days[date]).toMatchObject(mark);
  const wanted = Object.values(state.items).filter(
    (item) => item.status === 'open' || recent.older[item.day] === undefined,
  );
  for (const item of wanted) expect(recent.items[item.id]).toEqual(item);
  return recent;
}

test('the latest days are known without the state, older ones by what ranks them, and what is open of any day', async () => {
  const paths = await written();
  // Nobody reads it.
  writeFileSync(paths.stateFile, 'torn');
  const { recent, warnings } = await readRecent(paths);
  expect(warnings).toEqual([]);
  expect(Object.keys(recent.days)).toEqual(DATES.slice(-4));
  expect(Object.keys(recent.older)).toEqual(DATES.slice(0, 5));
  expect(Object.keys(recent.items)).toEqual(['q1']);
  await expectTrue(paths);
});

test('whatever happens after it was written, on whatever day, what it says of the latest days is what a replay says', async () => {
  let spared = 0;
  const one = fc.tuple(anyEvent, fc.constantFrom(...DATES, '2026-11-20')).map(([event, day]): NewEvent => {
    if (event.type === 'day.planned') return planOf(day, 't1', 't2');
    return event.day === undefined ? event : { ...event, day };
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { maxLength: 20 }),
      fc.array(one, { maxLength: 20 }),
      fc.shuffledSubarray(DATES, { minLength: 5 }),
      async (before, after, dates) => {
        const paths = tempJournal();
        const file = recentFileOf(paths.stateFile);
        await appended(paths, ...dates.map((date) => planOf(date, 't1', 't2')), ...before);
        const old = readFileSync(file);
        await appended(paths, ...after);
        writeFileSync(file, old);
        if (Object.keys((await expectTrue(paths)).older).length > 0) spared += 1;
      },
    ),
    { numRuns: 40 },
  );
  expect(spared).toBeGreaterThan(5);
});

test('a day of long ago that is begun again is the latest; planned anew, only the state says what became of it', async () => {
  const paths = await written();
  const old = readFileSync(paths.recentFile);
  await appended(paths, { type: 'day.started', day: DATES[0]!, data: {} });
  writeFileSync(paths.recentFile, old);
  const begun = await expectTrue(paths);
  expect(begun.older[DATES[0]!]).toMatchObject({ status: 'running' });
  await appended(paths, planOf(DATES[1]!, 'a', 'b'));
  writeFileSync(paths.recentFile, old);
  const planned = await expectTrue(paths);
  expect(planned.older).toEqual({});
  expect(Object.keys(planned.days[DATES[1]!]!.tasks)).toEqual(['a', 'b']);
});

function resealed(text: string, change: object): string {
  const { sum: _sum, ...snapshot } = JSON.parse(text) as Record<string, unknown>;
  return seal(JSON.stringify({ ...snapshot, ...change }));
}

test.each([
  ['a byte is another', (text: string) => text.replace('done on 2026-11-18', 'done on 2026-11-17')],
  ['empty', () => ''],
  ['zeros, as a power loss leaves it', (text: string) => '\0'.repeat(text.length)],
  ['of another version', (text: string) => resealed(text, { version: 5 })],
  ['of a version that knew fewer events', (text: string) => resealed(text, { skipped: ['task.done'] })],
  ['of another journal', (text: string) => resealed(text, { line: '00000000' })],
  ['the whole state under its name', (text: string) => resealed(text, { part: undefined })],
  ...[0.01, 0.3, 0.7, 0.99].map((share): [string, (text: string) => string] => [
    `torn at ${share}`,
    (text) => text.slice(0, text.length * share),
  ]),
])('what is no good is not believed, and the state is read: %s', async (_what, spoil) => {
  const paths = await written();
  writeFileSync(paths.recentFile, spoil(readFileSync(paths.recentFile, 'utf8')));
  expect((await expectTrue(paths)).older).toEqual({});
  // The next writer puts it right, also where nothing is new.
  await appended(paths);
  expect((await expectTrue(paths)).older).not.toEqual({});
});

test('it is no snapshot of the whole, whatever its name', async () => {
  const paths = await written();
  writeFileSync(paths.stateFile, readFileSync(paths.recentFile));
  const { state, warnings } = await readState(paths);
  expect(Object.keys(state.days)).toEqual(DATES);
  expect(warnings).toEqual([expect.stringContaining('it is damaged')]);
});

test('an event that the journal has no more is in no status', async () => {
  const paths = await written();
  await appended(paths, { type: 'task.failed', day: DATES[8]!, task: 'a', data: { reason: 'never was' } });
  const path = join(paths.journal, dayFiles(paths.journal).at(-1)!);
  truncateSync(path, readFileSync(path, 'latin1').trimEnd().lastIndexOf('\n') + 1);
  const recent = await expectTrue(paths);
  expect(recent.days[DATES[8]!]?.tasks.a).toMatchObject({ status: 'done' });
});

test('after a repair what was lost is in no status, though the journal ends as before', async () => {
  const paths = await written();
  const words = `done on ${DATES[8]!}`;
  const file = dayFiles(paths.journal)
    .map((name) => join(paths.journal, name))
    .find((path) => readFileSync(path, 'latin1').includes(words))!;
  writeFileSync(file, readFileSync(file, 'latin1').replace(words, 'X'), 'latin1');
  // What lies before the place where it goes on is not looked at, as with the snapshot.
  expect((await readRecent(paths)).recent.days[DATES[8]!]?.tasks.a).toMatchObject({ status: 'done' });
  await repairJournal(paths.journal, { stateFile: paths.stateFile, clock });
  expect((await expectTrue(paths)).days[DATES[8]!]?.tasks.a).toMatchObject({ status: 'queued' });
});

test('while events go on it is written again and again, long before the snapshot', async () => {
  const paths = await written();
  const journal = await openJournal(paths, { clock });
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => journal.append(warned(`m${n}`))));
    await expect
      .poll(() => JSON.parse(readFileSync(paths.recentFile, 'utf8')) as object)
      .toMatchObject({ seq: journal.state.seq });
  }
  await journal.close();
});
