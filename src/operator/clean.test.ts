import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { manualClock } from '../base/index.ts';
import { homePaths, type Home } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';
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

test('the checkout of a project that is no longer in the settings goes all the same', async () => {
  const paths = homePaths(newFolder('clean'));
  const journal = await openJournal(paths);
  const day = '2026-11-20';
  const checkout = join(paths.workspaces, day, 'a', 'checkout');
  mkdirSync(checkout, { recursive: true });
  const plan = {
    ...{ date: day, file: 'tasks/x.yaml', timezone: 'UTC', concurrency: 1, maxCostUsd: 1, alertPercent: 75 },
    tasks: [taskSpec('a', { project: 'gone' })],
  };
  await journal.append(
    { type: 'day.planned', day, data: { plan, payer: 'nobody', warnings: [] } },
    { type: 'task.prepared', day, task: 'a', data: { checkout, base: 'b', kind: 'worktree', ms: 1 } },
    { type: 'task.done', day, task: 'a', data: { reasons: [] } },
  );
  const home = { paths, config: { timezone: 'UTC' }, projects: [] as Home['projects'], unavailable: {} } as Home;
  const clock = manualClock(Date.parse('2026-11-24T01:00:00Z'));
  const context = {
    home,
    journal,
    clock,
    newId: () => 'x',
    redact: (text: string) => text,
    namedSecrets: () => [],
    runner: undefined,
  };
  const { ok, message } = await createOperator(context).clean({}, { kind: 'daemon' });
  await journal.close();
  expect({ ok, message }).toEqual({ ok: true, message: expect.stringContaining(`${day}/a: removed`) as string });
  expect(existsSync(join(paths.workspaces, day, 'a'))).toBe(false);
});
