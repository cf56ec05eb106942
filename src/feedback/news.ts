import { createHash } from 'node:crypto';
import { cutEnd } from '../base/index.ts';
import type { EventData, FeedbackState, NewEvent } from '../journal/index.ts';
import { parseFeedback, type FeedbackContext } from './parse.ts';
import type { Feedback, Remark, Wish } from './types.ts';

/** Longer remarks are cut, in characters; the whole of them is in the file. */
const LONGEST_REMARK = 2000;
/** More lines of one section than this are left to the file. */
const MOST_LINES = 200;

export interface FeedbackNews {
  feedback: Feedback;
  /** What the journal does not have yet; empty where it has all of it. */
  events: NewEvent[];
}

/**
 * What a feedback file says that the journal does not know: sections that are new or changed, and those that are
 * gone. Read again without a change, nothing. Where lines move, nothing: what counts is what they say.
 */
export function newsOf(text: string, context: FeedbackContext, known: FeedbackState | undefined): FeedbackNews {
  const feedback = parseFeedback(text, context);
  const { file, date: day } = context;
  // The day's tasks are part of it: a section of a task that was not planned yet is one when it is.
  const digest = digestOf([text, context.tasks.map(({ id }) => id)]);
  if (known?.read === digest) return { feedback, events: [] };
  const events: NewEvent[] = [];
  for (const { task, line, rating, remarks, actions } of feedback.tasks) {
    const said = {
      remarks: short(remarks.map(unmarked)),
      actions: short(actions),
      ...(rating === undefined ? {} : { rating }),
    };
    const own = digestOf([rating ?? null, said.remarks.map(({ sign, text: words }) => [sign, words]), plain(actions)]);
    if (known?.tasks[task]?.digest === own) continue;
    events.push({ type: 'feedback.given', day, task, data: { digest: own, file, line, ...said } });
  }
  const there = new Set(feedback.tasks.map(({ task }) => task));
  // Below a fence that is never closed nothing was looked at: what stood there is not gone.
  for (const task of feedback.cut === undefined ? Object.keys(known?.tasks ?? {}) : [])
    if (!there.has(task)) events.push({ type: 'feedback.withdrawn', day, task, data: {} });
  const noted = notedOf(feedback, file);
  if (noted !== undefined && noted.digest !== known?.noted) events.push({ type: 'feedback.noted', day, data: noted });
  const problems = feedback.problems.slice(0, 50).map(({ line, column, message }) => ({ line, column, message }));
  events.push({ type: 'feedback.read', day, data: { digest, file, problems } });
  return { feedback, events };
}

/** What is said of Dayshift itself; undefined where nothing is. */
function notedOf(
  { performance, adjustments, others }: Feedback,
  file: string,
): EventData<'feedback.noted'> | undefined {
  const remarks = short(performance.remarks.map(unmarked));
  const wishes = short([...performance.actions, ...adjustments]);
  const rest = others.slice(0, MOST_LINES).map((other) => ({
    heading: other.heading,
    line: other.line,
    text: [
      ...(other.rating === undefined ? [] : [`Rating: ${other.rating}/5`]),
      ...plain(other.remarks),
      ...plain(other.actions),
    ].slice(0, MOST_LINES),
  }));
  if (remarks.length + wishes.length + rest.length === 0) return undefined;
  const digest = digestOf([plain(remarks), plain(wishes), rest.map(({ heading, text }) => [heading, text])]);
  return { digest, file, remarks, wishes, others: rest };
}

function short<T extends Remark | Wish>(lines: readonly T[]): T[] {
  return lines.slice(0, MOST_LINES).map((line) => ({ ...line, text: cutEnd(line.text, LONGEST_REMARK) }));
}

/** As the journal has it: a note is a note, whoever said it. */
function unmarked({ sign, text, line }: Remark): Remark {
  return { sign, text, line };
}

function plain(lines: readonly (Remark | Wish)[]): string[] {
  return lines.map(({ text }) => cutEnd(text, LONGEST_REMARK));
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
