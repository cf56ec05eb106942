import { closeSync, fsyncSync, openSync, readdirSync, readSync } from 'node:fs';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';

/** Read at a time: enough to make calls rare, little enough to keep memory flat. */
export const CHUNK = 1 << 18;

/** The journal's files by name, in the order of their events; none where the folder is not there. */
export function dayFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => /^\d{4}-\d{2}-\d{2}\.jsonl$/.test(name))
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw unreadable(dir, error);
  }
}

/** What to say where the journal cannot be read. */
export function unreadable(path: string, error: unknown): DayshiftError {
  return new DayshiftError('environment', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
}

/** Makes names that were added, renamed or removed in a folder (or a file's bytes) last. */
export function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** What a file holds from `offset` on, chunk by chunk. Each chunk is valid until the next is asked for. */
export function* chunksOf(path: string, offset: number): Generator<Buffer> {
  const fd = orUnreadable(path, () => openSync(path, 'r'));
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const at = offset;
      const read = orUnreadable(path, () => readSync(fd, buffer, 0, CHUNK, at));
      if (read === 0) return;
      offset += read;
      yield buffer.subarray(0, read);
    }
  } finally {
    closeSync(fd);
  }
}

function orUnreadable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The number of the line (from 1) that begins at `offset`: only for messages, it reads the file. */
export function lineNumber(path: string, offset: number): number {
  let line = 1;
  let at = 0;
  for (const chunk of chunksOf(path, 0)) {
    for (let i = chunk.indexOf(10); i >= 0 && at + i < offset; i = chunk.indexOf(10, i + 1)) line += 1;
    at += chunk.length;
    if (at >= offset) break;
  }
  return line;
}
