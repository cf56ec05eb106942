import type { Clock } from '../base/index.ts';

/** A file that stayed the same for so long, in ms, is whole. */
export const SETTLE_MS = 250;
/** A file that was last changed so long ago, in ms, is whole at first sight: it was there before anybody looked. */
const OLD_MS = 2000;

/** Tells files that are whole from those that somebody is still writing: an answer by half is another answer. */
export interface Settling {
  /** Whether this text of a file may be taken. `changedAt` is the file's own time (ms since the epoch), where that can be trusted. */
  isWhole(path: string, text: string, changedAt?: number): boolean;
  /** Begins a look at the files; what the last one did not meet is forgotten. */
  begin(): void;
  /** Whether the last look met a file that was not whole yet: the next look should come after SETTLE_MS. */
  waits(): boolean;
}

export function createSettling(clock: Clock): Settling {
  let before = new Map<string, { text: string; since: number }>();
  let met = new Map<string, { text: string; since: number }>();
  return {
    isWhole(path, text, changedAt) {
      const now = clock.now();
      if (changedAt !== undefined && now - changedAt >= OLD_MS) return true;
      const last = before.get(path);
      const seen = last?.text === text ? last : { text, since: now };
      // A clock that was set back begins the wait anew.
      if (seen.since > now) seen.since = now;
      if (now - seen.since >= SETTLE_MS) return true;
      met.set(path, seen);
      return false;
    },
    begin() {
      before = met;
      met = new Map();
    },
    waits: () => met.size > 0,
  };
}
