import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock, diskError } from '../base/index.ts';
import { chunksOf, dayFiles, syncPath } from './files.ts';
import { longestIncreasing } from './increasing.ts';
import { EVENT_VERSION } from './known.ts';
import { decodeLine, encodeLine } from './line.ts';
import { isDamage } from './read.ts';
import { recentFileOf } from './recent.ts';
import { lineSplitter } from './split.ts';
import { walkSync } from './walk.ts';

export interface Repair {
  /** Name of the day file. */
  file: string;
  /** Name of the file beside it that the damaged lines went to; empty where events were missing and nothing was there to keep. */
  kept: string;
  bytes: number;
  lines: number;
}

export interface RepairOptions {
  /** The snapshot; it and that of the latest days are removed before anything else is changed: they may know events that are lost. */
  stateFile?: string;
  clock?: Clock;
}

/** A line in its place; `seq` undefined where it is damaged. */
interface Entry {
  file: string;
  start: number;
  end: number;
  seq: number | undefined;
  through: number;
}

/** A marker that goes before the entry `at` (or at the end), for the events `seq` through `through`. */
interface Gap {
  seq: number;
  through: number;
}

/**
 * Makes a damaged journal readable; the caller holds the home's lock. The damaged lines go into a file beside
 * it, every good line stays as it is, byte by byte. Where events are missing then, a `journal.repaired` takes
 * the seq of the first of them and says through which one they are missing: so the order stays without gaps
 * and no seq is ever given out twice. Changes nothing where nothing is damaged; a torn tail is left to
 * `openJournal`. Killed at any point, it can be run again: each file is replaced as a whole, in order.
 */
export function repairJournal(dir: string, options: RepairOptions = {}): Promise<Repair[]> {
  return Promise.resolve().then(() => (isSound(dir) ? [] : repair(dir, options)));
}

function isSound(dir: string): boolean {
  try {
    const steps = walkSync(dir);
    while (steps.next().done !== true);
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

function repair(dir: string, { stateFile, clock = systemClock }: RepairOptions): Repair[] {
  if (stateFile !== undefined) for (const file of [stateFile, recentFileOf(stateFile)]) rmSync(file, { force: true });
  const entries = dayFiles(dir).flatMap((file) => entriesOf(dir, file));
  markDisorder(entries);
  const gaps = findGaps(entries);
  const done: Repair[] = [];
  for (const file of new Set(entries.map((entry) => entry.file))) {
    const own = entries.filter((entry) => entry.file === file);
    if (own.every((entry) => entry.seq !== undefined && !gaps.has(entry))) continue;
    done.push(rewrite(dir, file, own, gaps, new Date(clock.now()).toISOString()));
  }
  return done;
}

function entriesOf(dir: string, file: string): Entry[] {
  const entries: Entry[] = [];
  const add = (bytes: Buffer, start: number, newline: number) => {
    const line = decodeLine(bytes);
    const end = start + bytes.length + newline;
    entries.push({ file, start, end, seq: line?.seq, through: line?.through ?? 0 });
  };
  const splitter = lineSplitter(0);
  for (const chunk of chunksOf(join(dir, file), 0)) {
    for (const { bytes, start } of splitter.push(chunk)) add(bytes, start, 1);
  }
  const { bytes, start } = splitter.rest();
  if (bytes.length > 0) add(bytes, start, 0);
  return entries;
}

/** Good lines that stand out of order are damage too: as few as possible are taken away. */
function markDisorder(entries: Entry[]): void {
  const good = entries.filter((entry) => entry.seq !== undefined);
  const inOrder = new Set(longestIncreasing(good.map((entry) => entry.seq ?? 0)).map((place) => good[place]));
  let next = 1;
  for (const entry of good) {
    if (inOrder.has(entry) && (entry.seq ?? 0) >= next) next = entry.through + 1;
    else entry.seq = undefined;
  }
}

/** Where events are missing, by the entry that the marker comes before: the first damaged one there, else the good one behind the gap. */
function findGaps(entries: Entry[]): Map<Entry, Gap> {
  const gaps = new Map<Entry, Gap>();
  let next = 1;
  let damaged: Entry[] = [];
  for (const entry of entries) {
    if (entry.seq === undefined) {
      damaged.push(entry);
      continue;
    }
    if (entry.seq > next) gaps.set(damaged[0] ?? entry, { seq: next, through: entry.seq - 1 });
    next = entry.through + 1;
    damaged = [];
  }
  // At the very end nothing says which events were there: each line may have been one.
  if (damaged[0] !== undefined) gaps.set(damaged[0], { seq: next, through: next + damaged.length - 1 });
  return gaps;
}

function rewrite(dir: string, file: string, entries: Entry[], gaps: Map<Entry, Gap>, at: string): Repair {
  const path = join(dir, file);
  try {
    const whole = readFileSync(path);
    const cut = ({ start, end }: Entry) => whole.subarray(start, end);
    const damaged = entries.filter((entry) => entry.seq === undefined);
    const bad = Buffer.concat(damaged.map(cut));
    const kept = damaged.length === 0 ? '' : keepAside(dir, file, bad);
    const done: Repair = { file, kept, bytes: bad.length, lines: damaged.length };
    const parts = entries.flatMap((entry) => {
      const gap = gaps.get(entry);
      const lines = gap === undefined ? [] : [Buffer.from(marker(gap, done, at))];
      if (entry.seq !== undefined) {
        lines.push(cut(entry));
        if (whole[entry.end - 1] !== 10) lines.push(Buffer.from('\n'));
      }
      return lines;
    });
    const temporary = `${path}.repairing`;
    rmSync(temporary, { force: true });
    writeNew(temporary, Buffer.concat(parts));
    renameSync(temporary, path);
    syncPath(dir);
    return done;
  } catch (error) {
    throw diskError(path, error);
  }
}

function marker({ seq, through }: Gap, { file, kept, bytes, lines }: Repair, at: string): string {
  const data = { file, kept, bytes, lines, through };
  const event = { v: EVENT_VERSION, seq, at, actor: { kind: 'daemon' }, type: 'journal.repaired', data };
  return encodeLine(JSON.stringify(event), 0);
}

/** The name of a file beside `file` that holds these bytes: one that an interrupted repair has made already, or a new one. */
function keepAside(dir: string, file: string, bytes: Buffer): string {
  for (let n = 1; ; n += 1) {
    const name = `${file}.damaged-${n}`;
    if (!existsSync(join(dir, name))) {
      writeNew(join(dir, name), bytes);
      syncPath(dir);
      return name;
    }
    if (readFileSync(join(dir, name)).equals(bytes)) return name;
  }
}

function writeNew(path: string, bytes: Buffer): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
