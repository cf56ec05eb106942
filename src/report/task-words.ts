import { count, usd } from '../base/index.ts';
import type { Tokens } from '../journal/index.ts';
import { span, type DayClock } from './time.ts';
import type { AttemptFacts, RoundFacts, TaskFacts } from './types.ts';
import { endings, refusals, thousands } from './words.ts';

/** How a text that is not ours stands in a page: cut to a length, and marked as the page needs it. */
type Shown = (text: string, max: number) => string;

/** Whether there is nothing to say about attempts: one, and it ended by itself. */
export function isPlain({ attempts }: TaskFacts): boolean {
  return attempts.length < 2 && attempts.every(({ end }) => end === 'finished');
}

/** `2, 09:05 (its question was answered): the agent said that it is done after 40 min; 31 turns`. */
export function attemptWords(attempt: AttemptFacts, clock: DayClock, shown: Shown): string {
  const { number, started, why, end, detail, turns, exitCode, workedMs } = attempt;
  const more = [
    detail === undefined || detail.trim() === '' ? '' : shown(detail, 200),
    turns === undefined || turns === 0 ? '' : count(turns, 'turn'),
    end === 'failed' && exitCode !== undefined ? `exit code ${String(exitCode)}` : '',
  ].filter((part) => part !== '');
  const became = end === undefined ? 'its end was not seen' : endings[end];
  return `${number}, ${clock.at(started)} (${shown(why, 120)}): ${[`${became} after ${span(workedMs)}`, ...more].join('; ')}`;
}

/** `Look 1 at the work sent it back`: what became of a round of checks that was not the last. */
export function lookWords({ round, decision }: RoundFacts): string {
  return `Look ${round} at the work ${decision === 'retry' ? 'sent it back' : 'was not the last'}`;
}

/** `the vendor was overloaded, 2 times (Overloaded)`. */
export function refusalWords(refusal: TaskFacts['refusals'][number], clock: DayClock, shown: Shown): string {
  const { meaning, count: times, detail, resetAt } = refusal;
  const until = resetAt === undefined ? '' : `, until ${clock.at(resetAt)}`;
  return `${refusals[meaning]}${until}${times === 1 ? '' : `, ${times} times`} (${shown(detail, 160)})`;
}

/** What belongs to a task's cost: what was foreseen, its limit, what of it we only estimate. */
export function costNotes(task: TaskFacts): string[] {
  return [
    ...(task.estimate.usd === undefined ? [] : [`estimated ${usd(task.estimate.usd)}`]),
    ...(task.limitUsd === undefined ? [] : [`limit ${usd(task.limitUsd)}`]),
    ...(task.estimatedUsd > 0 ? [`${usd(task.estimatedUsd)} of it is our estimate: calls that were cut off`] : []),
  ];
}

/** `08:00 to 08:18 (18 min); worked 18 min in 1 attempt, estimated 1 h`; undefined where it did not run, or runs. */
export function timeWords(task: TaskFacts, clock: DayClock): string | undefined {
  if (task.started === undefined || task.ended === undefined) return undefined;
  return `${clock.at(task.started)} to ${clock.at(task.ended)} (${span(task.wallMs)}); worked ${span(task.workedMs)} in ${count(task.attempts.length, 'attempt')}, estimated ${task.estimate.hours} h`;
}

/** Tokens by their kind, each with its name. */
export function tokenRows(tokens: Tokens): [name: string, value: string][] {
  return [
    ['Tokens in', thousands(tokens.input)],
    ['Tokens out', thousands(tokens.output)],
    [
      'Tokens into the cache',
      `${thousands(tokens.cacheWrite5m)} for 5 minutes, ${thousands(tokens.cacheWrite1h)} for an hour`,
    ],
    ['Tokens from the cache', thousands(tokens.cacheRead)],
  ];
}

/** The checkpoints that a task can be rolled back to; none where that would change nothing. */
export function rollbackPoints(task: TaskFacts): TaskFacts['checkpoints'] {
  const changed = (task.stat?.files ?? 0) > 0;
  return task.hasWorkspace && (changed || task.checkpoints.length > 1) ? task.checkpoints : [];
}
