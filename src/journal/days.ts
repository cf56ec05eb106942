import type { DayState } from './state.ts';

/** What of a day says how it ranks. */
type Ranked = Pick<DayState, 'date' | 'status' | 'startedAt'>;

/**
 * The dates of the days, the one first that people mean when they name none: what runs or is paused, then what was begun last. A
 * date says little: a day of next year may have been tried yesterday. Sorts: O(n log n) in the number of days.
 */
export function daysLatestFirst(state: { days: Record<string, Ranked> }): string[] {
  const rank = (day: Ranked) => (day.status === 'running' || day.status === 'paused' ? 1 : 0);
  return Object.values(state.days)
    .sort(
      (a, b) =>
        rank(b) - rank(a) || (b.startedAt ?? '').localeCompare(a.startedAt ?? '') || b.date.localeCompare(a.date),
    )
    .map(({ date }) => date);
}
