import { aboutOf, beginsWith, type Day } from './heading.ts';
import type { Line } from './line.ts';
import { readStars } from './stars.ts';

/** A line that names a task as a heading would. `at`: where the rating's text begins in the line's. */
export type NameLine =
  | { kind: 'task'; task: string; by: 'bold' | 'line' | 'item'; rating?: { text: string; at: number } }
  | { kind: 'unknown'; near: string };

/**
 * `task-001`, `**task-001: Documentation**`, `1. task-001`, `- task-001: 5/5 well done`: an id with nothing behind it but
 * the task's name and a rating. Undefined for any other line: "task-001 took long" is a remark.
 */
export function nameLine({ text, item, bold }: Line & { type: 'words' }, day: Day): NameLine | undefined {
  if (text.length > 400) return undefined;
  const found = beginsWith(text, day);
  const by = item ? 'item' : bold ? 'bold' : 'line';
  if (found === undefined) {
    const about = bold && !item ? aboutOf(text, day) : undefined;
    if (about?.kind === 'unknown' && about.near !== undefined) return { kind: 'unknown', near: about.near };
    return about?.kind === 'task' && about.written === undefined ? { kind: 'task', task: about.task, by } : undefined;
  }
  const { task } = found;
  let rest = found.rest.replace(/^[\s:*_`–—-]+/u, '');
  const name = task.name.trim();
  if (name !== '' && rest.toLowerCase().startsWith(name.toLowerCase())) rest = rest.slice(name.length);
  rest = rest.replace(/^[\s:*_`.,)\]–—-]+/u, '').replace(/^\((?=.*\)\s*$)/, '');
  if (rest === '') return { kind: 'task', task: task.id, by };
  if (readStars(rest) === undefined) return undefined;
  return { kind: 'task', task: task.id, by, rating: { text: rest, at: text.lastIndexOf(rest) } };
}
