import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { CHUNK, chunksOf, dayFiles, lineNumber, unreadable } from './files.ts';
import { decodeLine, type Line } from './line.ts';
import { lineSplitter, type RawLine } from './split.ts';

/** A line in its place. */
export interface Step extends Line {
  file: string;
  /** Offsets in bytes; `end` is behind the newline. */
  start: number;
  end: number;
}

/** A place between two lines. `file` is the empty string before the first. */
export interface Position {
  file: string;
  offset: number;
  /** The seq that must come here. */
  next: number;
}

/**
 * What stands at the very end and does not count: a write that was cut off. It is a line without a newline, a
 * damaged line with nothing behind it, or the beginning of an append whose end is missing. All else that is
 * damaged was acknowledged once, and is never passed over in silence.
 */
export interface Tail {
  file: string;
  start: number;
  end: number;
  /** It is a whole, right line; nothing but its newline is missing. */
  whole: boolean;
}

export interface WalkEnd {
  /** Behind the last line that counts. */
  position: Position;
  tail?: Tail;
}

export const START: Position = { file: '', offset: 0, next: 1 };

type Want = (bytes: Buffer) => boolean;

/** All lines from a position on, checked: checksums, order, whole appends. Throws DayshiftError that names file and line where there is damage. */
export function* walkSync(dir: string, from: Position = START, want?: Want): Generator<Step, WalkEnd> {
  const checker = createChecker(dir, from, want);
  for (const file of filesFrom(dir, from)) {
    const splitter = lineSplitter(file === from.file ? from.offset : 0);
    for (const chunk of chunksOf(join(dir, file), splitter.rest().start)) {
      for (const raw of splitter.push(chunk)) yield* checker.line(file, raw);
    }
    yield* checker.rest(file, splitter.rest());
  }
  return checker.end();
}

/** The same without holding up the process. */
export async function* walk(dir: string, from: Position = START, want?: Want): AsyncGenerator<Step, WalkEnd> {
  const checker = createChecker(dir, from, want);
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (const file of filesFrom(dir, from)) {
    const splitter = lineSplitter(file === from.file ? from.offset : 0);
    let at = splitter.rest().start;
    const handle = await open(join(dir, file), 'r').catch((error: unknown) => {
      throw unreadable(join(dir, file), error);
    });
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK, at);
        if (bytesRead === 0) break;
        at += bytesRead;
        for (const raw of splitter.push(buffer.subarray(0, bytesRead))) yield* checker.line(file, raw);
      }
    } finally {
      await handle.close();
    }
    yield* checker.rest(file, splitter.rest());
  }
  return checker.end();
}

function filesFrom(dir: string, from: Position): string[] {
  return dayFiles(dir).filter((file) => file >= from.file);
}

function createChecker(dir: string, from: Position, want: Want | undefined) {
  let last: Step | undefined;
  let next = from.next;
  /** Lines of an append whose last line has not come yet. */
  let held: Step[] = [];
  /** What was wrong with the last thing read: damage as soon as anything comes behind it. */
  let bad: Tail | undefined;

  function* release(): Generator<Step> {
    for (const step of held) {
      last = step;
      yield step;
    }
    held = [];
  }

  return {
    *line(file: string, { bytes, start }: RawLine): Generator<Step> {
      if (bad !== undefined) throw damaged(dir, bad, 'the line is damaged');
      if (held[0] !== undefined && held[0].file !== file) yield* release();
      const end = start + bytes.length + 1;
      const line = decodeLine(bytes, want);
      if (line === undefined) {
        bad = { file, start, end, whole: false };
        return;
      }
      if (line.seq !== next) throw damaged(dir, { file, start }, `event ${line.seq} stands where ${next} must be`);
      next = line.through + 1;
      const before = held.at(-1);
      // A repair took the rest of that append away: what is left of it counts.
      if (before !== undefined && before.more !== line.more + 1) yield* release();
      const step: Step = { ...line, file, start, end };
      if (line.more === 0 && held.length === 0) {
        last = step;
        yield step;
        return;
      }
      held.push(step);
      if (line.more === 0) yield* release();
    },

    *rest(file: string, { bytes, start }: RawLine): Generator<Step> {
      if (bytes.length === 0) return;
      if (bad !== undefined) throw damaged(dir, bad, 'the line is damaged');
      if (held[0] !== undefined && held[0].file !== file) yield* release();
      bad = { file, start, end: start + bytes.length, whole: decodeLine(bytes)?.seq === next };
    },

    end(): WalkEnd {
      const position = last === undefined ? from : { file: last.file, offset: last.end, next: last.through + 1 };
      const first = held[0] ?? bad;
      const end = (bad ?? held.at(-1))?.end;
      if (first === undefined || end === undefined) return { position };
      return { position, tail: { file: first.file, start: first.start, end, whole: bad?.whole ?? false } };
    },
  };
}

function damaged(dir: string, place: { file: string; start: number }, what: string): DayshiftError {
  const path = join(dir, place.file);
  return new DayshiftError('internal', `${path}:${lineNumber(path, place.start)}: the journal is damaged: ${what}`, {
    hint: 'dayshift journal repair keeps the bad part aside and goes on with the rest',
  });
}
