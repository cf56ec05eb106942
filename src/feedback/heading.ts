import { nearest } from '../document/index.ts';
import { readStars } from './stars.ts';
import type { KnownTask } from './types.ts';

/** What a heading is about. */
export type About =
  | {
      kind: 'task';
      task: string;
      /** It was written so, and taken for the task. */
      written?: string;
      /** A rating at the end of the heading. */
      stars?: number;
    }
  | { kind: 'performance' | 'adjustments' }
  /** `# Feedback - 2026-11-23`. */
  | { kind: 'title'; date?: string }
  /** `near`: the task that it may have meant. */
  | { kind: 'unknown'; near?: string };

/** Which task of the day, or what else, a heading or a table's cell names. */
export function aboutOf(text: string, tasks: readonly KnownTask[]): About {
  const plain = text.replace(/[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}(?=[\s:.]|$)/g, '').trim();
  const found = taskOf(plain, tasks);
  if (found?.kind === 'task') return { ...found, ...ratingAtEnd(plain) };
  const title = /^feedback\b\s{0,4}(?:(?:[-–—:]|for|of|für|vom)\s{0,4})?(\d{4}-\d{2}-\d{2})?\s*$/i.exec(plain);
  if (title !== null) return { kind: 'title', ...(title[1] === undefined ? {} : { date: title[1] }) };
  if (/^(?:the )?(?:orchestrator|dayshift)\b.{0,40}$/i.test(plain)) return { kind: 'performance' };
  if (/^(?:tomorrow\S{0,2}\s+)?(?:adjustments?|anpassungen)\b.{0,40}$|^tomorrow\S{0,2}$/i.test(plain))
    return { kind: 'adjustments' };
  return found ?? { kind: 'unknown' };
}

/** By id, then by name, then by what is nearly one of them. */
function taskOf(text: string, tasks: readonly KnownTask[]): About | undefined {
  const words = text.replace(/^(?:task|aufgabe)\s*[:#]?\s+(?=\S)/i, '');
  for (const candidate of [text, words]) {
    const first = (candidate.split(/[\s:]/, 1)[0] ?? '').replace(/^\d{4}-\d{2}-\d{2}\//, '').replace(/[.,;)]+$/, '');
    const exact = tasks.find(({ id }) => id.toLowerCase() === first.toLowerCase());
    if (exact !== undefined) return { kind: 'task', task: exact.id };
  }
  const whole = comparable(text.replace(/[★⭐☆🌟\uFE0F]+\s*$/u, ''));
  const named = tasks.filter(({ id, name }) => comparable(name) === whole || comparable(id) === whole);
  if (named.length === 1 && named[0] !== undefined) return { kind: 'task', task: named[0].id };
  const first = words.split(/[\s:]/, 1)[0] ?? '';
  const near = nearest(
    first,
    tasks.map(({ id }) => id),
  );
  if (near === undefined) return undefined;
  // `task-1` is `task-001`; `task-004` is not: with numbers, or few letters, a slip of the finger names somebody else's task.
  return near.length >= 4 && numbersOf(near) === numbersOf(first)
    ? { kind: 'task', task: near, written: first }
    : { kind: 'unknown', near };
}

function ratingAtEnd(text: string): { stars?: number } {
  const found = /(?:\s|\()((?:[★⭐🌟☆✩½]\uFE0F?){1,12}|\d(?:[.,]\d)?\s?\/\s?5)\)?\s*$/u.exec(text.slice(-60));
  const stars = found?.[1] === undefined ? undefined : readStars(found[1])?.stars;
  return stars === undefined ? {} : { stars };
}

function numbersOf(id: string): string {
  return (id.match(/\d+/g) ?? []).map(Number).join(' ');
}

function comparable(text: string): string {
  return text
    .toLowerCase()
    .split(/[\s_-]+/u)
    .filter(Boolean)
    .join(' ');
}
