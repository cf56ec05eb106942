import type { Clock } from '../base/index.ts';

/** Tells how long an attempt has worked and how long it has shown no progress, pauses left out. */
export interface Activity {
  progress(): void;
  /** Runs `work` with both clocks standing still. Nests. */
  suspended<T>(work: () => Promise<T>): Promise<T>;
  workedMs(): number;
  idleMs(): number;
}

export function startActivity(clock: Clock): Activity {
  let worked = 0;
  let pauses = 0;
  let since = clock.now();
  let last = 0;
  const active = () => worked + (pauses > 0 ? 0 : Math.max(0, clock.now() - since));
  return {
    progress() {
      last = active();
    },
    async suspended(work) {
      if (pauses === 0) worked = active();
      pauses += 1;
      try {
        return await work();
      } finally {
        pauses -= 1;
        if (pauses === 0) {
          since = clock.now();
          last = worked;
        }
      }
    },
    workedMs: active,
    idleMs: () => active() - last,
  };
}
