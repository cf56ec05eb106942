import type { DayState, State } from '../../../src/journal/index.ts';

/** The day that people mean when they name none: the one that runs, else the latest. */
export function latestDay(state: State): DayState | undefined {
  const days = Object.values(state.days).sort((a, b) => b.date.localeCompare(a.date));
  return days.find(({ status }) => status === 'running' || status === 'paused') ?? days[0];
}
