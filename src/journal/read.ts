import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import type { JournalEvent } from './events.ts';
import { dayFiles } from './files.ts';
import { isKnown } from './known.ts';
import { START, walk, type Position, type Step } from './walk.ts';

/** Which events are wanted; all where it is empty. */
export interface EventFilter {
  /** Events that belong to this day (`YYYY-MM-DD`), whenever they happened. */
  day?: string;
  task?: string;
  /** Events after this one. */
  afterSeq?: number;
  /** Also events that only a newer Dayshift knows; their type and data can be anything. */
  unknown?: boolean;
}

/**
 * Events in order, in constant memory, without the lock. What is being written at this moment is left out.
 * Throws DayshiftError where the journal is damaged.
 */
export async function* readEvents(dir: string, filter: EventFilter = {}): AsyncGenerator<JournalEvent> {
  let last = filter.afterSeq ?? 0;
  for (let again = false; ; again = true) {
    try {
      let seen = 0;
      for await (const step of walk(dir, startFor(dir, last), wantFor(filter))) {
        // Nothing else in the process would get its turn between two chunks that are in the page cache.
        if ((seen += 1) % 1000 === 0) await pause();
        if (step.seq <= last) continue;
        last = step.seq;
        const event = select(step, filter);
        if (event !== undefined) yield event;
      }
      return;
    } catch (error) {
      // The writer may have cut a torn tail or repaired a file while we read it: look again before crying wolf.
      if (again || !isDamage(error)) throw error;
    }
  }
}

/** Whether the error says that the journal is damaged. */
export function isDamage(error: unknown): boolean {
  return error instanceof DayshiftError && error.kind === 'internal';
}

/** The event of a line if the filter lets it through. */
export function select({ event }: Step, filter: EventFilter): JournalEvent | undefined {
  if (event === undefined) return undefined;
  if (filter.day !== undefined && event.day !== filter.day) return undefined;
  if (filter.task !== undefined && event.task !== filter.task) return undefined;
  return filter.unknown === true || isKnown(event) ? (event as JournalEvent) : undefined;
}

/** A look at the raw bytes that spares the parsing of most lines that are not wanted. */
export function wantFor(filter: EventFilter): ((bytes: Buffer) => boolean) | undefined {
  const needles: Buffer[] = [];
  for (const key of ['day', 'task'] as const) {
    if (filter[key] !== undefined) needles.push(Buffer.from(`"${key}":${JSON.stringify(filter[key])}`));
  }
  return needles.length === 0 ? undefined : (bytes) => needles.every((needle) => bytes.includes(needle));
}

/** The beginning of the last file that can hold the event after `afterSeq`. */
export function startFor(dir: string, afterSeq: number): Position {
  if (afterSeq <= 0) return START;
  for (const file of dayFiles(dir).reverse()) {
    const first = firstSeq(join(dir, file));
    if (first !== undefined && first <= afterSeq + 1) return { file, offset: 0, next: first };
  }
  return START;
}

/** The seq that a file begins with; undefined where its first bytes do not say. */
function firstSeq(path: string): number | undefined {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(48);
    const read = readSync(fd, bytes, 0, bytes.length, 0);
    const seq = /^\{"v":\d+,"seq":(\d+),/.exec(bytes.toString('latin1', 0, read))?.[1];
    return seq === undefined ? undefined : Number(seq);
  } finally {
    closeSync(fd);
  }
}
