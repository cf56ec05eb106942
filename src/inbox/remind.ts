import type { ItemState, State } from '../journal/index.ts';
import { isRemindedOf, openItems } from './list.ts';

const MINUTE = 60_000;
/** After the last named reminder one comes so often, in minutes. */
const THEN_EVERY = 60;

export interface ReminderPolicy {
  /** Minutes after an item was opened. */
  after: readonly number[];
  /** Minutes after which others are told too; undefined: never. */
  escalateAfter?: number | undefined;
  /** `22:00-07:00`, by the clock of `timezone`. */
  quiet?: string | undefined;
  timezone: string;
}

export interface ReminderPlan {
  /** Items to remind of now, the oldest first, each with the step that is done then. Several steps that were slept through are one reminder. */
  remind: { item: ItemState; step: number }[];
  /** Items that go to everyone else now. */
  escalate: ItemState[];
  /** When to look again, in ms since the epoch; undefined: when something is asked. */
  next: number | undefined;
}

/** Who is to be reminded of what at `now` (ms since the epoch). What was done stands in the items: a restart neither repeats nor forgets. */
export function planReminders(state: Pick<State, 'items'>, policy: ReminderPolicy, now: number): ReminderPlan {
  const remind: ReminderPlan['remind'] = [];
  const escalate: ItemState[] = [];
  let next: number | undefined;
  const sooner = (at: number) => {
    next = Math.min(next ?? at, at);
  };
  const quietFor = quietMs(policy, now);
  for (const item of openItems(state)) {
    if (!isRemindedOf(item)) continue;
    const opened = Date.parse(item.openedAt);
    const done = item.reminded ?? 0;
    const passed = stepsPassed(policy.after, (now - opened) / MINUTE);
    if (passed > done && quietFor === 0) remind.push({ item, step: passed });
    sooner(
      passed > done && quietFor > 0
        ? now + quietFor
        : opened + stepAfter(policy.after, Math.max(passed, done)) * MINUTE,
    );
    if (policy.escalateAfter === undefined || item.escalated === true) continue;
    const at = opened + policy.escalateAfter * MINUTE;
    if (at > now) sooner(at);
    else if (quietFor > 0) sooner(now + quietFor);
    else escalate.push(item);
  }
  return { remind, escalate, next };
}

/** How many reminders an item of that age should have had. */
function stepsPassed(after: readonly number[], minutes: number): number {
  const named = after.filter((at) => at <= minutes).length;
  if (named < after.length) return named;
  const last = after.at(-1) ?? 0;
  return after.length + Math.max(0, Math.floor((minutes - last) / THEN_EVERY));
}

/** The age in minutes at which the reminder after so many comes. */
function stepAfter(after: readonly number[], steps: number): number {
  return after[steps] ?? (after.at(-1) ?? 0) + (steps - after.length + 1) * THEN_EVERY;
}

/** How long it is still quiet at `now`, in ms; 0 where it is not. Asked again then: a clock may change in between. */
export function quietMs({ quiet, timezone }: Pick<ReminderPolicy, 'quiet' | 'timezone'>, now: number): number {
  if (quiet === undefined) return 0;
  const [from = 0, to = 0] = quiet.split('-').map(minuteOf);
  const minute = minuteOf(clockIn(now, timezone));
  const inside = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!inside) return 0;
  const left = (to - minute + 24 * 60) % (24 * 60);
  return left * MINUTE - (now % MINUTE);
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function clockIn(now: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(now);
}
