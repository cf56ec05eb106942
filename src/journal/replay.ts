import { count } from '../base/index.ts';
import type { JournalEvent } from './events.ts';
import { emptyState, fold } from './fold.ts';
import { isKnown, kindOf, type ReadEvent } from './known.ts';
import { loadSnapshot } from './snapshot.ts';
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
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  const skipped = new Set<string>();
  let state = emptyState();
  let from: Position = START;
  if (loaded.kind === 'trusted') {
    const { snapshot } = loaded;
    state = snapshot.state;
    // The walk begins with the snapshot's own last line, which says which seq comes next.
    from = { file: snapshot.file, offset: snapshot.offset, next: snapshot.seq };
    for (const kind of snapshot.skipped) passOver(kind, skipped, warn);
  }
  const found: Replayed = { state, warnings, skipped, replayed: 0, position: from };
  const steps = walkSync(paths.journal, from);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) {
      Object.assign(found, step.value);
      break;
    }
    const { event, file, start, sum } = step.value;
    found.last = { file, start, sum };
    if (event === undefined || event.seq <= state.seq) continue;
    foldRead(state, event, skipped, warn);
    found.replayed += 1;
  }
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

/** Folds an event that was read; one that this version does not know only counts. */
function foldRead(state: State, event: ReadEvent, skipped: Set<string>, warn: (text: string) => void): void {
  if (isKnown(event)) {
    fold(state, event as JournalEvent);
    return;
  }
  state.seq = event.seq;
  state.at = event.at;
  passOver(kindOf(event), skipped, warn);
}

function passOver(kind: string, skipped: Set<string>, warn: (text: string) => void): void {
  if (skipped.has(kind)) return;
  skipped.add(kind);
  warn(`the journal holds events that a newer Dayshift wrote: ${kind} is kept and passed over`);
}
