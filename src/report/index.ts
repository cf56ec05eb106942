import type { JournalEvent } from '../journal/index.ts';
import { dayFacts } from './facts.ts';
import type { PageOptions } from './html/card.ts';
import { htmlPage } from './html/page.ts';
import { dayPage } from './page.ts';
import type { DayFacts, TaskFileFacts } from './types.ts';

export { startCost, type CostBy, type CostTable } from './cost.ts';
export { dayFacts } from './facts.ts';
export { survivalWords } from './figures.ts';
export { chartOf } from './chart.ts';
export type { PageOptions } from './html/card.ts';
export { isRated, rateId } from './html/rate.ts';
export { renderStatus, statusView } from './status.ts';
export type { DayFacts, TaskFacts, TaskFileFacts } from './types.ts';
export { weekFacts, weekPage, weekSentence } from './week.ts';

/**
 * The evening report of `date` as Markdown: a pure function of that day's events in the journal, byte for byte the
 * same whenever it is made. `events` may hold other days' too. A day without a plan has a report as well: that one also says
 * what `taskFile` has for it.
 */
export function reportOf(events: JournalEvent[], date: string, taskFile?: TaskFileFacts): string {
  return dayPage(dayFacts(events, date, taskFile));
}

/**
 * The same for a browser, in one file: facts and patches of the day in, HTML out, without secrets if there are none in what
 * comes in.
 * @param patches each task's patch as text, by its id, as far as there is one
 * @param options `ratable`: with a form a task, for a page that is served by who takes it; a file has none; `notes`: what came of those that were sent, by task
 */
export function htmlReportOf(
  facts: DayFacts,
  patches: ReadonlyMap<string, string>,
  options: PageOptions = {},
): Promise<string> {
  return htmlPage(facts, patches, options);
}
