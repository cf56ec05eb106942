import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newBudgetItem, newForecastItem, newLoginItem } from '../inbox/index.ts';
import { openJournal, type NewEvent } from '../journal/index.ts';
import type { RunContext } from './context.ts';
import { settleOwnItems } from './own-items.ts';
import { aSpec, DAY, questionEvent } from './testing.ts';

const nobody = { stop: () => Promise.resolve(), parkAll: () => Promise.resolve() };

/** A journal with a day of two tasks. */
async function aDay() {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-items-'));
  const journal = await openJournal({ journal: join(root, 'journal'), stateFile: join(root, 'state.json') });
  onTestFinished(async () => {
    await journal.close();
    rmSync(root, { recursive: true });
  });
  const ctx = { journal, redact: (text: string) => text } as unknown as RunContext;
  const tasks = [aSpec('a'), aSpec('b')];
  const plan = { date: DAY, file: 'x', timezone: 'UTC', concurrency: 2, maxCostUsd: 50, alertPercent: 75, tasks };
  const write = (...events: NewEvent[]) => journal.append(...events.map((event) => ({ ...event, day: DAY })));
  await write({ type: 'day.planned', data: { plan, payer: 'nobody', warnings: [] } });
  return { ctx, journal, write };
}

test('what was asked for a task that is over is withdrawn; what is about the day waits for the other tasks', async () => {
  const { ctx, journal, write } = await aDay();
  const space = { limitUsd: 1, spentUsd: 1 };
  await write(
    questionEvent('q1', 'a', 't'),
    questionEvent('q2', 'b', 'u'),
    { type: 'item.opened', task: 'a', data: newBudgetItem('q3', { scope: 'task', ...space }) },
    { type: 'item.opened', task: 'a', data: newBudgetItem('q4', { scope: 'day', ...space }) },
    { type: 'item.opened', task: 'a', data: newLoginItem('q5', { detail: 'x' }) },
    { type: 'item.opened', data: newForecastItem('q6', { limitUsd: 1, p50Usd: 2, p80Usd: 3, records: 0 }) },
    { type: 'task.failed', task: 'a', data: { reason: 'its time is used up' } },
  );
  const open = () => Object.values(journal.state.items).filter((item) => item.status === 'open');
  await settleOwnItems(ctx, nobody);
  expect(open().map((item) => item.id)).toEqual(['q2', 'q4', 'q5', 'q6']);
  expect(journal.state.items.q1?.withdrawnWhy).toBe('the task is failed: its time is used up');
  await write({ type: 'task.stopped', task: 'b', data: { reason: 'x' } });
  await settleOwnItems(ctx, nobody);
  expect(open()).toEqual([]);
  expect(journal.state.items.q6).toMatchObject({ task: '', withdrawnWhy: 'the day is over' });
});

test('the answer to the day’s own question raises the day’s budget; it names no task that could be stopped', async () => {
  const { ctx, journal, write } = await aDay();
  const forecast = (id: string): NewEvent => ({
    type: 'item.opened',
    data: newForecastItem(id, { limitUsd: 1, p50Usd: 2, p80Usd: 3, records: 0 }),
  });
  await write(forecast('q1'), { type: 'item.answered', data: { id: 'q1', answers: ['Raise to $3.00'] } });
  await settleOwnItems(ctx, nobody);
  expect(journal.state.days[DAY]?.limitUsd).toBe(3);
  await write(forecast('q2'), { type: 'item.answered', data: { id: 'q2', answers: ['stop it'] } });
  await settleOwnItems(ctx, nobody);
  expect(journal.state.items.q2?.status).toBe('delivered');
  expect(Object.values(journal.state.days[DAY]!.tasks).map(({ status }) => status)).toEqual(['queued', 'queued']);
});
