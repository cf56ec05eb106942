import type { TaskState } from '../journal/index.ts';

/** With fewer added lines the share says nothing. */
const FEWEST_LINES = 5;
/** From this share on people took the work as it was; below the other they wrote it anew. Between them it says nothing. */
const STANDS = 0.9;
const REWRITTEN = 0.5;

/**
 * What the survival of a task's lines says of its work, once some of it is committed: until then nobody knows what will stay. Where nothing of it
 * stands it says nothing either: it may be put aside, or lie on another branch.
 */
export function keptOf(
  survival: Pick<NonNullable<TaskState['survival']>, 'added' | 'standing' | 'committed'> | undefined,
): 'stands' | 'rewritten' | undefined {
  if (survival === undefined || survival.added < FEWEST_LINES || survival.committed === 0) return undefined;
  const share = survival.standing / survival.added;
  if (share >= STANDS && survival.committed === survival.standing) return 'stands';
  return share < REWRITTEN ? 'rewritten' : undefined;
}
