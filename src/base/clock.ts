/** Time as a parameter, so that tests own it. Milliseconds throughout. */
export interface Clock {
  /** Milliseconds since the epoch, as the wall clock says; may jump. */
  now(): number;
  /** Calls `run` once after `ms`; the returned function cancels it. Never keeps the process alive by itself. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    // setTimeout fires at once for delays past 2^31-1 ms (about 24.8 days): callers look again anyway.
    const timer = setTimeout(run, Math.min(ms, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

interface ManualClock extends Clock {
  /** Moves time on and runs what became due, in order. */
  advance(ms: number): void;
  /** Sets the wall clock back: timers stay as far ahead as they are. */
  setBack(ms: number): void;
}

/** A clock that stands still until it is advanced. */
export function manualClock(start = Date.parse('2026-11-23T08:00:00Z')): ManualClock {
  let now = start;
  let timers: { due: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const timer = { due: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.due;
        next.run();
      }
      now = end;
    },
    setBack(ms) {
      now -= ms;
      timers = timers.map((timer) => Object.assign(timer, { due: timer.due - ms }));
    },
  };
}
