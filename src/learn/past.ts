import type { State, TaskState } from '../journal/index.ts';
import type { PastTask } from './suggest.ts';

/** Stars from which on a task counts as done well. */
const WELL = 4;

/** Tasks of a project that were rated well, with the files that their agents read and changed. */
export function wellRated(state: Pick<State, 'days' | 'feedback'>, project: string): PastTask[] {
  return Object.values(state.days).flatMap(({ date, tasks }) =>
    Object.values(tasks).flatMap((task): PastTask[] => {
      const rating = state.feedback[date]?.tasks[task.spec.id]?.rating;
      if (task.spec.project !== project || rating === undefined || rating < WELL) return [];
      const { name, description, module, tags } = task.spec;
      const text = [name, description, ...tags].join(' ');
      return [{ key: `${date}/${task.spec.id}`, text, module, files: filesOf(task) }];
    }),
  );
}

/** What its agent read and changed, by path. */
export function filesOf(task: TaskState): PastTask['files'] {
  const edited = (task.work?.stat.paths ?? []).filter(({ status }) => status !== 'D');
  return { ...task.files, ...Object.fromEntries(edited.map(({ path }) => [path, 'edited' as const])) };
}
