import type { Plan, State, TaskSpec } from '../journal/index.ts';
import { carryable, type Carried } from './carry.ts';
import type { ListedTask } from './list.ts';
import { isDueOn } from './when.ts';

export interface DayInput {
  date: string;
  /** The task file's plan; undefined where there is none. */
  file: Plan | undefined;
  /** What a day without a file is like: everything but its tasks. */
  empty: Plan;
  /** undefined where their file is broken: then those that the day has already stay. */
  recurring: readonly ListedTask[] | undefined;
  state: State;
  /** Take unfinished tasks of earlier days along: where there is something to do on this day anyway, in any case, or never. */
  carry: 'along' | 'always' | 'never';
  /** A day with nothing to do is a plan too: the backlog will fill it. */
  evenEmpty?: boolean;
}

export interface ComposedDay {
  /** undefined where there is nothing to do. */
  plan: Plan | undefined;
  /** Tasks of earlier days that end there, for they go on here. */
  carried: Carried[];
  /** For people, one line each. */
  notes: string[];
}

/**
 * The day's plan from all that makes it: its task file, the recurring tasks that are due, unfinished tasks of earlier
 * days, and, where the day is known already, what was taken into it before. The person's own words win: a task of the
 * file with the same id stands for the other, and goes on with its work.
 */
export function composeDay(input: DayInput): ComposedDay {
  const { date, file, empty, state } = input;
  const known = state.days[date];
  const own = file?.tasks ?? [];
  const notes: string[] = [];
  const taken = new Set(own.map((task) => task.id.toLowerCase()));
  const isFree = (id: string) => !taken.has(id.toLowerCase());
  const add = (tasks: TaskSpec[]) => {
    for (const task of tasks) taken.add(task.id.toLowerCase());
    return tasks;
  };
  const due = (input.recurring ?? [])
    .filter(({ when }) => when !== undefined && isDueOn(when, date))
    .map(({ spec }) => spec);
  for (const { id } of due)
    if (!isFree(id)) notes.push(`${id} is the task file’s own today: the recurring one is left out`);
  const recurring = add(due.filter(({ id }) => isFree(id)).map((spec) => ({ ...spec, origin: { kind: 'recurring' } })));
  const before = (known?.plan.tasks ?? []).filter(
    ({ origin, id }) =>
      isFree(id) &&
      (origin?.kind === 'carried' ||
        origin?.kind === 'backlog' ||
        (origin?.kind === 'recurring' && input.recurring === undefined)),
  );
  add(before);
  const wanted = input.carry === 'always' || (input.carry === 'along' && own.length + recurring.length > 0);
  const carried = known !== undefined || !wanted ? [] : carryable(state, date);
  const carriedTasks = add(carried.filter(({ task }) => isFree(task)).map(carriedSpec));
  for (const { task, day } of carried) notes.push(`${task} is carried over from ${day}`);
  const tasks = [...carriedTasks, ...own.map((spec) => goingOn(spec, carried, known?.plan)), ...recurring, ...before];
  if (file === undefined && tasks.length === 0 && input.evenEmpty !== true)
    return { plan: undefined, carried: [], notes };
  return { plan: { ...(file ?? known?.plan ?? empty), tasks: withinDay(tasks) }, carried, notes };
}

function carriedSpec({ day, task, state, startsFrom }: Carried): TaskSpec {
  return { ...state.spec, origin: { kind: 'carried', day, task }, ...(startsFrom.length === 0 ? {} : { startsFrom }) };
}

/** A task of the file that has the name of a carried one starts with its work. */
function goingOn(spec: TaskSpec, carried: readonly Carried[], known: Plan | undefined): TaskSpec {
  const startsFrom =
    carried.find(({ task }) => task === spec.id)?.startsFrom ??
    known?.tasks.find(({ id }) => id === spec.id)?.startsFrom;
  return startsFrom === undefined || startsFrom.length === 0 ? spec : { ...spec, startsFrom };
}

/** Needs of what is not in the day are met, or were never of this day. */
function withinDay(tasks: TaskSpec[]): TaskSpec[] {
  const ids = new Set(tasks.map(({ id }) => id));
  return tasks.map((task) =>
    task.needs.every((need) => ids.has(need)) ? task : { ...task, needs: task.needs.filter((need) => ids.has(need)) },
  );
}
