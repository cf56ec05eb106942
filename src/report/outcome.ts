import { costOf, type DayState, type ItemState, type TaskState } from '../journal/index.ts';
import type { Outcome, RoundFacts } from './types.ts';

/** What became of a task; `rounds`: the looks at its work, `items`: its own. */
export function outcomeOf(task: TaskState, rounds: RoundFacts[], items: ItemState[]): Outcome {
  switch (task.status) {
    case 'done':
      return isProven(rounds.at(-1)) ? 'proven' : 'unproven';
    case 'failed':
      return 'failed';
    case 'stopped':
      return task.attempt === 0 ? 'not_run' : 'stopped';
    case 'parked': {
      const waiting = items.some((item) => item.status === 'open');
      const reason = task.parked?.reason;
      const asked = reason !== undefined && !['usage_limit', 'paused', 'shutdown'].includes(reason);
      return waiting || (asked && task.parked?.until === undefined && !answered(task, items))
        ? 'waits_for_you'
        : 'waits';
    }
    case 'queued':
      return 'not_run';
    case 'preparing':
    case 'working':
    case 'checking':
      return items.some((item) => item.status === 'open') ? 'waits_for_you' : 'at_work';
  }
}

function answered(task: TaskState, items: ItemState[]): boolean {
  const item = items.find(({ id }) => id === task.parked?.item);
  return item !== undefined && item.status !== 'open';
}

/** Dayshift let it pass, and a check or a changed file speaks for it, and nothing against it. */
function isProven(round: RoundFacts | undefined): boolean {
  if (round?.decision !== 'proceed') return false;
  const { checks, deliverables } = round;
  if (checks.some((check) => check.timedOut || check.exitCode !== 0)) return false;
  if (deliverables.some(({ verdict }) => verdict === 'missing' || verdict === 'unchanged')) return false;
  return checks.length > 0 || deliverables.some(({ verdict }) => verdict === 'changed');
}

/** Why it ended so, or what it waits for, in words. */
export function whyOf(task: TaskState, outcome: Outcome, items: ItemState[], day: DayState): string {
  const open = items.filter((item) => item.status === 'open').map((item) => item.id);
  if (outcome === 'waits_for_you') return `waits for your answer${open.length === 0 ? '' : ` to ${open.join(', ')}`}`;
  if (task.reason !== undefined && task.reason !== '') return task.reason;
  switch (task.status) {
    case 'parked':
      return parkedWhy(task);
    case 'queued':
      return whyNotRun(task, day);
    case 'preparing':
      return 'its workspace is being prepared';
    case 'working':
      return 'an agent is at work on it';
    case 'checking':
      return 'its work is being checked';
    case 'done':
    case 'failed':
    case 'stopped':
      return 'no reason was recorded';
  }
}

function parkedWhy(task: TaskState): string {
  switch (task.parked?.reason) {
    case 'usage_limit':
      return 'the usage limit was reached; it goes on by itself when that is over';
    case 'paused':
      return 'it was paused';
    case 'shutdown':
      return 'Dayshift was stopped; it goes on at the next start';
    case 'login':
      return 'the login was refused; it goes on at the next start';
    case 'question':
    case 'approval':
    case 'budget':
    case 'violation':
    case 'canary':
    case 'runaway':
    case undefined:
      return 'it has its answer and goes on when its turn comes';
  }
}

/** Why a task that was planned never began. */
function whyNotRun(task: TaskState, day: DayState): string {
  if (task.attempt > 0) return 'it waits for its next turn';
  const unmet = task.spec.needs.filter((id) => day.tasks[id]?.status !== 'done');
  if (unmet.length > 0) {
    return `it needs ${unmet.map((id) => `${id} (${day.tasks[id]?.status ?? 'not in the plan'})`).join(', ')}`;
  }
  if (day.startedAt === undefined) return 'the day was not started';
  if (day.status === 'paused') return `the day was paused: ${day.pauseReason ?? 'no reason was given'}`;
  const spent = Object.values(day.tasks).reduce((usd, other) => usd + costOf(other), 0);
  if (spent >= day.limitUsd * 0.95) return 'the day’s budget was used up: at 95 % no new task starts';
  return 'its turn did not come';
}
