import type { AppliedLesson, EventData, LessonState, NewEvent, State } from '../journal/index.ts';
import { likeness } from './words.ts';

/** With so few ratings of other tasks, what is usual is taken to be this. */
const USUAL = 3;
const FEWEST = 3;

interface Rated {
  day: string;
  task: string;
  rating: number;
  remarks: EventData<'feedback.given'>['remarks'];
  applied: readonly AppliedLesson[];
}

/**
 * What a rated task says of the lessons that it had, and of those that were kept from it. A task went well with four
 * stars; a lesson in trial is harmful where its task went a star or more worse than tasks without it do. One that is
 * trusted is blamed only by its name: "l3 was wrong here".
 */
export function judgementsOf(state: Pick<State, 'feedback' | 'lessons'>, rated: Rated): NewEvent[] {
  const { day, task, rating, remarks, applied } = rated;
  return applied.flatMap((one): NewEvent[] => {
    const lesson = state.lessons.byId[one.id];
    if (lesson === undefined) return [];
    const good = rating >= 4;
    const { effect, why } = one.held
      ? { effect: 'neutral' as const, why: 'it was kept from this task' }
      : effectOf(one, rating, remarks, usualWithout(state, lesson, `${day}/${task}`));
    return [{ type: 'lesson.judged', day, task, data: { id: one.id, effect, good, rating, why } }];
  });
}

function effectOf(
  { id, text, status }: AppliedLesson,
  rating: number,
  remarks: Rated['remarks'],
  usual: number,
): { effect: 'helpful' | 'harmful' | 'neutral'; why: string } {
  const named = remarks.find((remark) => new RegExp(`(?:^|[^\\w])${id}(?:[^\\w]|$)`, 'i').test(remark.text));
  if (named?.sign === 'good') return { effect: 'helpful', why: `“${named.text}”` };
  if (named?.sign === 'bad' || named?.sign === 'warning') return { effect: 'harmful', why: `“${named.text}”` };
  if (rating <= 2.5 && rating <= usual - 1 && status === 'trial')
    return { effect: 'harmful', why: `${rating} stars, where ${usual.toFixed(1)} are usual without it` };
  const again = remarks.find(
    ({ sign, text: said }) => sign !== 'good' && sign !== 'note' && likeness(said, text) >= 0.5,
  );
  if (again !== undefined) return { effect: 'neutral', why: `what it is about happened again: “${again.text}”` };
  return rating >= 4
    ? { effect: 'helpful', why: `${rating} stars` }
    : { effect: 'neutral', why: `${rating} stars, where ${usual.toFixed(1)} are usual without it` };
}

/** The mean rating of tasks that did not have the lesson. */
function usualWithout(state: Pick<State, 'feedback'>, lesson: LessonState, except: string): number {
  const ratings: number[] = [];
  for (const [day, { tasks }] of Object.entries(state.feedback)) {
    for (const [task, { rating }] of Object.entries(tasks)) {
      const use = lesson.uses[`${day}/${task}`];
      if (rating === undefined || `${day}/${task}` === except || use?.held === false) continue;
      ratings.push(rating);
    }
  }
  const missing = Math.max(0, FEWEST - ratings.length);
  return (ratings.reduce((sum, one) => sum + one, 0) + missing * USUAL) / (ratings.length + missing);
}
