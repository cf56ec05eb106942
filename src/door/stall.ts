import type { Clock } from '../base/index.ts';

/** How finely time is looked at: a stall is noticed after 1 to 1.2 times its limit. */
const ticks = 5;

export interface StallWatch {
  /** Something came. */
  touch(): void;
  stop(): void;
}

/**
 * Calls `onStall` once when nothing came for `ms`. Time in which `excused` says so does not count. Cheap to touch: no
 * timer is made for it.
 */
export function watchStall(clock: Clock, ms: number, excused: () => boolean, onStall: () => void): StallWatch {
  let idle = 0;
  let cancel = arm();
  function arm(): () => void {
    return clock.after(ms / ticks, () => {
      idle = excused() ? 0 : idle + 1;
      if (idle > ticks) onStall();
      else cancel = arm();
    });
  }
  return {
    touch() {
      idle = 0;
    },
    stop: () => cancel(),
  };
}
