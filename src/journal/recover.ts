import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
  existsSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { diskError } from '../base/index.ts';
import type { Clock } from '../base/index.ts';
import type { EventData } from './events.ts';
import { syncPath } from './files.ts';
import { replay, type JournalPaths, type Replayed } from './replay.ts';
import type { Tail } from './walk.ts';

export interface Recovered extends Replayed {
  /** What was cut off the end, for the journal to hold. */
  cut?: EventData<'journal.repaired'>;
}

/** Makes the folder, replays the journal, and cuts off what a crash left half written. Throws DayshiftError. */
export function recover(paths: JournalPaths, clock: Clock): Recovered {
  makeFolder(paths.journal);
  const found = replay(paths);
  const { tail } = found;
  if (tail === undefined) return found;
  const path = join(paths.journal, tail.file);
  try {
    if (tail.whole) {
      // Only the newline is missing: an editor takes it away as easily as a crash does.
      addNewline(path);
      return recover(paths, clock);
    }
    const cut = cutTail(paths.journal, tail, clock);
    found.warnings.push(
      `${path} ended in a write that was cut off: ${cut.bytes} bytes were taken away and kept in ${cut.kept}`,
    );
    return { ...found, cut };
  } catch (error) {
    throw diskError(path, error);
  }
}

function makeFolder(dir: string): void {
  try {
    if (mkdirSync(dir, { recursive: true, mode: 0o700 }) !== undefined) syncPath(dirname(dir));
  } catch (error) {
    throw diskError(dir, error);
  }
}

function addNewline(path: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeSync(fd, '\n');
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** First the copy, on the disk, then the cut: a crash in between costs a second copy, nothing else. */
function cutTail(dir: string, { file, start }: Tail, clock: Clock): EventData<'journal.repaired'> {
  const fd = openSync(join(dir, file), 'r+');
  try {
    const bytes = Buffer.alloc(fstatSync(fd).size - start);
    readSync(fd, bytes, 0, bytes.length, start);
    const stamp = new Date(clock.now()).toISOString().replace(/[-:.]/g, '');
    const kept = keepAside(dir, `${file}.torn-${stamp}`, bytes);
    ftruncateSync(fd, start);
    fsyncSync(fd);
    return { file, kept, bytes: bytes.length };
  } finally {
    closeSync(fd);
  }
}

/** Writes a new file that lasts; resolves its name, with a number behind it where the name is taken. */
function keepAside(dir: string, name: string, bytes: Buffer): string {
  let free = name;
  for (let n = 2; existsSync(join(dir, free)); n += 1) free = `${name}-${n}`;
  const fd = openSync(join(dir, free), 'wx', 0o600);
  try {
    writeSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncPath(dir);
  return free;
}
