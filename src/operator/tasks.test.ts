import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../base/index.ts';
import { newFailedCheckItem } from '../inbox/index.ts';
import { openJournal, type NewEvent } from '../journal/index.ts';
import { DAY, dayPlan, taskSpec } from '../journal/spec.testing.ts';
import type { OperatorContext } from './types.ts';
import { answer } from './answer.ts';
import { retry, stop } from './tasks.ts';

const by = { kind: 'person' as const };

/** An operator's context over a real journal with a day of tasks, each of which needs the one before it. */
async function aDay(ids: string[], ...events: NewEvent[]): Promise<OperatorContext> {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-operator-'));
  const journal = await openJournal({ journal: join(root, 'journal'), stateFile: join(root, 'state.json') });
  onTestFinished(async () => {
    await journal.close();
    rmSync(root, { recursive: true });
  });
  const tasks = ids.map((id, index) => taskSpec(id, { needs: ids.slice(Math.max(0, index - 1), index) }));
  const plan = dayPlan(tasks);
  await journal.append(
    { type: 'day.planned', day: DAY, data: { plan, payer: 'nobody', warnings: [] } },
    { type: 'day.started', day: DAY, data: {} },
    ...events.map((event) => ({ ...event, day: DAY })),
  );
  const parts = { journal, clock: systemClock, newId: () => 'id', redact: (text: string) => text, runner: undefined };
  return parts as unknown as OperatorContext;
}

const statuses = (ctx: OperatorContext) =>
  Object.values(ctx.journal.state.days[DAY]!.tasks).map((task) => [task.spec.id, task.status].join(' '));

const ended: NewEvent[] = [
  { type: 'task.failed', task: 'a', data: { reason: 'x' } },
  { type: 'task.stopped', task: 'b', data: { reason: 'dependency failed: a' } },
  { type: 'task.stopped', task: 'c', data: { reason: 'dependency failed: b' } },
];

test('a retry queues again all that was stopped because of the task, however far down', async () => {
  const ctx = await aDay(['a', 'b', 'c'], ...ended);
  expect((await retry(ctx, { task: 'a' }, by)).ok).toBe(true);
  expect(statuses(ctx)).toEqual(['a queued', 'b queued', 'c queued']);
});

test('a retry leaves a paused day paused, and says so', async () => {
  const ctx = await aDay(['a', 'b', 'c'], ...ended, { type: 'day.paused', data: { reason: 'x' } });
  expect((await retry(ctx, { task: 'a' }, by)).message).toContain('dayshift resume');
  expect(ctx.journal.state.days[DAY]?.status).toBe('paused');
});

test('names that every object has are no tasks', async () => {
  const ctx = await aDay(['a']);
  await expect(stop(ctx, { task: 'constructor' }, by)).rejects.toThrow('there is no task constructor');
});

const failed: NewEvent = {
  ...{ type: 'item.opened', task: 'a' },
  data: newFailedCheckItem('q1', { reasons: ['check `npm test` failed'], tries: 2 }, 0),
};

test('what a person says of a failed check gives the task another go with those words, once, and what waited for it too', async () => {
  const ctx = await aDay(['a', 'b'], ...ended.slice(0, 2), failed);
  expect((await answer(ctx, { item: 'q1', text: 'use the other fixture' }, by)).message).toContain('a is queued again');
  expect(statuses(ctx)).toEqual(['a queued', 'b queued']);
  expect(ctx.journal.state.items.q1).toMatchObject({ status: 'delivered' });
  expect((await answer(ctx, { item: 'q1', text: 'A' }, by)).message).toMatch(/answered already/);
});

test('of two answers at the same moment one is written down as the answer, and the other as refused', async () => {
  const ctx = await aDay(['a'], ...ended.slice(0, 1), failed);
  const written: string[] = [];
  onTestFinished(ctx.journal.subscribe(({ type, actor }) => written.push(`${type} ${actor.via ?? ''}`)));
  const via = (channel: 'discord' | 'telegram') => ({ ...by, via: channel });
  const said = await Promise.all([
    answer(ctx, { item: 'q1', text: 'B' }, via('discord')),
    answer(ctx, { item: 'q1', text: 'use the other fixture' }, via('telegram')),
  ]);
  expect(said.map(({ ok }) => ok)).toEqual([true, false]);
  expect(written.filter((one) => /^item\.(answered|refused)/.test(one))).toEqual([
    'item.answered discord',
    'item.refused telegram',
  ]);
});

test('left as it is, a failed task stays failed; another go by other means takes the question back', async () => {
  const left = await aDay(['a'], ...ended.slice(0, 1), failed);
  expect((await answer(left, { item: 'q1', text: 'B' }, by)).message).toContain('a stays failed');
  expect(statuses(left)).toEqual(['a failed']);
  const again = await aDay(['a'], ...ended.slice(0, 1), failed);
  await retry(again, { task: 'a' }, by);
  expect(again.journal.state.items.q1).toMatchObject({ status: 'withdrawn', withdrawnWhy: 'it has another go' });
});
