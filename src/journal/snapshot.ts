import { closeSync, openSync, readFileSync, readSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { isKnownKind } from './known.ts';
import { decodeLine } from './line.ts';
import { seal, sumOf, unsealed } from './seal.ts';
import type { State } from './state.ts';

/** Raise it whenever `State` or what `fold` does with an event changes: an older snapshot is then replaced by a replay. */
const VERSION = 6;

/** The fold up to one event, or a part of it, and where in the journal that event stands. */
export interface Snapshot<S = State> {
  version: number;
  /** Which part of the state it is; absent where it is all of it. */
  part?: 'recent';
  seq: number;
  /** The file of that event, the offset of its line, and the line's checksum. */
  file: string;
  offset: number;
  line: string;
  /** Kinds of events that the fold passed over because this version does not know them. */
  skipped: string[];
  state: S;
}

export function makeSnapshot<S>(at: Omit<Snapshot<S>, 'version'>): Snapshot<S> {
  return { version: VERSION, ...at };
}

/** The text of `.dayshift/state.json`: the snapshot with its own checksum, for nothing syncs it to the disk. */
export function encodeSnapshot(snapshot: Snapshot<unknown>): string {
  return seal(JSON.stringify(snapshot));
}

/** Undefined where the text is damaged. */
function decodeSnapshot<S>(bytes: Buffer): Snapshot<S> | undefined {
  if (sumOf(bytes) === undefined) return undefined;
  try {
    return JSON.parse(unsealed(bytes)) as Snapshot<S>;
  } catch {
    return undefined; // damaged is what the caller says then
  }
}

export type Loaded<S> =
  { kind: 'none' } | { kind: 'trusted'; snapshot: Snapshot<S> } | { kind: 'refused'; why: string; seq: number };

/** Reads the snapshot and looks whether it belongs to this journal. Never throws: a snapshot only saves time. */
export function loadSnapshot<S = State>(file: string, dir: string, part?: 'recent'): Loaded<S> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { kind: 'none' };
    return { kind: 'refused', why: `it cannot be read: ${String(error)}`, seq: 0 };
  }
  const snapshot = decodeSnapshot<S>(bytes);
  if (snapshot === undefined || snapshot.part !== part) return { kind: 'refused', why: 'it is damaged', seq: 0 };
  const { version, seq } = snapshot;
  if (version > VERSION) return { kind: 'refused', why: 'a newer Dayshift wrote it', seq: 0 };
  if (version < VERSION) return { kind: 'refused', why: 'an older Dayshift wrote it', seq };
  if (snapshot.skipped.some(isKnownKind)) {
    return { kind: 'refused', why: 'it was written by a Dayshift that knew fewer events', seq };
  }
  if (!standsThere(dir, snapshot)) {
    return { kind: 'refused', why: `the journal has not the event ${seq} that it ends with`, seq };
  }
  return { kind: 'trusted', snapshot };
}

/** Whether the journal holds the very line that the snapshot ends with. */
function standsThere(dir: string, { file, offset, line, seq }: Snapshot<unknown>): boolean {
  let fd: number;
  try {
    fd = openSync(join(dir, file), 'r');
  } catch {
    return false; // the file is gone: so is the line
  }
  try {
    const length = Math.min(1 << 16, fstatSync(fd).size - offset);
    if (length <= 0) return false;
    let bytes = Buffer.alloc(length);
    for (;;) {
      const read = readSync(fd, bytes, 0, bytes.length, offset);
      const newline = bytes.subarray(0, read).indexOf(10);
      if (newline >= 0) {
        const found = decodeLine(bytes.subarray(0, newline));
        return found?.seq === seq && found.sum === line;
      }
      if (read < bytes.length || offset + read >= fstatSync(fd).size) return false;
      bytes = Buffer.alloc(bytes.length * 4);
    }
  } finally {
    closeSync(fd);
  }
}
