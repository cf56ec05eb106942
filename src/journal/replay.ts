import { count } from '../base/index.ts';
import type { JournalEvent } from './events.ts';
import { emptyState, fold } from './fold.ts';
import { isKnown, kindOf } from './known.ts';
import { loadSnapshot, type Snapshot } from './snapshot.ts';
import type { State } from './state.ts';
import { START, walkSync, type Position, type Step, type WalkEnd } from './walk.ts';

/** Where the journal and its snapshot lie. */
export interface JournalPaths {
  /** The folder of the day files. */
  journal: string;
  stateFile: string;
}

/** A snapshot is due after so many events: what a start has to replay at most, but for large states. */
export const SNAPSHOT_EVERY = 5000;

/** The line of the last event that is folded in. */
type LastLine = Pick<Step, 'file' | 'start' | 'sum'>;

export interface Replayed extends WalkEnd {
  state: State;
  warnings: string[];
  /** Kinds of events that were passed over. */
  skipped: Set<string>;
  /** Absent for an empty journal. */
  last?: LastLine;
  /** Events that the snapshot had not. */
  replayed: number;
}

/**
 * The state of a journal: its snapshot and what came after, or all of it where the snapshot is no good. No
 * schema looks at an event again: its checksum says that it was looked at before it was written.
 * Throws DayshiftError where the journal is damaged.
 */
export function replay(paths: JournalPaths): Replayed {
  const loaded = loadSnapshot(paths.stateFile, paths.journal);
  const state = loaded.kind === 'trusted' ? loaded.snapshot.state : emptyState();
  const found = foldOnto(paths.journal, loaded.kind === 'trusted' ? loaded.snapshot : { state }, (event) => {
    fold(state, event);
  });
  const { warnings } = found;
  const warn = (text: string) => warnings.push(text);
  const events = count(found.replayed, 'event');
  if (loaded.kind === 'refused') {
    warn(`${paths.stateFile} is not used, for ${loaded.why}: ${events} replayed from the journal`);
    if (loaded.seq > state.seq) {
      warn(
        `${paths.journal} ends at event ${state.seq}, but ${loaded.seq} were there once: was a file deleted or cut short?`,
      );
    }
  } else if (loaded.kind === 'none' && found.replayed >= 2 * SNAPSHOT_EVERY) {
    warn(`${paths.stateFile} is gone: ${events} replayed from the journal`);
  }
  return found;
}

/**
 * Goes on from a snapshot (from the first event, where only a state is given): hands what stands in the journal behind it to `take`,
 * which folds it into the snapshot's state. Throws DayshiftError where the journal is damaged there.
 */
export function foldOnto(
  dir: string,
  at: Snapshot | Pick<Snapshot, 'state'>,
  take: (event: JournalEvent) => void,
): Replayed {
  const { state } = at;
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  const skipped = new Set<string>();
  let from: Position = START;
  if ('seq' in at) {
    // The walk begins with the snapshot's own last line, which says which seq comes next.
    from = { file: at.file, offset: at.offset, next: at.seq };
    for (const kind of at.skipped) passOver(kind, skipped, warn);
  }
  const found: Replayed = { state, warnings, skipped, replayed: 0, position: from };
  const steps = walkSync(dir, from);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      Object.assign(found, step.value);
      break;
    }
    const { event, file, start, sum } = step.value;
    found.last = { file, start, sum };
    if (event === undefined || event.seq <= state.seq) continue;
    if (isKnown(event)) {
      take(event as JournalEvent);
    } else {
      // One that this version does not know only counts.
      state.seq = event.seq;
      state.at = event.at;
      passOver(kindOf(event), skipped, warn);
    }
    found.replayed += 1;
  }
  return found;
}

function passOver(kind: string, skipped: Set<string>, warn: (text: string) => void): void {
  if (skipped.has(kind)) return;
  skipped.add(kind);
  warn(`the journal holds events that a newer Dayshift wrote: ${kind} is kept and passed over`);
}
