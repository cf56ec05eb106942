import { costOf, dayCostOf, type DayState, type EventData, type TaskState } from '../journal/index.ts';

/** From this share of the day's budget on no new task starts. */
const lastStart = 0.95;
/** A ten-thousandth of a cent: sums of binary fractions are not exact. */
const tolerance = 1e-6;

export type Room = { ok: true } | { ok: false; scope: 'task' | 'day'; limitUsd: number; spentUsd: number };

/**
 * Whether a call of about `usd` still fits into the task's and the day's budget. What is reserved counts as
 * spent. The task's own limit is named first, being the narrower one.
 */
export function room(day: DayState, task: TaskState, usd: number): Room {
  const spent = costOf(task);
  if (task.limitUsd !== undefined && spent + usd > task.limitUsd + tolerance) {
    return { ok: false, scope: 'task', limitUsd: task.limitUsd, spentUsd: spent };
  }
  const spentToday = dayCostOf(day);
  if (spentToday + usd > day.limitUsd + tolerance) {
    return { ok: false, scope: 'day', limitUsd: day.limitUsd, spentUsd: spentToday };
  }
  return { ok: true };
}

/**
 * The alerts that are due and were not told yet: the day's, and the task's where one is given that has a limit
 * of its own. `told` are the percentages told for that task (the day keeps its own).
 */
export function alertsDue(
  day: DayState,
  task?: TaskState,
  told: readonly number[] = [],
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
  return due;
}

function reached(spent: number, limit: number, percent: number): boolean {
  return spent + tolerance >= (limit * percent) / 100;
}

/** Whether the day's budget still lets a new task start: below 95 % of it. */
export function mayStartTask(day: DayState): boolean {
  return dayCostOf(day) + tolerance < day.limitUsd * lastStart;
}
