import { dayForecast } from '../budget/index.ts';
import { dayCostOf, type DayState, type State, type TaskSpec, type TaskState } from '../journal/index.ts';
import { instantOf } from '../schedule/index.ts';
import type { ListedTask } from './list.ts';

const HOUR = 3_600_000;
const ENDED = new Set<TaskState['status']>(['done', 'failed', 'stopped']);

/** Percent of a day's budget that its tasks may be expected to cost before one more is taken. */
const FULL_PERCENT = 95;

/** The tasks of the backlog that no day has taken, in the order of the file. One that was taken is known by its id. */
export function waitingTasks(list: readonly ListedTask[], state: State): TaskSpec[] {
  const taken = takenTasks(state);
  return list.map(({ spec }) => spec).filter(({ id }) => !taken.has(id));
}

/** The ids of tasks of the backlog that days have taken: another task of that name would count as taken too. */
export function takenIds(state: State): string[] {
  return [...takenTasks(state).keys()];
}

/** Where each task of the backlog went that a day has taken: the latest day. */
function takenTasks(state: State): Map<string, { day: string; task: TaskState }> {
  const found = new Map<string, { day: string; task: TaskState }>();
  for (const day of Object.values(state.days)) {
    for (const task of Object.values(day.tasks)) {
      const { origin, id } = task.spec;
      // What was carried over may have come from the backlog first.
      if (origin?.kind !== 'backlog' && !(origin?.kind === 'carried' && found.has(id))) continue;
      const before = found.get(id);
      if (before === undefined || before.day < day.date) found.set(id, { day: day.date, task });
    }
  }
  return found;
}

export interface BacklogRoom {
  state: State;
  day: DayState;
  /** In ms since the epoch. */
  now: number;
  /** By the day's clock, `HH:MM`: what is taken should be done by then. */
  until: string;
}

/** The first task of the backlog that the day has time and money for; undefined where there is none. */
export function nextOfBacklog(list: readonly ListedTask[], room: BacklogRoom): TaskSpec | undefined {
  const { state, day } = room;
  const taken = takenTasks(state);
  const left = (day.limitUsd * FULL_PERCENT) / 100 - expectedCost(day, state);
  const end = instantOf(`${day.date}T${room.until}`, day.plan.timezone);
  const names = new Set(Object.keys(day.tasks).map((id) => id.toLowerCase()));
  for (const spec of waitingTasks(list, state)) {
    if (names.has(spec.id.toLowerCase())) continue;
    if (room.now + spec.estimate.hours * HOUR > end || likelyCost(spec, state) > left) continue;
    const needs = spec.needs.map((need) => taken.get(need));
    if (!needs.every((need) => need?.task.status === 'done' || need?.day === day.date)) continue;
    const earlier = spec.needs.flatMap((need) => {
      const found = taken.get(need);
      return found === undefined || found.day === day.date ? [] : [{ day: found.day, task: need }];
    });
    return {
      ...spec,
      origin: { kind: 'backlog' },
      needs: spec.needs.filter((need) => taken.get(need)?.day === day.date),
      ...(earlier.length === 0 ? {} : { startsFrom: earlier }),
    };
  }
  return undefined;
}

/** What the day has cost and what its open tasks are likely to cost yet, in US dollars. */
function expectedCost(day: DayState, state: State): number {
  const open = Object.values(day.tasks).filter((task) => !ENDED.has(task.status));
  return open.reduce((sum, task) => sum + Math.max(0, likelyCost(task.spec, state) - task.spentUsd), dayCostOf(day));
}

/** What the home's own tasks, or the built-in table, say that one like it costs in the middle, in US dollars. */
function likelyCost(spec: TaskSpec, state: State): number {
  const { p50 } = dayForecast(state.history, [spec]).usd;
  return spec.maxCostUsd === undefined ? p50 : Math.min(p50, spec.maxCostUsd);
}
