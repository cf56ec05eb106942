import { count, duration, usd } from '../base/index.ts';
import type { CheckResult, DeliverableResult, TaskState } from '../journal/index.ts';
import { span, type DayClock } from './time.ts';
import type { DayFacts, Outcome, TaskFacts } from './types.ts';
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

/** A word on proof that no check gave: ` (by its changed files: it has no check)`. */
export function proofNote(task: TaskFacts): string {
  return task.outcome === 'proven' && task.rounds.at(-1)?.checks.length === 0
    ? ' (by its changed files: it has no check)'
    : '';
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

const verdicts: Record<DeliverableResult['verdict'], [mark: string, words: string]> = {
  changed: ['✅', 'there and changed'],
  unchanged: ['❌', 'there, but not changed'],
  missing: ['❌', 'missing'],
  not_checkable: ['➖', 'names no file for sure, so it could not be checked'],
};

/** What became of a deliverable: a mark and words. */
export function verdictOn({ verdict, submodule }: DeliverableResult): [mark: string, words: string] {
  if (submodule === undefined) return verdicts[verdict];
  return [verdicts[verdict][0], `in the submodule ${submodule}, of which no change is taken along`];
}

/** What a person thinks of the work and has done with it, each in words. */
export function takenOver(task: TaskFacts, clock: DayClock): string[] {
  return [
    ...(task.rating === undefined ? [] : [`Rated by you: ${task.rating} of 5`]),
    ...(task.applied === undefined ? [] : [`Applied to your checkout at ${clock.at(task.applied)}`]),
    ...task.commits.map(({ at, to, branch, commit }) =>
      to === 'commit'
        ? `Committed to ${branch} at ${clock.at(at)}: ${commit.slice(0, 10)}`
        : `Branch ${branch} made at ${clock.at(at)}: ${commit.slice(0, 10)}`,
    ),
    ...(task.pullRequest === undefined
      ? []
      : [`Pull request opened at ${clock.at(task.pullRequest.at)}: ${task.pullRequest.url}`]),
    ...(task.survival === undefined ? [] : [`Seen at ${clock.at(task.survival.at)}: ${survivalWords(task.survival)}`]),
  ];
}

/** The gestures that are left for taking the work over, by the command's verb; `what`: as what. */
export function gestures(task: TaskFacts): { what: string; verb: 'apply' | 'commit' | 'branch' | 'pr' }[] {
  if (!task.hasWorkspace || (task.stat?.files ?? 0) === 0) return [];
  const committed = task.commits.some(({ to }) => to === 'commit');
  return [
    ...(task.applied === undefined && !committed ? [{ what: '', verb: 'apply' as const }] : []),
    ...(committed ? [] : [{ what: 'as a commit', verb: 'commit' as const }]),
    ...(task.commits.length > 0 ? [] : [{ what: 'as a branch', verb: 'branch' as const }]),
    ...(task.pullRequest === undefined ? [{ what: 'as a pull request', verb: 'pr' as const }] : []),
  ];
}

type Survival = Omit<NonNullable<TaskState['survival']>, 'at' | 'tree'>;

/** `36 of 40 added lines stand in your checkout (90 %), all of them committed`. */
export function survivalWords({ added, standing, committed, where: place }: Survival): string {
  const where = place === 'branch' ? 'on its branch' : 'in your checkout';
  if (standing === 0)
    return `none of ${added} added lines stands ${where} (undone, put aside, or another branch is checked out)`;
  const done =
    committed >= standing ? 'all of them committed' : committed === 0 ? 'not committed' : `${committed} committed`;
  return `${standing} of ${added} added lines stand ${where} (${Math.round((standing / added) * 100)} %), ${done}`;
}
