import { count, duration, usd } from '../base/index.ts';
import type { CheckResult, DeliverableResult } from '../journal/index.ts';
import { span, type DayClock } from './time.ts';
import type { DayFacts, Outcome } from './types.ts';
import { outcomes } from './words.ts';

/** `4 tasks: 1 failed · 3 done and proven`. */
export function daySummary(facts: DayFacts): string {
  const parts = (Object.keys(outcomes) as Outcome[]).flatMap((outcome) => {
    const number = facts.outcomes[outcome].length;
    if (number === 0) return [];
    const words = outcome === 'waits_for_you' && number > 1 ? 'wait for you' : outcomes[outcome].words;
    return [`${number} ${words}`];
  });
  return `${count(facts.tasks.length, 'task')}: ${parts.join(' · ')}`;
}

/** `$1.20 of $50.00 (2 %)`. */
export function dayCost(facts: DayFacts): string {
  const percent = facts.limitUsd > 0 ? ` (${Math.round((facts.spentUsd / facts.limitUsd) * 100)} %)` : '';
  return `${usd(facts.spentUsd)} of ${usd(facts.limitUsd)}${percent}`;
}

/** `08:00 to 17:05 (9 h 05 min), agents worked 4 h; times are Europe/Berlin`. */
export function dayTime(facts: DayFacts, clock: DayClock): string {
  if (facts.started === undefined) return 'the day was not started';
  const end = facts.tasks
    .flatMap((task) => task.ended ?? [])
    .sort()
    .at(-1);
  if (end === undefined) return `started at ${clock.at(facts.started)}, no task began`;
  return `${clock.at(facts.started)} to ${clock.at(end)} (${span(facts.wallMs)}), agents worked ${span(facts.workedMs)}; times are ${clock.timezone}`;
}

export function checkFailed(check: CheckResult): boolean {
  return check.timedOut || check.exitCode !== 0;
}

/** `exit code 1 after 2 s`. */
export function checkEnd(check: CheckResult): string {
  if (check.timedOut) return `not over after ${duration(check.ms)}`;
  if (check.exitCode === null) return `killed after ${duration(check.ms)}`;
  return `exit code ${check.exitCode} after ${duration(check.ms)}`;
}

export const verdicts: Record<DeliverableResult['verdict'], [mark: string, words: string]> = {
  changed: ['✅', 'there and changed'],
  unchanged: ['❌', 'there, but not changed'],
  missing: ['❌', 'missing'],
  not_checkable: ['➖', 'names no file for sure, so it could not be checked'],
};
