import { projectOf, projectPast, timezoneOf } from '../home/index.ts';
import { newPlanningItem } from '../inbox/index.ts';
import { bulletOf, selectLessons, suggestContext, wellRated } from '../learn/index.ts';
import type { AppliedLesson, NewEvent, TaskState } from '../journal/index.ts';
import { dateIn } from '../plan/index.ts';
import { record, taskOf, type RunContext, type TaskRef } from './context.ts';

/** What is needed to decide what tasks are given. */
type GivingContext = Pick<RunContext, 'home' | 'journal' | 'clock' | 'redact' | 'newItemId' | 'inTurn'>;

/**
 * Decides what a task is given of what was learned, once, before anything of it begins: checks, context files and rules
 * of the guard go into its spec with that, lines into its instructions, and what the person wants to be asked is asked.
 */
export function giveLessons(ctx: GivingContext, ref: TaskRef): Promise<void> {
  return ctx.inTurn(async () => {
    const { lessons, attempt } = taskOf(ctx, ref);
    if (lessons !== undefined || attempt > 0) return;
    const given = lessonsFor(ctx, ref);
    if (given.length === 0) return;
    await record(ctx, ref, { type: 'lesson.applied', data: { lessons: given } }, ...questionsOf(ctx, ref, given));
  });
}

/** Asks as the day begins what a person wants to be asked before a task does. All else is decided when the task begins: until then people may say otherwise. */
export function askBefore(ctx: GivingContext, ref: TaskRef): Promise<void> {
  return ctx.inTurn(async () => {
    const { lessons, attempt } = taskOf(ctx, ref);
    if (lessons !== undefined || attempt > 0) return;
    const questions = questionsOf(ctx, ref, lessonsFor(ctx, ref));
    if (questions.length > 0) await record(ctx, ref, ...questions);
  });
}

/** What fits a task now; and what it was asked for already, which it has. */
function lessonsFor(ctx: GivingContext, ref: TaskRef): AppliedLesson[] {
  const { spec } = taskOf(ctx, ref);
  const today = dateIn(new Date(ctx.clock.now()), timezoneOf(ctx.home));
  const { byId } = ctx.journal.state.lessons;
  const asked = askedFor(ctx, ref);
  const given = selectLessons(Object.values(byId), spec, { day: ref.day, today });
  const more = asked.flatMap((id): AppliedLesson[] => {
    const lesson = byId[id];
    if (lesson?.does.kind !== 'question' || lesson.status === 'retired' || given.some((one) => one.id === id))
      return [];
    const { text, does, status } = lesson;
    return [{ id, text, does, status, held: false }];
  });
  return [...given.map((one) => ({ ...one, held: one.held && !asked.includes(one.id) })), ...more];
}

/** The lessons that this task asks because of. */
function askedFor(ctx: GivingContext, ref: TaskRef): string[] {
  return Object.values(ctx.journal.state.items).flatMap(({ day, task, kind, about }) =>
    day === ref.day && task === ref.task && kind === 'question' && about?.kind === 'lesson' ? [about.lesson] : [],
  );
}

function questionsOf(ctx: GivingContext, ref: TaskRef, given: readonly AppliedLesson[]): NewEvent[] {
  const asked = askedFor(ctx, ref);
  const { name } = taskOf(ctx, ref).spec;
  return given.flatMap(({ id, does, text, held }): NewEvent[] => {
    if (does.kind !== 'question' || held || asked.includes(id)) return [];
    return [
      { type: 'item.opened', data: newPlanningItem(ctx.newItemId(), { lesson: id, ask: does.ask, text, task: name }) },
    ];
  });
}

/** Files that the task is likely to need are attached, where the home says so; once, before its agent begins. */
export async function giveContext(ctx: RunContext, ref: TaskRef): Promise<void> {
  const { spec, attached, attempt } = taskOf(ctx, ref);
  if (ctx.home.config.auto_context !== 'attach' || attached !== undefined || attempt > 0) return;
  const past = await projectPast(projectOf(ctx.home, spec.project).path, ctx.env);
  const found = suggestContext(spec, wellRated(ctx.journal.state, spec.project), past);
  if (found.length === 0) return;
  const files = found.map(({ path, why }) => ({ path, why: why.join('; ') }));
  await record(ctx, ref, { type: 'context.attached', data: { files } });
}

/** What was learned, as it stands in a task's instructions. */
export function lessonLines({ lessons = [] }: Pick<TaskState, 'lessons'>): string[] {
  return lessons.filter(({ held }) => !held).map(bulletOf);
}
