import type { State, TaskState } from '../journal/index.ts';
import { keptOf } from './kept.ts';
import type { PastTask } from './suggest.ts';

/** Stars from which on a task counts as done well. */
const WELL = 4;

/**
 * Tasks of a project that were done well, with the files that their agents read and changed: rated well and not written anew by the person
 * since; or not rated, and committed as they were.
 */
export function wellRated(state: Pick<State, 'days' | 'feedback'>, project: string): PastTask[] {
  return Object.values(state.days).flatMap(({ date, tasks }) =>
    Object.values(tasks).flatMap((task): PastTask[] => {
      const rating = state.feedback[date]?.tasks[task.spec.id]?.rating;
      const kept = keptOf(task.survival);
      const well = rating === undefined ? kept === 'stands' : rating >= WELL && kept !== 'rewritten';
      if (task.spec.project !== project || !well) return [];
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
