import { timezoneOf } from '../home/index.ts';
import type { Actor, LessonState, NewEvent } from '../journal/index.ts';
import { dateIn } from '../plan/index.ts';
import type { OperatorContext } from './types.ts';

/** A person decides about a lesson. What they take into use after its date has none any more. */
export function decided(
  ctx: OperatorContext,
  { id, expires }: LessonState,
  { to, why }: { to: LessonState['status']; why: string },
  actor: Actor,
): NewEvent[] {
  const today = dateIn(new Date(ctx.clock.now()), timezoneOf(ctx.home));
  const isOver = to !== 'retired' && expires !== undefined && expires < today;
  return [
    ...(isOver ? [{ type: 'lesson.changed' as const, actor, data: { id, expires: '' } }] : []),
    { type: 'lesson.moved', actor, data: { id, to, why } },
  ];
}

/** What takes the place of another lesson ends that one, once it is active. */
export function replaced(ctx: OperatorContext, lesson: LessonState, to: LessonState['status']): NewEvent[] {
  const other = lesson.supersedes === undefined ? undefined : ctx.journal.state.lessons.byId[lesson.supersedes];
  if (to !== 'active' || other === undefined || other.status === 'retired') return [];
  return [{ type: 'lesson.moved', data: { id: other.id, to: 'retired', why: `${lesson.id} takes its place` } }];
}
