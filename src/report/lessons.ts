import type { AppliedLesson } from '../journal/index.ts';
import { bulletOf } from '../learn/index.ts';
import { inline } from './markdown.ts';

/** What a task was given of what was learned, and what was kept from it: with ids, so that its rating says something of them. */
export function lessonLines(lessons: readonly AppliedLesson[]): string[] {
  const { given, held } = lessonWords(lessons);
  const lines = given.map((words) => `- ${inline(words, 400)}`);
  return held === undefined ? lines : [...lines, `- ${held}`];
}

/** The same as plain text. */
export function lessonWords(lessons: readonly AppliedLesson[]): { given: string[]; held?: string } {
  const given = lessons.filter(({ held }) => !held).map(bulletOf);
  const ids = lessons.filter(({ held }) => held).map(({ id }) => id);
  return ids.length === 0
    ? { given }
    : { given, held: `kept from it, to see what it is like without: ${ids.join(', ')}` };
}
