import { orderTasks } from '../plan/index.ts';
import { holdsStart, wideBudgets, type MonthLimits } from '../budget/index.ts';
import type { DayState, State, TaskState } from '../journal/index.ts';
import { isLetGo, mayGoOn, nextStep, prepared, type Seen } from './machine.ts';

/** What this process is doing. */
export interface Busy {
  /** Tasks that are driven. They hold a slot, whether they work, check, or wait in their process, until their agent is let go. */
  driven: ReadonlySet<string>;
  /** Tasks whose workspace is being made ahead: no slot. */
  ahead: ReadonlySet<string>;
  /** Slots that all days together have left: of a day that runs over midnight the next one gets what is free. */
  room: number;
}

/** The config's limits over days for a project. */
export type LimitsOf = (project: string) => MonthLimits;

export interface Admission {
  /** Tasks to drive now, in order. */
  go: string[];
  /** Tasks whose workspace may be made ahead while the slots are full. */
  ahead: string[];
  /** The task that begins when a slot is free, where its workspace is made. */
  next?: string;
  /** Queued tasks that will never start, with the reason. */
  drop: { task: string; reason: string }[];
}

/**
 * Which tasks of a day get a slot now. What was interrupted
 * comes first, then what was parked and may go on, then new tasks in the plan's order. O(tasks × items).
 */
export function admit(state: State, day: DayState, busy: Busy, now: number, limits: LimitsOf): Admission {
  const mine = Object.entries(state.items).filter(([, item]) => item.day === day.date);
  const seen: Seen = { day: day.date, items: Object.fromEntries(mine), now };
  const drop = dropped(day, busy);
  if (day.status !== 'running') return { go: [], ahead: [], drop };
  const tasks = orderTasks(Object.values(day.tasks).map((task) => task.spec)).flatMap(
    (spec) => day.tasks[spec.id] ?? [],
  );
  let free = freeSlots(day, busy);
  const go: string[] = [];
  const ahead: string[] = [];
  let next: string | undefined;
  const blocked = closed(state, day, now);
  for (const task of candidates(tasks, busy, seen)) {
    const fresh = isFresh(task);
    if (fresh && !ready(task, day)) continue;
    if (blocked !== undefined || (fresh && budgetHolds(state, day, task, limits) !== undefined)) continue;
    if (free > 0) {
      go.push(task.spec.id);
      free -= 1;
    } else if (fresh && prepared(task)) {
      next ??= task.spec.id;
    } else if (fresh && ahead.length === 0 && busy.ahead.size === 0) {
      ahead.push(task.spec.id);
    }
  }
  return { go, ahead, drop, ...(next === undefined ? {} : { next }) };
}

/** Why nothing may start now on this day; undefined where it may. */
export function closed(state: State, day: DayState, now: number): string | undefined {
  for (const task of Object.values(day.tasks)) {
    const parked = task.parked;
    if (
      parked?.reason === 'usage_limit' &&
      parked.until !== undefined &&
      Date.parse(parked.until) > now &&
      parked.ready !== true
    )
      return `the usage limit holds until ${parked.until}`;
  }
  const mine = Object.values(state.items).filter((item) => item.status === 'open' && item.day === day.date);
  const canary = mine.find((item) => item.kind === 'canary');
  if (canary !== undefined) return `the canary failed (${canary.id})`;
  const login = mine.find((item) => item.kind === 'login');
  return login === undefined ? undefined : `the login does not work (${login.id})`;
}

/** The budget that keeps this task from beginning; undefined where none does. */
function budgetHolds(state: State, day: DayState, task: TaskState, limits: LimitsOf) {
  const { project } = task.spec;
  return holdsStart(day, wideBudgets(state, day.date, project, limits(project)));
}

/** The first task that could begin if a budget were larger, and that budget; undefined where no budget is what holds the day up. */
export function heldByBudget(
  state: State,
  day: DayState,
  now: number,
  limits: LimitsOf,
): { task: string; space: NonNullable<ReturnType<typeof holdsStart>> } | undefined {
  if (day.status !== 'running' || closed(state, day, now) !== undefined) return undefined;
  const fresh = Object.values(day.tasks)
    .filter((task) => isFresh(task) && task.status !== 'parked' && ready(task, day))
    .map((task) => ({ task: task.spec.id, space: budgetHolds(state, day, task, limits) }));
  // One that may begin will: then no budget holds the day up.
  if (fresh.some(({ space }) => space === undefined)) return undefined;
  return fresh.flatMap(({ task, space }) => (space === undefined ? [] : [{ task, space }]))[0];
}

/** Whether slots of a running day stand empty that nothing in it will take as it is. */
export function hasIdleSlots(state: State, day: DayState, busy: Busy, now: number, limits: LimitsOf): boolean {
  if (day.status !== 'running' || closed(state, day, now) !== undefined || busy.ahead.size > 0) return false;
  const { go } = admit(state, day, busy, now, limits);
  return go.length < freeSlots(day, busy);
}

function freeSlots(day: DayState, busy: Busy): number {
  const holding = [...busy.driven].filter((id) => {
    const task = day.tasks[id];
    return task === undefined || !isLetGo(task);
  });
  return Math.min(day.plan.concurrency - holding.length, busy.room);
}

function candidates(tasks: TaskState[], busy: Busy, seen: Seen): TaskState[] {
  const open = tasks
    .filter(({ spec }) => !busy.driven.has(spec.id) && !busy.ahead.has(spec.id))
    .filter((task) => nextStep(task, seen) !== undefined);
  const rank = (task: TaskState) =>
    task.status === 'working' || task.status === 'checking' ? 0 : task.status === 'parked' ? 1 : 2;
  return open
    .map((task, index) => ({ task, index }))
    .sort((a, b) => rank(a.task) - rank(b.task) || a.index - b.index)
    .map(({ task }) => task);
}

/** Whether its agent is still to begin, be it for the first time or again: also where it was paused before that. */
function isFresh(task: TaskState): boolean {
  return task.status === 'queued' || task.status === 'preparing' || (task.status === 'parked' && task.attempt === 0);
}

function ready(task: TaskState, day: DayState): boolean {
  return task.spec.needs.every((need) => day.tasks[need]?.status === 'done');
}

function dropped(day: DayState, busy: Busy): Admission['drop'] {
  return Object.values(day.tasks).flatMap((task) => {
    if (!isFresh(task) || busy.driven.has(task.spec.id) || busy.ahead.has(task.spec.id)) return [];
    const failed = task.spec.needs.find(
      (need) => day.tasks[need]?.status === 'failed' || day.tasks[need]?.status === 'stopped',
    );
    return failed === undefined ? [] : [{ task: task.spec.id, reason: `dependency failed: ${failed}` }];
  });
}

/** The earliest time at which a parked task of this day may go on by itself; undefined where none will. */
export function nextWake(state: State, day: DayState, now: number): number | undefined {
  const times = Object.values(day.tasks).flatMap((task) => {
    const until = task.parked?.until;
    return until === undefined || mayGoOn(task, { day: day.date, items: state.items, now }) ? [] : [Date.parse(until)];
  });
  for (const item of Object.values(state.items))
    if (item.status === 'open' && item.day === day.date && item.silence.kind === 'default')
      times.push(Date.parse(item.silence.at));
  return times.length === 0 ? undefined : Math.min(...times);
}
