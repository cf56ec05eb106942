import { oneLine } from '../base/index.ts';
import { labels, type ItemOpened } from './items.ts';

/** Something speaks against a lesson that only a person ends: `why`. Until they say so it goes on. `now` in milliseconds. */
export function newDoubtItem(
  id: string,
  lesson: { id: string; text: string; does: string; why: string },
  now: number,
): ItemOpened {
  return {
    id,
    kind: 'lesson',
    questions: [
      {
        question: `${lesson.id}: “${oneLine(lesson.text)}” → ${oneLine(lesson.does)}. Keep it?`,
        multiSelect: false,
        options: [
          { label: labels.keepLesson, description: 'What spoke against it so far counts no more.' },
          { label: labels.dropLesson },
        ],
      },
    ],
    context: `${oneLine(lesson.why)}. It goes on until you say so.`,
    source: 'daemon',
    about: { kind: 'lesson', lesson: lesson.id },
    silence: { kind: 'skip', at: new Date(now + 14 * 24 * 3_600_000).toISOString() },
  };
}
