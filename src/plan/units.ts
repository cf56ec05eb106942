import type { OnQuestion } from '../journal/index.ts';

/** Longest time that a task file or the config may name: a week. */
export const MAX_MINUTES = 10_080;

/** Minutes from `90`, `"90"`, `"90m"`, `"2h"`, `"1h30m"`, `"1.5h"`; undefined where it is none of these or out of range. */
export function minutesOf(value: unknown): number | undefined {
  const minutes = typeof value === 'number' ? value : typeof value === 'string' ? fromText(value) : undefined;
  return minutes !== undefined && minutes > 0 && minutes <= MAX_MINUTES ? minutes : undefined;
}

function fromText(text: string): number | undefined {
  const match =
    /^(?:(\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*(?:(\d+(?:\.\d+)?)\s*(?:m|min|minutes?)?)?$/i.exec(text.trim()) ?? undefined;
  if (match === undefined || (match[1] === undefined && match[2] === undefined)) return undefined;
  return Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0);
}

/** The question policy from `wait`, `park`, `default 10m` or `{default_after: 10m}`; undefined where it is none of these. */
export function onQuestionOf(value: unknown): OnQuestion | undefined {
  if (value === 'wait' || value === 'park') return { mode: value };
  let after: unknown;
  if (typeof value === 'string') after = /^default(?:\s+after)?\s+(.+)$/.exec(value.trim())?.[1];
  else if (typeof value === 'object' && value !== null && Object.keys(value).join() === 'default_after') {
    after = (value as { default_after: unknown }).default_after;
  }
  const afterMinutes = minutesOf(after);
  return afterMinutes === undefined ? undefined : { mode: 'default', afterMinutes };
}

/** Working hours that a complexity stands for. */
export const HOURS = { low: 1, medium: 2.5, high: 4 } as const;
