import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { LimitHit, SandboxPolicy } from '../types.ts';
import { openGroups } from './groups.ts';
import { limitMeans } from './means.ts';
import { watchLimits } from './watch.ts';

/** What the kernel ends first when the whole machine runs out of memory: an agent, and nothing of the person's. */
const victim = '500';
/** Of the priority of the person's own programs a third: a hundred busy processes must not make the machine stand still. */
const niceness = 5;

export interface KeptLimits {
  /** Stops watching and takes the groups away; what was reached. Call it once all processes are gone. */
  over(): Promise<LimitHit[]>;
  /** Ends what `behind` began. */
  front(): void;
}

/**
 * Keeps a process that waits for its orders, and what it will start, within the policy's limits: see `limitMeans`. Throws
 * DayshiftError where one that should work does not.
 */
export function keepLimits(
  pid: number,
  { limits, writable }: Pick<SandboxPolicy, 'limits' | 'writable'>,
  {
    name,
    behind,
    pids,
    onHit,
  }: { name: string; behind: boolean; pids: () => Promise<number[]>; onHit: (hit: LimitHit) => void },
): KeptLimits {
  if (Object.values(limits).every((limit) => limit === 0))
    return { over: () => Promise.resolve([]), front: () => undefined };
  const groups = openGroups(pid, limits, name, behind);
  yieldTo(pid);
  const watching = watchLimits({ limits, folders: writable, groups, means: limitMeans(), pids, onHit });
  return {
    async over() {
      const hits = watching.stop();
      await groups.remove();
      return hits;
    },
    front: () => groups.front(),
  };
}

/** The person's own programs come first. Not a promise: where it cannot be had it is left. */
function yieldTo(pid: number): void {
  try {
    setPriority(pid, niceness);
    writeFileSync(`/proc/${pid}/oom_score_adj`, victim);
  } catch {
    // another system, or it has ended already
  }
}
