import type { AppliedLesson } from '../journal/index.ts';
import { bulletOf } from '../learn/index.ts';
import { inline } from './markdown.ts';

/** What a task was given of what was learned, and what was kept from it: with ids, so that its rating says something of them. */
export function lessonLines(lessons: readonly AppliedLesson[]): string[] {
  const given = lessons.filter(({ held }) => !held).map((lesson) => `- ${inline(bulletOf(lesson), 400)}`);
  const held = lessons.filter((lesson) => lesson.held).map(({ id }) => id);
  return held.length === 0 ? given : [...given, `- kept from it, to see what it is like without: ${held.join(', ')}`];
}
