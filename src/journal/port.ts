import type { JournalEvent, NewEvent } from './events.ts';
import type { State } from './state.ts';

/**
 * The journal as the rest of Dayshift sees it. One writer a home (the holder of the lock), any number of
 * readers of the files.
 */
export interface Journal {
  /**
   * Appends events in order, as one group. Resolves with the written events once they are on disk
   * (fdatasync); `state` holds them by then. Rejects if the disk refuses: nothing was acknowledged then, and
   * the journal takes no more events (a second try could write twice).
   */
  append(...events: NewEvent[]): Promise<JournalEvent[]>;
  /** The fold of everything acknowledged. Read it, never change it. */
  readonly state: State;
  /** Calls `listener` for each event after it was acknowledged and folded; returns the unsubscribe function. */
  subscribe(listener: (event: JournalEvent) => void): () => void;
  /** Writes out what waits, writes the snapshot, closes the files. */
  close(): Promise<void>;
}
