import type { Clock } from '../base/index.ts';

/** A longer time between two looks, in ms, was no work: the machine slept, or its clock was set. */
const LONGEST_GAP_MS = 30_000;

/** Tells how long an attempt has worked and how long it has shown no progress, pauses and sleep of the machine left out. */
export interface Activity {
  progress(): void;
  /** Runs `work` with both clocks standing still. Nests. */
  suspended<T>(work: () => Promise<T>): Promise<T>;
  workedMs(): number;
  idleMs(): number;
}

/** To be asked several times a minute while the attempt lives: what lies between two looks counts up to half a minute. */
export function startActivity(clock: Clock): Activity {
  let worked = 0;
  let pauses = 0;
  let since = clock.now();
  let last = 0;
  const active = () => {
    const now = clock.now();
    const gap = now - since;
    if (pauses === 0 && gap > 0 && gap <= LONGEST_GAP_MS) worked += gap;
    since = now;
    return worked;
  };
  return {
    progress() {
      last = active();
    },
    async suspended(work) {
      active();
      pauses += 1;
      try {
        return await work();
      } finally {
        active();
        pauses -= 1;
        if (pauses === 0) last = worked;
      }
    },
    workedMs: active,
    idleMs: () => active() - last,
  };
}
