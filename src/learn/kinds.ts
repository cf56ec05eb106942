import type { Lesson, LessonState } from '../journal/index.ts';

/** Whether it denies, gates or asks: it begins with a person's yes, and ends with one. */
export function enforces({ kind }: Lesson['does']): boolean {
  return kind === 'guard' || kind === 'check' || kind === 'question';
}

/** Whether only a person's word ends it. */
export function isPersons({ does, status }: Pick<LessonState, 'does' | 'status'>): boolean {
  return enforces(does) && (status === 'active' || status === 'trial');
}
