import type { ReadEvent } from './known.ts';
import { seal, sumOf, unsealed } from './seal.ts';

/** What a line of a journal file says. */
export interface Line {
  seq: number;
  /** The last seq that the line stands for: its own, or more where it marks events that were lost. */
  through: number;
  /** How many events of the same append follow: an append counts as a whole or not at all. */
  more: number;
  sum: string;
  /** Absent where the reader did not want it. */
  event?: ReadEvent;
}

/** One line with its newline, of an event's compact JSON. `more`: see `Line`. */
export function encodeLine(json: string, more: number): string {
  return `${seal(more === 0 ? json : `${json.slice(0, -1)},"more":${more}}`)}\n`;
}

/** Reads a line (without its newline). Undefined where it is damaged. `want` looks at the raw bytes and may spare the parsing. */
export function decodeLine(bytes: Buffer, want?: (bytes: Buffer) => boolean): Line | undefined {
  const sum = sumOf(bytes);
  if (sum === undefined) return undefined;
  if (want !== undefined && !want(bytes)) {
    const line = skim(bytes, sum);
    if (line !== undefined) return line;
  }
  const parsed = parse(bytes);
  if (parsed === undefined) return undefined;
  const { seq, more = 0 } = parsed;
  if (more !== 0) delete parsed.more;
  return { seq, through: throughOf(parsed), more, sum, event: parsed };
}

function parse(bytes: Buffer): (ReadEvent & { more?: number }) | undefined {
  try {
    const value = JSON.parse(unsealed(bytes)) as ReadEvent;
    return Number.isSafeInteger(value.seq) && typeof value.type === 'string' ? value : undefined;
  } catch {
    return undefined; // a right checksum round something that is no JSON: damaged all the same
  }
}

/** Only the place in the order, without parsing. Undefined where the line has another form than ours, or stands for lost events. */
function skim(bytes: Buffer, sum: string): Line | undefined {
  if (bytes.includes('"journal.repaired"')) return undefined;
  const seq = Number(/^\{"v":\d+,"seq":(\d+),/.exec(bytes.toString('latin1', 0, 48))?.[1]);
  if (!Number.isSafeInteger(seq)) return undefined;
  const more = Number(/,"more":(\d+),"sum":"\w+"\}$/.exec(bytes.toString('latin1', bytes.length - 40))?.[1] ?? 0);
  return { seq, through: seq, more, sum };
}

function throughOf(event: ReadEvent): number {
  if (event.type !== 'journal.repaired') return event.seq;
  return (event.data as { through?: number }).through ?? event.seq;
}
