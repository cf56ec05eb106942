import type { LessonState, NewEvent } from '../journal/index.ts';
import { saidHere, shortened } from './propose.ts';

const TAKEN_OUT = 'its line was taken out of the feedback';

interface Section {
  day: string;
  task: string;
  /** What it says now: wishes and mistakes; none where the section is gone. */
  lines: readonly string[];
}

/**
 * What a section of the feedback that says something else than before, or is gone, takes back: lessons that it alone said and that no
 * person decided about or put into other words. One whose line is there again is what it was.
 */
export function takenBack({ day, task, lines }: Section, known: readonly LessonState[]): NewEvent[] {
  return known.flatMap((lesson): NewEvent[] => {
    const isHere = lines.some((line) => saidHere(lesson, shortened(line), { day, task }));
    const last = lesson.history.at(-1);
    if (lesson.status === 'retired') {
      const before = lesson.history.at(-2)?.status;
      if (!isHere || last?.why !== TAKEN_OUT || before === undefined) return [];
      return [{ type: 'lesson.moved', data: { id: lesson.id, to: before, why: 'its line is there again' } }];
    }
    const only = lesson.said.every((from) => from.date === day && from.task === task);
    const decided = lesson.before !== undefined || lesson.history.some(({ person }) => person === true);
    if (isHere || !only || decided) return [];
    return [{ type: 'lesson.moved', data: { id: lesson.id, to: 'retired', why: TAKEN_OUT } }];
  });
}
