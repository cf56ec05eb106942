import type { JournalEvent } from '../journal/index.ts';
import { dayFacts } from './facts.ts';
import { dayPage } from './page.ts';

export { startCost, type CostBy, type CostTable } from './cost.ts';
export { dayFacts } from './facts.ts';
export { chartOf } from './chart.ts';
export { renderStatus, statusView } from './status.ts';
export type { DayFacts, TaskFacts } from './types.ts';

/**
 * The evening report of `date` as Markdown: a pure function of that day's events in the journal, byte for byte the
 * same whenever it is made. `events` may hold other days' too. A day without a plan has a report as well.
 */
export function reportOf(events: JournalEvent[], date: string): string {
  return dayPage(dayFacts(events, date));
}
export { weekFacts, weekPage, weekSentence } from './week.ts';
