import { DayshiftError } from '../base/index.ts';
import { daysLatestFirst, type State, type TaskState } from '../journal/index.ts';

export interface FoundTask {
  day: string;
  task: string;
  state: TaskState;
}

/** Finds a task by `[DATE/]id`, by default of the latest day that has it. Throws a usage error that lists what there is. */
export function findTask(state: State, name: string): FoundTask {
  const slash = name.indexOf('/');
  const date = slash < 0 ? undefined : name.slice(0, slash);
  const id = name.slice(slash + 1);
  const days = date === undefined ? daysLatestFirst(state) : [date];
  for (const day of days) {
    const tasks = state.days[day]?.tasks ?? {};
    const found = Object.hasOwn(tasks, id) ? tasks[id] : undefined;
    if (found !== undefined) return { day, task: id, state: found };
  }
  const latest = daysLatestFirst(state)[0];
  const known = latest === undefined ? [] : Object.keys(state.days[latest]?.tasks ?? {});
  throw new DayshiftError('usage', `there is no task ${name}`, {
    hint: known.length === 0 ? 'no day has run yet: dayshift run' : `the tasks of ${latest ?? ''}: ${known.join(', ')}`,
  });
}
