import { dayCostOf, type DayState, type State, type TaskState } from '../journal/index.ts';
import { shiftDate } from './dates.ts';

/** A task of an earlier day that is taken into a later one. */
export interface Carried {
  day: string;
  task: string;
  state: TaskState;
  /** Whose work its checkout starts with, its own last; all of earlier days. */
  startsFrom: { day: string; task: string }[];
}

/** So many days back unfinished tasks are looked for. */
const DAYS_BACK = 14;

/** Percent of a day's budget from which it begins no task. */
const NO_NEW_TASK_PERCENT = 95;

/** Why a task ended that goes on in another day: also what finds it again after a crash in between. */
export function carriedReason(date: string): string {
  return `carried over to ${date}`;
}

/**
 * Unfinished tasks of earlier days that would not go on there by themselves: their day is paused or over, or its money
 * is. A task that waits for an answer stays where it was asked, and one that is at work where it works: their day goes
 * on beside this one. Of one name the latest.
 */
export function carryable(state: State, date: string): Carried[] {
  const earliest = shiftDate(date, -DAYS_BACK);
  const days = Object.values(state.days)
    .filter((day) => day.date < date && day.date >= earliest)
    .sort((a, b) => (a.date < b.date ? 1 : -1));
  const found: Carried[] = [];
  for (const day of days) {
    const left = Object.values(day.tasks).filter(
      (task) => isLeft(day, task, date) && found.every((other) => other.task !== task.spec.id),
    );
    // What was left first comes first.
    found.unshift(
      ...left.map((task) => ({ day: day.date, task: task.spec.id, state: task, startsFrom: startsFrom(day, task) })),
    );
  }
  return found;
}

function isLeft(day: DayState, task: TaskState, date: string): boolean {
  switch (task.status) {
    case 'done':
    case 'failed':
      return false;
    case 'stopped':
      return task.reason === carriedReason(date);
    case 'preparing':
    case 'working':
    case 'checking':
      return day.status !== 'running';
    case 'queued':
      return day.status !== 'running' || dayCostOf(day) >= (day.limitUsd * NO_NEW_TASK_PERCENT) / 100;
    case 'parked':
      if (task.parked?.reason === 'budget') return true;
      return day.status !== 'running' && (task.parked?.reason === 'paused' || task.parked?.reason === 'shutdown');
  }
}

/** The work that lies behind a task: that of what it needed, of what it started from, and its own. */
function startsFrom(day: DayState, task: TaskState): Carried['startsFrom'] {
  const list: Carried['startsFrom'] = [];
  const add = (ref: Carried['startsFrom'][number]) => {
    if (!list.some((other) => other.day === ref.day && other.task === ref.task)) list.push(ref);
  };
  const seen = new Set<string>();
  const visit = (one: TaskState) => {
    if (seen.has(one.spec.id)) return;
    seen.add(one.spec.id);
    for (const need of one.spec.needs) {
      const other = day.tasks[need];
      if (other?.status === 'done') visit(other);
    }
    for (const ref of one.spec.startsFrom ?? []) add(ref);
    if (one.workspace !== undefined) add({ day: day.date, task: one.spec.id });
  };
  visit(task);
  return list;
}
