import { oneLine, printable } from '../base/index.ts';
import { nameLine } from './name-line.ts';
import { aboutOf } from './heading.ts';
import { readLine } from './line.ts';
import { readFeedback, type FeedbackContext, type ReadFeedback } from './parse.ts';
import { readStars, starsText } from './stars.ts';
import type { Feedback, Remark, Wish } from './types.ts';
import { viewOf, type Row } from './view.ts';

/** What somebody says of a task: stars, words, what shall be different. */
export interface Rating {
  task: string;
  /** 1 to 5, halves allowed. */
  stars?: number;
  /** A line each: a remark as it was written. */
  remark?: string;
  /** What shall be different from now on. */
  action?: string;
}

/** A change of a text: at an offset, so many characters out, these in. */
interface Edit {
  at: number;
  out: number;
  put: string;
}

/** The file with the rating in it, or why it cannot be put there, in words. */
export type Rated = { text: string } | { why: string };

/**
 * The feedback file with one more rating in it. Everything else stays as it was written, to the byte: the stars take
 * the place of those that count now, words are added to the task's section, and the same twice is there once. What comes
 * out has been read again: the stars count, the words are the task's, and nobody else's feedback is another.
 */
export function withRating(text: string, context: FeedbackContext, rating: Rating): Rated {
  const whole = text.trim() === '' ? `# Feedback - ${context.date}\n` : text;
  const before = readFeedback(whole, context);
  const said = new Set(
    before.sections.filter(({ task }) => task === rating.task).flatMap((one) => linesOf(before, one)),
  );
  const words = wordsOf(rating, context).filter((line) => !said.has(line));
  for (const edits of ways(whole, before, rating, words, context)) {
    const after = edited(whole, edits);
    if (holds(before.feedback, readFeedback(after, context).feedback, rating)) return { text: after };
  }
  const { file } = context;
  const cut = before.feedback.cut;
  return {
    why:
      cut === undefined
        ? `${file} reads so that no rating of ${rating.task} can be put into it by itself: write it there`
        : `${file}:${cut} opens a fence that is never closed, so that no rating could be read: close it, then rate again`,
  };
}

/** Where it may be put, the best first: in the task's section, in a new one at the end, in a new one before all others. */
function* ways(
  text: string,
  read: ReadFeedback,
  rating: Rating,
  words: string[],
  { date, tasks }: FeedbackContext,
): Generator<Edit[]> {
  const { rows } = read.view;
  const mine = read.sections.filter(({ task, by }) => task === rating.task && by !== 'row' && by !== 'item');
  const section = mine.at(-1);
  const stars = starsEdit(text, read, rating, section?.line);
  const heading = `## ${rating.task}: ${escaped(oneLine(tasks.find(({ id }) => id === rating.task)?.name ?? rating.task))}`;
  const fresh = (lines: string[]) => (lines.length === 0 ? [] : [heading, ...lines]);
  const ratingLine = rating.stars === undefined ? [] : [`Rating: ${starsText(rating.stars)}`];
  const block = (withStars: boolean) => {
    const first = withStars ? ratingLine : [];
    return fresh([...first, ...(first.length > 0 && words.length > 0 ? [''] : []), ...words]);
  };
  if (section !== undefined && stars !== undefined) yield [...stars, ...after(text, rows[section.last - 1], words)];
  const end = rows.findLast((row) => row.text.trim() !== '' || row.end > row.start);
  const start = rows.find(
    (row) => row.kind === 'edge' || (row.kind === 'own' && isHeading(row.text) && !isTitle(row.text)),
  );
  for (const spliced of stars === undefined ? [undefined] : [stars, undefined]) {
    const lines = block(spliced === undefined);
    yield [...(spliced ?? []), ...after(text, end, lines)];
    if (start !== undefined && lines.length > 0) {
      const eol = eolOf(text, start);
      yield [...(spliced ?? []), { at: start.start, out: 0, put: [...lines, '', ''].join(eol) }];
    }
  }

  function isTitle(line: string): boolean {
    const one = readLine(line);
    return one.type === 'heading' && aboutOf(one.text, { date, tasks }).kind === 'title';
  }
}

/** The stars where they count now, or below the heading; undefined where they have no place yet. */
function starsEdit(
  text: string,
  read: ReadFeedback,
  { task, stars }: Rating,
  line: number | undefined,
): Edit[] | undefined {
  const now = read.feedback.tasks.find((one) => one.task === task)?.rating;
  if (stars === undefined || now === stars) return [];
  const { rows } = read.view;
  const place = read.ratings.get(task);
  const row = place === undefined ? undefined : rows[place.line - 1];
  if (place !== undefined && row !== undefined)
    return [{ at: row.start + place.column - 1, out: place.length, put: starsText(stars) }];
  const heading = line === undefined ? undefined : rows[line - 1];
  if (line === undefined || heading === undefined) return undefined;
  // A heading may have its rule on the line below.
  const below = rows[line];
  const rule = below !== undefined && !isHeading(heading.text) && /^\s*(?:={3,}|-{3,})\s*$/.test(below.text);
  const last = rule ? below : heading;
  return [{ at: last.end, out: 0, put: `${eolOf(text, last)}Rating: ${starsText(stars)}` }];
}

/** Lines behind a row, with a blank line between. */
function after(text: string, row: Row | undefined, lines: string[]): Edit[] {
  if (lines.length === 0 || row === undefined) return [];
  const eol = eolOf(text, row);
  const rest = row.end === text.length ? eol : '';
  return [{ at: row.end, out: 0, put: `${eol}${eol}${lines.join(eol)}${rest}` }];
}

/** How a row ends, or the one before it. */
function eolOf(text: string, row: Row): string {
  const own = /^(?:\r\n|\n|\r)/.exec(text.slice(row.end, row.end + 2))?.[0];
  return own ?? /(?:\r\n|\n|\r)$/.exec(text.slice(Math.max(0, row.start - 2), row.start))?.[0] ?? '\n';
}

/** Edits at one place come in their order. */
function edited(text: string, edits: readonly Edit[]): string {
  let out = '';
  let done = 0;
  for (const { at, out: gone, put } of edits.toSorted((a, b) => a.at - b.at)) {
    out += text.slice(done, at) + put;
    done = at + gone;
  }
  return out + text.slice(done);
}

function linesOf({ view }: ReadFeedback, { line, last }: { line: number; last: number }): string[] {
  return view.rows.slice(line, last).map((row) => row.text.trimEnd());
}

function wordsOf({ remark, action }: Rating, context: FeedbackContext): string[] {
  const remarks = remark === undefined ? [] : printable(remark).trim().split('\n');
  const wish = action === undefined ? '' : oneLine(action);
  const lines = remarks.map((line) => plain(escaped(line.trimEnd()), context)).filter((line) => line !== '');
  return [...lines, ...(wish === '' ? [] : [`Action: ${escaped(wish)}`])];
}

/** A comment in somebody's words would hide what comes after. */
function escaped(line: string): string {
  return line.replace(/(?<!\\)<!--/g, '\\<!--').replaceAll('-->', '--\\>');
}

/** A line of a remark that begins nothing: no section, no fence, no table, no rating beside the stars. */
function plain(line: string, context: FeedbackContext): string {
  const read = readLine(line);
  const begins =
    read.type === 'heading' ||
    (read.type === 'labelled' && read.label === 'rating') ||
    (read.type === 'words' && (readStars(read.text) !== undefined || nameLine(read, context) !== undefined)) ||
    /^[\s|:=-]+$/.test(line) ||
    viewOf(line).rows[0]?.kind === 'edge';
  return begins && line.trim() !== '' ? line.replace(/^\s*/, (indent) => `${indent}\\`) : line;
}

function isHeading(line: string): boolean {
  return readLine(line).type === 'heading';
}

/** Whether the rating is what the file says now, and all else says what it said. */
function holds(before: Feedback, now: Feedback, { task, stars, action }: Rating): boolean {
  const of = (feedback: Feedback) => feedback.tasks.find((one) => one.task === task);
  const rest = ({ tasks, performance, adjustments, others }: Feedback) =>
    JSON.stringify([...tasks.filter((one) => one.task !== task), performance, adjustments, others].map(bareOf));
  const [old, mine] = [of(before), of(now)];
  const wish = action === undefined ? '' : escaped(oneLine(action));
  return (
    mine?.rating === (stars ?? old?.rating) &&
    (wish === '' || mine?.actions.some(({ text }) => text === wish) === true) &&
    isWithin(old?.remarks ?? [], mine?.remarks ?? []) &&
    isWithin(old?.actions ?? [], mine?.actions ?? []) &&
    rest(before) === rest(now)
  );
}

/** What is said, wherever it stands. */
function bareOf(said: unknown): unknown {
  return JSON.parse(
    JSON.stringify(said, (key, value: unknown) => (key === 'line' || key === 'ratingLine' ? undefined : value)),
  );
}

/** True where all of `some` is in `all`, in its order. */
function isWithin(some: readonly (Remark | Wish)[], all: readonly (Remark | Wish)[]): boolean {
  let next = 0;
  for (const { text } of all) if (some[next]?.text === text) next += 1;
  return next >= some.length;
}
