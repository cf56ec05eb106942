import type { TaskState } from '../journal/index.ts';
import { patchName, type TaskRef } from '../run/index.ts';

/** What is to be said of a task whose workspace was cleaned: undefined where it was not. */
export function cleanedWords(ref: TaskRef, state: Pick<TaskState, 'cleaned' | 'work'>): string | undefined {
  if (state.cleaned !== true) return undefined;
  const left = state.work === undefined ? 'what it did was not measured before' : `its work is in ${patchName(ref)}`;
  return `${ref.task}: its workspace was cleaned; ${left}`;
}
