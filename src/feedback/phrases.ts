import { printable } from '../base/index.ts';
import type { Place } from './book.ts';
import type { Day } from './heading.ts';

/** What problems of a feedback file are told with. */
export const labelNames = { rating: 'rating', action: 'wish' };

export const unclosed = {
  fence: 'a fence is opened here and never closed: all below is quoted, and not read; close it',
  comment: '"<!--" is never closed: what follows is read; close it with "-->"',
};

export const severities = { fence: 'error', comment: 'warning' } as const;

export function whose({ section }: Place): string {
  return section === undefined ? 'a section about Dayshift' : `the section of ${section.task}`;
}

export function unknownTask(title: string, near: string | undefined, { date, tasks }: Day): string {
  const ids = tasks.map(({ id }) => id);
  const known = ids.length === 0 ? `${date} has no tasks in the journal` : `tasks of ${date}: ${shortList(ids)}`;
  const meant = near === undefined ? '' : `: did you mean ${JSON.stringify(near)}?`;
  return `${JSON.stringify(printable(title).slice(0, 60))} is no task of this day${meant} (${known}); kept as a note`;
}

function shortList(ids: readonly string[]): string {
  return ids.length <= 8 ? ids.join(', ') : `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more`;
}
