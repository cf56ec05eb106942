import { costOf, dayCostOf, type DayState, type EventData, type TaskState } from '../journal/index.ts';
import type { Scope, WideBudget } from './scope.ts';

/** From this share of the day's budget on no new task starts. */
const lastStart = 0.95;
/** A ten-thousandth of a cent: sums of binary fractions are not exact. */
const tolerance = 1e-6;

export type Room = { ok: true } | { ok: false; scope: Scope; limitUsd: number; spentUsd: number };

/**
 * Whether a call of about `usd` still fits into the task's and the day's budget, and into those over days. What is
 * reserved counts as spent. The narrowest limit is named first.
 */
export function room(day: DayState, task: TaskState, usd: number, wide: readonly WideBudget[] = []): Room {
  const spent = costOf(task);
  if (task.limitUsd !== undefined && spent + usd > task.limitUsd + tolerance) {
    return { ok: false, scope: 'task', limitUsd: task.limitUsd, spentUsd: spent };
  }
  const spentToday = dayCostOf(day);
  if (spentToday + usd > day.limitUsd + tolerance) {
    return { ok: false, scope: 'day', limitUsd: day.limitUsd, spentUsd: spentToday };
  }
  const full = wide.find((one) => one.spentUsd + usd > one.limitUsd + tolerance);
  if (full !== undefined) return { ok: false, scope: full.scope, limitUsd: full.limitUsd, spentUsd: full.spentUsd };
  return { ok: true };
}

/**
 * The alerts that are due and were not told yet: the day's, and the task's where one is given that has a limit
 * of its own. `told` are the percentages told for that task (the day and the wider ones keep their own).
 */
export function alertsDue(
  day: DayState,
  task?: TaskState,
  told: readonly number[] = [],
  wide: readonly WideBudget[] = [],
): EventData<'budget.alerted'>[] {
  const percent = day.plan.alertPercent;
  const due: EventData<'budget.alerted'>[] = [];
  const spentToday = dayCostOf(day);
  if (reached(spentToday, day.limitUsd, percent) && !day.alerted.includes(percent)) {
    due.push({ scope: 'day', percent, spentUsd: spentToday, limitUsd: day.limitUsd });
  }
  if (task?.limitUsd !== undefined && !told.includes(percent)) {
    const spent = costOf(task);
    if (reached(spent, task.limitUsd, percent)) {
      due.push({ scope: 'task', percent, spentUsd: spent, limitUsd: task.limitUsd });
    }
  }
  for (const { scope, spentUsd, limitUsd, alerted } of wide) {
    if (reached(spentUsd, limitUsd, percent) && !alerted.includes(percent))
      due.push({ scope, percent, spentUsd, limitUsd });
  }
  return due;
}

function reached(spent: number, limit: number, percent: number): boolean {
  return spent + tolerance >= (limit * percent) / 100;
}

/** The budget that keeps a new task from starting: the first of which 95 % are spent; undefined where there is none. */
export function holdsStart(
  day: DayState,
  wide: readonly WideBudget[] = [],
): (Pick<WideBudget, 'limitUsd' | 'spentUsd'> & { scope: Scope }) | undefined {
  const budgets = [{ scope: 'day' as const, spentUsd: dayCostOf(day), limitUsd: day.limitUsd }, ...wide];
  const full = budgets.find(({ spentUsd, limitUsd }) => spentUsd + tolerance >= limitUsd * lastStart);
  return full === undefined ? undefined : { scope: full.scope, limitUsd: full.limitUsd, spentUsd: full.spentUsd };
}
