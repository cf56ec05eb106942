import { createRequire } from 'node:module';
import type * as CronParser from 'cron-parser';
import type * as NodeCron from 'node-cron';
import type { Wall } from './zone.ts';

// Read when the first expression is: most commands meet none, and the two take longer than they do.
const require = createRequire(import.meta.url);
const cronParser = () => require('cron-parser') as typeof CronParser;
const nodeCron = () => require('node-cron') as typeof NodeCron;

/** Why a text is no cron expression of five fields that comes true some day; undefined where it is one. */
export function cronFault(text: string): string | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5)
    return `expected five fields (minute, hour, day, month, week day), found ${text.trim() === '' ? 'none' : fields.length}`;
  const { valid, errors } = nodeCron().validateDetailed(text.trim());
  if (!valid) {
    const first = errors[0];
    if (first === undefined) return 'no cron expression';
    return `${fieldNames[first.field] ?? first.field}: ${first.message.replace(/\ba (?=invalid\b)/, 'an ')}`;
  }
  // What one library takes and the other does not would never be due.
  if (slots(text, '2026-01-01T00:00', 'next').next().done === true) return 'no minute ever fits it';
  return undefined;
}

const fieldNames: Record<string, string> = { dayOfMonth: 'day', dayOfWeek: 'week day' };

/**
 * The minutes of an expression by the clock on the wall, without end, from `from` (exclusive) on or back. They know
 * nothing of zones and clock changes: that is what `instantOf` is for. Where both day and week day are given, either
 * counts, as in every crontab. Empty where the expression is not understood.
 */
export function* slots(text: string, from: Wall, way: 'next' | 'prev'): Generator<Wall, void> {
  try {
    // The wall's own time is written as if it were UTC, which has no clock changes.
    const expression = cronParser().CronExpressionParser.parse(text.trim(), {
      tz: 'UTC',
      currentDate: new Date(`${from}:00Z`),
    });
    for (;;) yield (way === 'next' ? expression.next() : expression.prev()).toDate().toISOString().slice(0, 16);
  } catch {
    // No more of them within what the library looks through.
  }
}
