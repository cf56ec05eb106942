import { daysLatestFirst, type DayState, type State } from '../../../src/journal/index.ts';

/** The day that people mean when they name none: the one that runs, else the latest. */
export function latestDay(state: State): DayState | undefined {
  return state.days[daysLatestFirst(state)[0] ?? ''];
}
