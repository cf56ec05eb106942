import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { formatProblem, readText } from '../document/index.ts';
import { newsOf, settingOf, type Feedback, type KnownTask } from '../feedback/index.ts';
import { newSettingItem, placeOfItem } from '../inbox/index.ts';
import type { Actor, LessonState, NewEvent } from '../journal/index.ts';
import { shortened } from '../learn/index.ts';
import { allLessons, itemIds, lessonsOf } from './learning.ts';
import { settleLessons } from './settle-lessons.ts';
import { inTurn } from './turn.ts';
import type { OperatorContext } from './types.ts';

/** What came of reading a feedback file. */
export type Taken =
  | { kind: 'none'; empty?: true }
  /** It could not be read, or there is nothing yet that it could be about. */
  | { kind: 'refused'; why: string }
  | {
      kind: 'read';
      file: string;
      feedback: Feedback;
      tasks: KnownTask[];
      news: number;
      asked: Map<string, string>;
      remarks: string[];
      /** What its lines led to, or are evidence for, as it is now. */
      lessons: LessonState[];
    };

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
  if (read.text.trim() === '') return { kind: 'none', empty: true };
  const day = ctx.journal.state.days[date];
  if (day === undefined)
    return { kind: 'refused', why: `${file}: ${date} has not run, so that no task of it is known; nothing was taken` };
  const tasks = Object.values(day.tasks).map(({ spec: { id, name } }) => ({ id, name }));
  const context = { file, date, tasks };
  const { feedback, events } = newsOf(ctx.redact(read.text), context, ctx.journal.state.feedback[date]);
  const newItemId = itemIds(ctx);
  // Where nothing is new nothing is asked.
  const { asked, events: questions } = settingQuestions(ctx, file, feedback, events.length > 0 ? newItemId : undefined);
  const news = events.filter(({ type }) => type !== 'feedback.read').length;
  let remarks: string[] = [];
  if (events.length > 0) {
    const given = events.flatMap((event) => {
      if (event.task === undefined) return [];
      if (event.type === 'feedback.withdrawn') return [{ day: date, task: event.task }];
      return event.type === 'feedback.given' ? [{ day: date, task: event.task, data: event.data }] : [];
    });
    // What was edited in config/lessons.yaml before is taken before.
    await settleLessons(ctx);
    const notes: string[] = [];
    const learned = await lessonsOf(ctx, given, by, newItemId, (note) => notes.push(note));
    const gone = feedback.cut === undefined ? settingsGone(ctx, file, asked) : [];
    // Read by half it would be learned by half: it is one group.
    const said = [...events, ...learned].map((event) => (isSaid(event) ? { ...event, actor: by } : event));
    await ctx.journal.append(...said, ...questions, ...gone);
    remarks = [...notes, ...(await settleLessons(ctx))];
  }
  const lessons = new Set<LessonState>();
  for (const { text, line, task } of linesOf(feedback)) {
    const here = allLessons(ctx).filter(({ said }) => said.some((from) => from.date === date && from.task === task));
    const own = here.find((one) => one.text === shortened(text));
    const lesson = own ?? here.find(({ said }) => said.some((from) => from.date === date && from.line === line));
    if (lesson === undefined) continue;
    const what = own === undefined ? `evidence for ${lesson.id}` : lesson.id;
    asked.set(text, `${what}, ${lesson.does.kind}: ${lesson.status}`);
    lessons.add(lesson);
  }
  return { kind: 'read', file, feedback, tasks, news, asked, remarks, lessons: [...lessons] };
}

/** What is said of tasks and may teach. */
function linesOf({ tasks }: Feedback): { task: string; text: string; line: number }[] {
  return tasks.flatMap(({ task, actions, remarks }) =>
    [...actions, ...remarks.filter(({ sign }) => sign === 'warning' || sign === 'bad')].map(({ text, line }) => ({
      task,
      text,
      line,
    })),
  );
}

/** What a person said; what Dayshift makes of it is its own. */
function isSaid({ type }: NewEvent): boolean {
  return type.startsWith('feedback.') || type === 'lesson.proposed' || type === 'lesson.supported';
}

/** A question for each setting that is asked for where Dayshift itself is spoken of, each once (none without `newItemId`); and what each wish led to, by its words. */
function settingQuestions(
  ctx: OperatorContext,
  file: string,
  { performance, adjustments }: Feedback,
  newItemId: (() => string) | undefined,
) {
  const asked = new Map<string, string>();
  const events: NewEvent[] = [];
  const known = Object.values(ctx.journal.state.items).filter(
    // What was taken out and is put back is asked again.
    ({ kind, status }) => kind === 'setting' && status !== 'withdrawn',
  );
  const remarks = performance.remarks.filter(({ sign, quoted }) => sign !== 'good' && quoted !== true);
  const lines = [...adjustments, ...performance.actions, ...remarks];
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
    if (newItemId === undefined) continue;
    const id = newItemId();
    const item = { words: text, file, what: wish.what, about };
    events.push({ type: 'item.opened', data: newSettingItem(id, item, ctx.clock.now()) });
    asked.set(text, `${id}: set ${path} to ${JSON.stringify(wish.to)}? It waits for your yes`);
  }
  return { asked, events };
}

/** Questions about settings that this file asked for and asks for no more. `asked`: what its lines led to. */
function settingsGone(ctx: OperatorContext, file: string, asked: ReadonlyMap<string, string>): NewEvent[] {
  const still = new Set([...asked.values()].map((led) => led.split(':', 1)[0]));
  return Object.values(ctx.journal.state.items)
    .filter(
      ({ kind, status, context }) => kind === 'setting' && status === 'open' && context?.startsWith(`${file} says:`),
    )
    .filter(({ id }) => !still.has(id))
    .map((item) => ({
      ...{ type: 'item.withdrawn', ...placeOfItem(item) },
      data: { id: item.id, why: 'what asked for it was taken out of the feedback' },
    }));
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
