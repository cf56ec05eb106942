import { expect, test } from 'vitest';
import { daysLatestFirst } from './days.ts';
import type { DayState } from './state.ts';

const days = (...all: [date: string, status: DayState['status'], startedAt?: string][]) => ({
  days: Object.fromEntries(all.map(([date, status, startedAt]) => [date, { date, status, startedAt } as DayState])),
});

test('the day that runs comes first, then the one that was begun last, whatever their dates say', () => {
  const state = days(
    ['2030-05-05', 'reported', '2026-11-22T08:00:00Z'],
    ['2026-11-23', 'reported', '2026-11-23T08:00:00Z'],
    ['2026-11-21', 'running', '2026-11-21T08:00:00Z'],
    ['2026-11-24', 'planned'],
  );
  expect(daysLatestFirst(state)).toEqual(['2026-11-21', '2026-11-23', '2030-05-05', '2026-11-24']);
});
