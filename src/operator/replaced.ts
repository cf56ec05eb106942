import type { LessonState, NewEvent } from '../journal/index.ts';
import type { OperatorContext } from './types.ts';

/** What takes the place of another lesson ends that one, once it is active. */
export function replaced(ctx: OperatorContext, lesson: LessonState, to: LessonState['status']): NewEvent[] {
  const other = lesson.supersedes === undefined ? undefined : ctx.journal.state.lessons.byId[lesson.supersedes];
  if (to !== 'active' || other === undefined || other.status === 'retired') return [];
  return [{ type: 'lesson.moved', data: { id: other.id, to: 'retired', why: `${lesson.id} takes its place` } }];
}
