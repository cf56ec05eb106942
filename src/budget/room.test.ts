import { expect, test } from 'vitest';
import type { DayState, TaskState } from '../journal/index.ts';
import { emptyState, fold, type JournalEvent, type NewEvent, type State } from '../journal/index.ts';
import { DAY as day, dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { alertsDue, holdsStart, room, wideBudgets } from './index.ts';

/** A day of $10 (alert at 75 %) with a task `free` and a task `tight` of $2, after these events. */
function after(...events: NewEvent[]): { day: DayState; free: TaskState; tight: TaskState; state: State } {
  const state = emptyState();
  const tasks = [taskSpec('free'), taskSpec('tight', { maxCostUsd: 2 })];
  const plan = dayPlan(tasks, { maxCostUsd: 10 });
  const planned: NewEvent = { type: 'day.planned', data: { plan, payer: 'p', warnings: [] } };
  [planned, ...events].forEach((event, i) => {
    const full = { ...event, day, v: 1, seq: i + 1, at: '2026-11-23T08:00:00.000Z', actor: { kind: 'daemon' } };
    fold(state, full as JournalEvent);
  });
  const today = state.days[day];
  const free = today?.tasks.free;
  const tight = today?.tasks.tight;
  if (today === undefined || free === undefined || tight === undefined) throw new Error('the fold lost the day');
  return { day: today, free, tight, state };
}

function reserved(task: string, usd: number, call = 'c1'): NewEvent {
  return { type: 'model.reserved', task, data: { call, model: 'm', usd } };
}

function settled(task: string, usd: number, call = 'c1'): NewEvent {
  const tokens = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
  return { type: 'model.settled', task, data: { call, model: 'm', tokens, usd, basis: 'exact', ms: 1 } };
}

/** A call that was reserved and settled. */
function spent(task: string, usd: number, call = 'c1'): NewEvent[] {
  return [reserved(task, usd, call), settled(task, usd, call)];
}

test('a call fits up to the last cent of the task’s and the day’s budget', () => {
  const { day, free, tight } = after();
  expect(room(day, tight, 2)).toEqual({ ok: true });
  expect(room(day, tight, 2.01)).toEqual({ ok: false, scope: 'task', limitUsd: 2, spentUsd: 0 });
  expect(room(day, free, 10)).toEqual({ ok: true });
  expect(room(day, free, 10.01)).toEqual({ ok: false, scope: 'day', limitUsd: 10, spentUsd: 0 });
});

test('what is reserved counts as spent, also what other tasks have reserved', () => {
  const { day, tight } = after(...spent('free', 8, 'a'), reserved('free', 1.5, 'b'), reserved('tight', 0.2, 'c'));
  expect(room(day, tight, 0.3)).toEqual({ ok: true });
  expect(room(day, tight, 0.4)).toMatchObject({ ok: false, scope: 'day' });
  const settledNow = after(reserved('tight', 1.9, 'a'), settled('tight', 0.1, 'a'));
  expect(room(settledNow.day, settledNow.tight, 1.9)).toEqual({ ok: true });
});

test('a raise makes room', () => {
  const full = after(...spent('tight', 2));
  expect(room(full.day, full.tight, 0.5)).toMatchObject({ ok: false, scope: 'task' });
  const raised = after(...spent('tight', 2), {
    type: 'budget.raised',
    task: 'tight',
    data: { scope: 'task', limitUsd: 3 },
  });
  expect(room(raised.day, raised.tight, 0.5)).toEqual({ ok: true });
});

test('sums of cents do not stop a call that fits', () => {
  const cents = Array.from({ length: 19 }, (_, i) => spent('tight', 0.1, `c${i}`)).flat();
  const { day, tight } = after(...cents);
  expect(room(day, tight, 0.1)).toEqual({ ok: true });
});

test('an alert is due at its share of the budget, once a scope', () => {
  expect(alertsDue(after(...spent('free', 7.49)).day)).toEqual([]);
  const due = after(...spent('free', 6), ...spent('tight', 1.5, 'c2'));
  expect(alertsDue(due.day, due.tight)).toEqual([
    { scope: 'day', percent: 75, spentUsd: 7.5, limitUsd: 10 },
    { scope: 'task', percent: 75, spentUsd: 1.5, limitUsd: 2 },
  ]);
  expect(alertsDue(due.day, due.free)).toHaveLength(1);
  const told = after(...spent('free', 7.5), {
    type: 'budget.alerted',
    data: { scope: 'day', percent: 75, spentUsd: 7.5, limitUsd: 10 },
  });
  expect(alertsDue(told.day)).toEqual([]);
  expect(alertsDue(due.day, due.tight, [75])).toHaveLength(1);
});

test('no new task starts from 95 % of the day’s budget on', () => {
  expect(holdsStart(after(...spent('free', 9.49)).day)).toBeUndefined();
  expect(holdsStart(after(...spent('free', 9), reserved('tight', 0.5, 'b')).day)).toEqual({
    scope: 'day',
    limitUsd: 10,
    spentUsd: 9.5,
  });
  expect(holdsStart(after(...spent('free', 12)).day)).toBeDefined();
});

test('a month’s and a project’s budget hold over days, and a raise of theirs until the config names another', () => {
  const limits = { monthUsd: 20, projectUsd: 5 };
  const { state, day: today, free } = after(...spent('free', 4), reserved('tight', 0.5, 'b'));
  const wide = wideBudgets(state, day, 'home', limits);
  expect(wide.map(({ scope, spentUsd }) => [scope, spentUsd])).toEqual([
    ['project', 4.5],
    ['month', 4.5],
  ]);
  expect(room(today, free, 0.5, wide)).toEqual({ ok: true });
  expect(room(today, free, 0.6, wide)).toEqual({ ok: false, scope: 'project', limitUsd: 5, spentUsd: 4.5 });
  expect(holdsStart(today, wide)).toBeUndefined();
  expect(holdsStart(today, wideBudgets(state, day, 'home', { monthUsd: 4.7 }))).toMatchObject({ scope: 'month' });
  expect(wideBudgets(state, '2026-12-01', 'home', limits).map((one) => one.spentUsd)).toEqual([0, 0]);
  const data = { scope: 'project' as const, limitUsd: 9, fromUsd: 5 };
  const raised = after(...spent('free', 4), { type: 'budget.raised', task: 'free', data }).state;
  expect(wideBudgets(raised, day, 'home', limits)[0]?.limitUsd).toBe(9);
  expect(wideBudgets(raised, day, 'home', { projectUsd: 6 })[0]?.limitUsd).toBe(6);
});

test('an alert of a wider budget is due once', () => {
  const { state, day: today, free } = after(...spent('free', 4));
  const wide = wideBudgets(state, day, 'home', { monthUsd: 5 });
  expect(alertsDue(today, free, [], wide)).toEqual([{ scope: 'month', percent: 75, spentUsd: 4, limitUsd: 5 }]);
  const told = after(...spent('free', 4), {
    type: 'budget.alerted',
    task: 'free',
    data: { scope: 'month', percent: 75, spentUsd: 4, limitUsd: 5 },
  });
  expect(alertsDue(told.day, told.free, [], wideBudgets(told.state, day, 'home', { monthUsd: 5 }))).toEqual([]);
});
