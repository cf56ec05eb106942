// What reads the journal without its lock, its schemas and its writer: loads no library, so that quick commands are quick.
import { isDamage } from './read.ts';
import { loadRecent, type Recent } from './recent.ts';
import { replay, type JournalPaths } from './replay.ts';
import type { State } from './state.ts';

export { daysLatestFirst } from './days.ts';

export { followEvents } from './follow.ts';
export { emptyState } from './fold.ts';
export { lockHolder, type LockHolder } from './lock-file.ts';
export { readEvents, type EventFilter } from './read.ts';
export type { Recent } from './recent.ts';
export type { JournalPaths } from './replay.ts';

/**
 * The state as the journal has it now. Needs no lock: what a living writer is just writing is left out, and
 * so is a torn last line. Rejects with DayshiftError where the journal is damaged.
 */
export function readState(paths: JournalPaths): Promise<{ state: State; warnings: string[] }> {
  return Promise.resolve().then(() => {
    try {
      return replay(paths);
    } catch (error) {
      // A writer that starts may have cut a torn tail while we read it: look again before crying wolf.
      if (!isDamage(error)) throw error;
      return replay(paths);
    }
  });
}

/**
 * The latest days as the journal has them now, without reading what lies behind them; where that cannot be had, the whole state,
 * and no day is an older one. Needs no lock, as `readState`, and rejects as that does.
 */
export async function readRecent(paths: JournalPaths): Promise<{ recent: Recent; warnings: string[] }> {
  try {
    const found = loadRecent(paths);
    if (found !== undefined) return found;
  } catch (error) {
    if (!isDamage(error)) throw error; // else the whole journal says what there is to say
  }
  return readAll(paths);
}

/** The same from the whole state: no day is an older one. */
export async function readAll(paths: JournalPaths): Promise<{ recent: Recent; warnings: string[] }> {
  const { state, warnings } = await readState(paths);
  return { recent: { seq: state.seq, at: state.at, days: state.days, older: {}, items: state.items }, warnings };
}
