import { join } from 'node:path';
import { count, DayshiftError, hasCode } from '../base/index.ts';
import { formatProblem, readText } from '../document/index.ts';
import { newsOf, settingOf, understood, type Feedback, type KnownTask } from '../feedback/index.ts';
import { newSettingItem, nextItemId } from '../inbox/index.ts';
import type { Actor, NewEvent } from '../journal/index.ts';
import { isDate } from '../plan/index.ts';
import { latestFirst } from './refs.ts';
import type { OperatorContext, Outcome } from './types.ts';
import { settleWishes } from './wishes.ts';

let turn: Promise<unknown> = Promise.resolve();

/** One after the other: a file that is being written is not read by half, and what was read once is not read twice. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

/** What came of reading a feedback file. */
export type Taken =
  | { kind: 'none' }
  /** It could not be read, or there is nothing yet that it could be about. */
  | { kind: 'refused'; why: string }
  | { kind: 'read'; file: string; feedback: Feedback; tasks: KnownTask[]; news: number; asked: Map<string, string> };

/**
 * Takes what `feedback/DATE.md` says into the journal: once, however often it is read, and by whomever. A file that is
 * not there, or empty, takes nothing back. Settings that it asks for become questions.
 */
export function takeFeedback(ctx: OperatorContext, date: string, by: Actor): Promise<Taken> {
  return inTurn(() => take(ctx, date, by));
}

async function take(ctx: OperatorContext, date: string, by: Actor): Promise<Taken> {
  const file = `feedback/${date}.md`;
  let read;
  try {
    read = await readText(join(ctx.home.paths.feedback, `${date}.md`), file);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return { kind: 'none' };
    if (hasCode(error, 'EACCES')) return { kind: 'refused', why: `${file} cannot be read: permission denied` };
    throw error;
  }
  if ('problem' in read) return { kind: 'refused', why: formatProblem(read.problem) };
  if (read.text.trim() === '') return { kind: 'none' };
  const day = ctx.journal.state.days[date];
  if (day === undefined)
    return { kind: 'refused', why: `${file}: ${date} has not run, so that no task of it is known; nothing was taken` };
  const tasks = Object.values(day.tasks).map(({ spec: { id, name } }) => ({ id, name }));
  const context = { file, date, tasks };
  const { feedback, events } = newsOf(ctx.redact(read.text), context, ctx.journal.state.feedback[date]);
  const { asked, events: questions } = settingQuestions(ctx, file, feedback);
  const news = events.filter(({ type }) => type !== 'feedback.read').length;
  if (events.length > 0) await ctx.journal.append(...events.map((event) => ({ ...event, actor: by })), ...questions);
  return { kind: 'read', file, feedback, tasks, news, asked };
}

/** Takes what lies there of all days that ran: what people wrote while nothing ran. Resolves with words for people, a line each. */
export async function takeAllFeedback(ctx: OperatorContext): Promise<string[]> {
  const said: string[] = [];
  // What was answered before a kill is still to be done.
  await settleWishes(ctx);
  for (const date of latestFirst(ctx.journal.state).reverse())
    said.push(...takenWords(await takeFeedback(ctx, date, { kind: 'person', via: 'file' })));
  return said;
}

/** What came of reading a file, for people; nothing where it says nothing new. */
export function takenWords(taken: Taken): string[] {
  if (taken.kind === 'refused') return [taken.why];
  if (taken.kind === 'none' || taken.news === 0) return [];
  return [`${taken.file}: ${count(taken.news, 'section')} read`, ...taken.feedback.problems.map(formatProblem)];
}

/** A question for each setting that is asked for, each once; and what each wish led to, by its words. */
function settingQuestions(ctx: OperatorContext, file: string, { performance, adjustments }: Feedback) {
  const asked = new Map<string, string>();
  const events: NewEvent[] = [];
  const newItemId = itemIds(ctx);
  const known = Object.values(ctx.journal.state.items).filter(({ kind }) => kind === 'setting');
  const lines = [...adjustments, ...performance.actions, ...performance.remarks.filter(({ sign }) => sign !== 'good')];
  for (const { text } of lines) {
    const wish = settingOf(text, (path) => valueAt(ctx.home.config, path));
    if (wish === undefined) continue;
    const path = wish.path.join('.');
    const about = { kind: 'setting' as const, path, from: jsonOf(wish.from), to: jsonOf(wish.to) };
    const before = known.find(
      (item) =>
        item.about?.kind === 'setting' &&
        item.about.path === path &&
        item.about.to === about.to &&
        item.context?.startsWith(file) === true,
    );
    if (before !== undefined) {
      asked.set(text, `${before.id}: ${before.status === 'open' ? 'waits for your yes' : before.status}`);
      continue;
    }
    const id = newItemId();
    const item = { words: text, file, what: wish.what, about };
    events.push({ type: 'item.opened', data: newSettingItem(id, item, ctx.clock.now()) });
    asked.set(text, `${id}: set ${path} to ${JSON.stringify(wish.to)}? It waits for your yes`);
  }
  return { asked, events };
}

/** Gives out ids of new items: the loop's where one runs in this process. */
function itemIds(ctx: OperatorContext): () => string {
  let number = Number(nextItemId(ctx.journal.state).slice(1)) - 1;
  return ctx.newItemId ?? (() => `q${(number += 1)}`);
}

/** A value as JSON; empty for none. */
function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined),
    value,
  );
}

/** Reads a day's feedback file, and says what was understood. */
export async function feedback(ctx: OperatorContext, input: { date?: string }, by: Actor): Promise<Outcome> {
  const date = input.date ?? latestFirst(ctx.journal.state)[0];
  if (date === undefined) return { ok: false, message: 'No day has run yet: there is nothing to say about.' };
  if (!isDate(date))
    throw new DayshiftError('usage', `${date} is no day`, { hint: 'a day is written like 2026-11-23' });
  await settleWishes(ctx);
  const taken = await takeFeedback(ctx, date, { ...by, via: 'file' });
  if (taken.kind === 'none')
    return { ok: false, message: `There is no feedback/${date}.md yet. dayshift rate TASK 4 "…" begins one.` };
  if (taken.kind === 'refused') return { ok: false, message: taken.why };
  const { file, feedback: said, tasks, news, asked } = taken;
  const end = news === 0 ? 'All of it is in the journal already.' : `${count(news, 'section')} went into the journal.`;
  return {
    ok: true,
    message: `${understood(file, said, tasks, asked)}\n\n${end}`,
    data: { date, news, ...said, asked: Object.fromEntries(asked) },
  };
}
