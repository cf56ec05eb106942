import { slots } from '../schedule/index.ts';
import { shiftDate } from './dates.ts';

/** On which days a recurring task is due. */
export type When =
  /** Week days, Sunday is 0. */
  | { kind: 'days'; days: number[] }
  /** Any day on which this expression has a minute. */
  | { kind: 'cron'; cron: string };

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Words that `every` takes, for hints. */
export const everyWords = ['day', 'weekday', 'weekend', ...names];

/** Reads `day`, `weekday`, `weekend`, a week day (three letters are enough), or a list of these; undefined for anything else. */
export function everyOf(value: unknown): When | undefined {
  const words: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[\s,]+/) : [];
  const days = words.map((word) => (typeof word === 'string' ? daysOf(word.trim().toLowerCase()) : undefined));
  if (days.length === 0 || days.includes(undefined)) return undefined;
  return { kind: 'days', days: [...new Set(days.flatMap((some) => some ?? []))].sort((a, b) => a - b) };
}

function daysOf(word: string): number[] | undefined {
  if (word === 'day') return [0, 1, 2, 3, 4, 5, 6];
  if (word === 'weekday') return [1, 2, 3, 4, 5];
  if (word === 'weekend') return [0, 6];
  const found = word.length < 3 ? -1 : names.findIndex((name) => name.startsWith(word) || `${name}s` === word);
  return found < 0 ? undefined : [found];
}

/** Whether a recurring task is due on a day. */
export function isDueOn(when: When, date: string): boolean {
  if (when.kind === 'days') return when.days.includes(new Date(`${date}T00:00:00Z`).getUTCDay());
  const first = slots(when.cron, `${shiftDate(date, -1)}T23:59`, 'next').next();
  return first.done !== true && first.value.startsWith(date);
}

/** For people: `monday, thursday`, `every day`, or the expression. */
export function whenText(when: When): string {
  if (when.kind === 'cron') return when.cron;
  return when.days.length === 7 ? 'every day' : when.days.map((day) => names[day]).join(', ');
}
