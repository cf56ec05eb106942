import { count, oneLine } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { starsText } from './stars.ts';
import type { Feedback, KnownTask, Remark, Said, Sign } from './types.ts';

const signs: Record<Sign, string> = { good: '✅', warning: '⚠️', bad: '❌', note: '·' };

/** What was understood of a feedback file, for the person who wrote it. `asked`: what each wish led to, by its words. */
export function understood(
  file: string,
  feedback: Feedback,
  tasks: readonly KnownTask[],
  asked: ReadonlyMap<string, string> = new Map(),
): string {
  const { performance, adjustments, others, problems } = feedback;
  const lines = [file];
  for (const one of feedback.tasks) {
    const stars = one.rating === undefined ? 'no rating' : `${glyphs(one.rating)} ${starsText(one.rating)}`;
    lines.push('', `${one.task}  ${stars}`, ...saidLines(one, asked));
  }
  const wishes = [...performance.actions, ...adjustments];
  if (performance.remarks.length + wishes.length > 0) {
    const known = new Map(asked);
    for (const { text } of wishes)
      if (!asked.has(text)) known.set(text, 'no setting that Dayshift knows: kept as a note');
    lines.push('', 'Dayshift itself', ...saidLines({ remarks: performance.remarks, actions: wishes }, known));
  }
  for (const other of others) {
    const heading = other.heading === '' ? 'above the first heading' : oneLine(other.heading);
    const stars = other.rating === undefined ? '' : `  ${starsText(other.rating)}`;
    // What stands there asks nobody for anything.
    const notes = other.actions.map((wish): Remark => ({ ...wish, sign: 'note' }));
    const remarks = [...other.remarks, ...notes].toSorted((a, b) => a.line - b.line);
    lines.push('', `Kept as a note: ${heading}${stars}`, ...saidLines({ remarks, actions: [] }, new Map()));
  }
  const rated = new Set(feedback.tasks.filter(({ rating }) => rating !== undefined).map(({ task }) => task));
  const unrated = tasks.filter(({ id }) => !rated.has(id)).map(({ id }) => id);
  if (unrated.length > 0) lines.push('', `Not rated: ${unrated.join(', ')}`);
  if (problems.length > 0) lines.push('', `${count(problems.length, 'problem')}:`, ...problems.map(formatProblem));
  return lines.join('\n');
}

function saidLines(
  { remarks, actions }: Pick<Said, 'remarks' | 'actions'>,
  asked: ReadonlyMap<string, string>,
): string[] {
  const led = (text: string) => (asked.has(text) ? `  [${asked.get(text)}]` : '');
  return [
    ...remarks.map(({ quoted, sign, text }: Remark) =>
      quoted === true ? `  │ ${oneLine(text)}` : `  ${signs[sign]} ${oneLine(text)}${led(text)}`,
    ),
    ...actions.map(({ text }) => `  → ${oneLine(text)}${led(text)}`),
  ];
}

function glyphs(stars: number): string {
  const full = Math.floor(stars);
  const half = stars - full >= 0.25 ? '½' : '';
  return `${'★'.repeat(full)}${half}${'☆'.repeat(Math.max(0, 5 - full - half.length))}`;
}
