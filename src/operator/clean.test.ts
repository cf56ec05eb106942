import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { manualClock } from '../base/index.ts';
import { homePaths, type Home } from '../home/index.ts';
import { openJournal, type NewEvent } from '../journal/index.ts';
import { taskSpec } from '../journal/testing.ts';
import { createOperator } from './index.ts';

test.each([
  ['America/New_York', 'There is nothing to clean: no day before today'],
  ['UTC', 'would be removed'],
])('a day is old by the calendar of %s', async (timezone, said) => {
  const paths = homePaths(newFolder('clean'));
  const journal = await openJournal(paths);
  const day = '2026-11-23';
  const plan = {
    ...{ date: day, file: 'tasks/x.yaml', timezone, concurrency: 1, maxCostUsd: 1, alertPercent: 75 },
    tasks: [taskSpec('a')],
  };
  await journal.append(
    { type: 'day.planned', day, data: { plan, payer: 'nobody', warnings: [] } },
    { type: 'task.prepared', day, task: 'a', data: { checkout: '/c', base: 'b', kind: 'worktree', ms: 1 } },
    { type: 'task.done', day, task: 'a', data: { reasons: [] } },
  );
  const home = { paths, config: { timezone } } as Home;
  const clock = manualClock(Date.parse('2026-11-24T01:00:00Z'));
  const operator = createOperator({
    home,
    journal,
    clock,
    newId: () => 'x',
    redact: (text) => text,
    namedSecrets: () => [],
    runner: undefined,
  });
  const outcome = await operator.clean({ dryRun: true }, { kind: 'person' });
  await journal.close();
  expect(outcome.message).toContain(said);
});

/** A day of the past whose only task has a checkout, and an operator who cleans. */
async function pastDay(...events: NewEvent[]) {
  const paths = homePaths(newFolder('clean'));
  const journal = await openJournal(paths);
  onTestFinished(() => journal.close());
  const day = '2026-11-20';
  const checkout = join(paths.workspaces, day, 'a', 'checkout');
  mkdirSync(checkout, { recursive: true });
  const plan = {
    ...{ date: day, file: 'tasks/x.yaml', timezone: 'UTC', concurrency: 1, maxCostUsd: 1, alertPercent: 75 },
    tasks: [taskSpec('a', { project: 'gone' })],
  };
  const of = { day, task: 'a' };
  const write = (...more: NewEvent[]) => journal.append(...more.map((event) => ({ ...of, ...event })));
  await write(
    { type: 'day.planned', data: { plan, payer: 'nobody', warnings: [] } },
    { type: 'task.prepared', data: { checkout, base: 'b', kind: 'worktree', ms: 1 } },
    { type: 'attempt.intended', attempt: 1, data: { sessionId: 's', mode: 'start', why: 'first' } },
    ...events,
  );
  const home = { paths, config: { timezone: 'UTC' }, projects: [] as Home['projects'], unavailable: {} } as Home;
  const clock = manualClock(Date.parse('2026-11-24T01:00:00Z'));
  const operator = createOperator({
    ...{ home, journal, clock, newId: () => 'x', redact: (text: string) => text },
    ...{ namedSecrets: () => [], runner: undefined },
  });
  const clean = async (input: { force?: boolean; dryRun?: boolean } = {}) => {
    const { ok, message } = await operator.clean(input, { kind: 'daemon' });
    return { ok, message, isThere: existsSync(checkout) };
  };
  return { write, clean };
}

const done: NewEvent = { type: 'task.done', data: { reasons: [] } };
const measured = (tree: string, files = 1): NewEvent => ({
  type: 'work.measured',
  data: { stat: { files, insertions: files, deletions: 0, paths: [] }, patch: 'p', tree },
});
const applied = (tree: string): NewEvent => ({ type: 'workspace.applied', data: { id: 'i', files: 1, tree } });
const kept = { ok: true, isThere: true };
const gone = { ok: true, isThere: false };

test('work that nobody took over stays without --force, also what was done anew since, and what was never measured', async () => {
  for (const [events, why] of [
    [[measured('t1'), done], 'its work was not applied (1 file); --force removes it'],
    [[measured('t1'), done, applied('t1'), measured('t2'), done], 'its work was not applied (1 file)'],
    [[{ type: 'task.stopped', data: { reason: 'r' } }], 'what it did was not measured; --force removes it'],
  ] as const) {
    const { clean } = await pastDay(...events);
    expect(await clean()).toEqual({ ...kept, message: expect.stringContaining(why) as string });
    expect(await clean({ force: true, dryRun: true })).toMatchObject(kept);
    expect(await clean({ force: true })).toMatchObject(gone);
  }
});

test('what works or waits is not cleaned by force either, and what was taken over or changed nothing goes without', async () => {
  const working = await pastDay();
  expect(await working.clean({ force: true })).toMatchObject({
    ...kept,
    message: expect.stringContaining('working') as string,
  });
  const parked = await pastDay({ type: 'task.parked', data: { reason: 'paused' } });
  expect(await parked.clean()).toMatchObject({ ...kept, message: expect.stringContaining('parked') as string });
  for (const events of [
    [measured('t', 0), done],
    [measured('t'), done, applied('t')],
  ])
    expect(await (await pastDay(...events)).clean()).toMatchObject(gone);
});

test('the checkout of a project that is no longer in the settings goes all the same', async () => {
  const { clean } = await pastDay(measured('t', 0), done);
  expect(await clean()).toEqual({ ...gone, message: expect.stringContaining('2026-11-20/a: removed') as string });
});
