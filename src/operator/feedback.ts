import { count, DayshiftError } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { understood } from '../feedback/index.ts';
import { daysLatestFirst, type Actor } from '../journal/index.ts';
import { nextWords } from '../learn/index.ts';
import { isDate } from '../plan/index.ts';
import { settleLessons } from './settle-lessons.ts';
import { takeFeedback, type Taken } from './take-feedback.ts';
import { inTurn } from './turn.ts';
import type { OperatorContext, Outcome } from './types.ts';
import { settleWishes } from './wishes.ts';

/** Takes what lies there of all days that ran: what people wrote while nothing ran. Resolves with words for people, a line each. */
export async function takeAllFeedback(ctx: OperatorContext): Promise<string[]> {
  const said: string[] = [];
  // What was answered before a kill is still to be done.
  await settleWishes(ctx);
  said.push(...(await inTurn(() => settleLessons(ctx))));
  for (const date of Object.keys(ctx.journal.state.days).sort())
    said.push(...takenWords(await takeFeedback(ctx, date, { kind: 'person', via: 'file' })));
  return said;
}

/** Takes what a person changed in `config/lessons.yaml`. Resolves with what is wrong with it. */
export function takeLessons(ctx: OperatorContext): Promise<string[]> {
  return inTurn(() => settleLessons(ctx));
}

/** What came of reading a file, for people; nothing where it says nothing new. */
export function takenWords(taken: Taken): string[] {
  if (taken.kind === 'refused') return [taken.why];
  if (taken.kind === 'none' || taken.news === 0) return [];
  return [
    `${taken.file}: ${count(taken.news, 'section')} read`,
    ...taken.feedback.problems.map(formatProblem),
    ...taken.remarks,
  ];
}

/** Reads a day's feedback file, and says what was understood. */
export async function feedback(ctx: OperatorContext, input: { date?: string }, by: Actor): Promise<Outcome> {
  const date = input.date ?? daysLatestFirst(ctx.journal.state)[0];
  if (date === undefined) return { ok: false, message: 'No day has run yet: there is nothing to say about.' };
  if (!isDate(date))
    throw new DayshiftError('usage', `${date} is no day`, { hint: 'a day is written like 2026-11-23' });
  await settleWishes(ctx);
  const taken = await takeFeedback(ctx, date, { ...by, via: 'file' });
  if (taken.kind === 'none' && taken.empty === true)
    return {
      ok: true,
      message: `feedback/${date}.md is empty: nothing is taken back, what was read of it before still counts.`,
    };
  if (taken.kind === 'none')
    return { ok: false, message: `There is no feedback/${date}.md yet. dayshift rate TASK 4 "…" begins one.` };
  if (taken.kind === 'refused') return { ok: false, message: taken.why };
  const { file, feedback: said, tasks, news, asked, remarks, lessons } = taken;
  const end = news === 0 ? 'All of it is in the journal already.' : `${count(news, 'section')} went into the journal.`;
  return {
    ok: true,
    message: [understood(file, said, tasks, asked), '', ...remarks, ...nextWords(lessons), end].join('\n'),
    data: { date, news, ...said, asked: Object.fromEntries(asked) },
  };
}
