import { projectOf, projectPast, timezoneOf } from '../home/index.ts';
import { newPlanningItem } from '../inbox/index.ts';
import { bulletOf, selectLessons, suggestContext, wellRated } from '../learn/index.ts';
import type { NewEvent, TaskState } from '../journal/index.ts';
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
    const { spec, lessons, attempt } = taskOf(ctx, ref);
    if (lessons !== undefined || attempt > 0) return;
    const today = dateIn(new Date(ctx.clock.now()), timezoneOf(ctx.home));
    const all = Object.values(ctx.journal.state.lessons.byId);
    const given = selectLessons(all, spec, { day: ref.day, today });
    if (given.length === 0) return;
    const asked = Object.values(ctx.journal.state.items).flatMap(({ day, task, about }) =>
      day === ref.day && task === ref.task && about?.kind === 'lesson' ? [about.lesson] : [],
    );
    const questions = given.flatMap(({ id, does, text, held }): NewEvent[] => {
      if (does.kind !== 'question' || held || asked.includes(id)) return [];
      const data = newPlanningItem(ctx.newItemId(), { lesson: id, ask: does.ask, text, task: spec.name });
      return [{ type: 'item.opened', data }];
    });
    await record(ctx, ref, { type: 'lesson.applied', data: { lessons: given } }, ...questions);
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
