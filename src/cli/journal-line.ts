import colors from 'picocolors';
import { oneLine } from '../base/index.ts';
import type { JournalEvent } from '../journal/index.ts';

/** Names that say nothing to a person reading along. */
const dull = new Set(['toolUseId', 'sessionId', 'call', 'tree', 'tokens', 'patch', 'commit', 'startTime']);

/** One event as one line: its time as `clock` has it, day/task, who, type, the facts in short. Nothing in it can move the cursor or break the line. */
export function journalLine(event: JournalEvent, { color, columns, tty }: Look, clock: (at: string) => string): string {
  const paint = colors.createColors(color);
  const where = oneLine(`${event.day ?? '-'}${event.task === undefined ? '' : `/${event.task}`}`);
  const { kind, id, via } = event.actor;
  const who = oneLine([id ?? kind, via === undefined ? '' : `(${via})`].join(' '));
  const type = oneLine(event.type).padEnd(20);
  const columnsBefore = `${clock(event.at)}  ${where.padEnd(22)}  ${who.padEnd(8)}  `;
  // A terminal gets what fits, a pipe what a person may want to search in.
  const room = tty ? Math.max(20, columns - columnsBefore.length - type.length - 2) : 400;
  const loud = /failed|refused|stopped|alerted|repaired|warned/.test(event.type);
  return `${paint.dim(columnsBefore)}${loud ? paint.yellow(type) : paint.cyan(type)}  ${fit(factsOf(event), room)}`.trimEnd();
}

interface Look {
  color: boolean;
  columns: number;
  tty: boolean;
}

/** Of an event of a newer version the data may be anything. */
function factsOf({ data }: { data: unknown }): string {
  return Object.entries(data ?? {})
    .filter(([name]) => !dull.has(name))
    .map(([name, value]) => fact(name, value))
    .filter((text) => text !== '')
    .join('  ');
}

/** What reads by itself stands alone, the rest with its name. */
function fact(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `${name}: ${value.map(brief).join(', ')}`;
  if (typeof value === 'string')
    return /^(text|reason|message|why|tool|input|command|subject)$/.test(name)
      ? oneLine(value)
      : `${name}: ${oneLine(value)}`;
  return `${name}: ${brief(value)}`;
}

function brief(value: unknown): string {
  if (typeof value === 'string') return oneLine(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const { question, path, text, id, date, kind, files } = value as Record<string, unknown>;
  const name = question ?? path ?? text ?? id ?? date ?? kind ?? files;
  return typeof name === 'string' || typeof name === 'number' ? oneLine(String(name)) : '…';
}

function fit(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1).toWellFormed()}…`;
}
