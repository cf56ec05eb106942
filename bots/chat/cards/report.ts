import { cutEnd, duration, usd } from '../../../src/base/index.ts';
import type { Block } from '../../../src/journal/index.ts';
import type { DayFacts, TaskFacts } from '../../../src/report/index.ts';
import { taskRef, type Action } from '../actions.ts';
import type { Button, Limits } from '../platform.ts';
import type { Message } from '../input.ts';
import { bold, code, italic, line, rich } from '../rich/index.ts';
import { shortWhy } from './label.ts';

const signs: Record<TaskFacts['outcome'], string> = {
  proven: '✅',
  unproven: '🟡',
  failed: '❌',
  waits_for_you: '❓',
  waits: '⏳',
  stopped: '⛔️',
  at_work: '🔵',
  not_run: '⚪️',
};

/** Tasks that the message names; the file has them all. */
const MOST_TASKS = 25;
/** Tasks with stars of their own. */
const MOST_RATED = 8;

/** The evening report as a message that a busy person reads: what is done and proven, what needs them, what it cost. */
export function reportCard(facts: DayFacts, limits: Pick<Limits, 'rows'>, sign: (action: Action) => string): Message {
  const order = Object.keys(signs);
  const tasks = [...facts.tasks].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const shown = tasks.slice(0, MOST_TASKS).map(taskLine);
  const idle = tasks.every(({ outcome }) => outcome === 'not_run');
  const proven = facts.outcomes.proven.length;
  const rated = ratedOf(facts);
  const room = Math.min(MOST_RATED, limits.rows);
  return {
    rich: rich(
      line(bold(`📄 ${facts.date}`), idle ? ' · nothing ran' : ` · ${proven} of ${tasks.length} done and proven`),
      line(
        `${usd(facts.spentUsd)} of ${usd(facts.limitUsd)}${foreseen(facts)} · agents worked ${duration(facts.workedMs)}`,
      ),
      line(),
      ...shown,
      tasks.length > MOST_TASKS ? `… and ${tasks.length - MOST_TASKS} more, in the file` : undefined,
      ...undelivered(facts),
      idle ? undefined : line(italic('What do you think of the work? Stars, and then what should be different:')),
      rated.length > room ? line('The others: ', code(`/rate ${rated[room]?.id ?? ''} 4`)) : undefined,
    ),
    buttons: stars(facts, rated.slice(0, room), sign),
  };
}

/** What the day was foreseen to cost, where that was written down. */
function foreseen({ forecast }: DayFacts): string {
  return forecast === undefined ? '' : `, foreseen ${usd(forecast.p50)} to ${usd(forecast.p80)}`;
}

function taskLine(task: TaskFacts): Block {
  const files =
    task.stat === undefined || task.stat.files === 0
      ? ''
      : ` · ${task.stat.files} ${task.stat.files === 1 ? 'file' : 'files'} +${task.stat.insertions} −${task.stat.deletions}`;
  const money = task.spentUsd === 0 ? '' : ` · ${usd(task.spentUsd)}`;
  const short = shortWhy(task.why);
  const why = task.outcome === 'proven' || short === '' ? '' : ` – ${cutEnd(short, 120)}`;
  return line(`${signs[task.outcome]} `, code(task.id), `${money}${files}${why}`);
}

function undelivered(facts: DayFacts): Block[] {
  if (facts.undelivered.length === 0) return [];
  return [line(`⚠️ ${facts.undelivered.length} messages could not be delivered: see the file`)];
}

/** Tasks whose work can be judged. */
function ratedOf(facts: DayFacts): TaskFacts[] {
  return facts.tasks.filter(({ outcome }) => !['not_run', 'waits_for_you', 'waits', 'at_work'].includes(outcome));
}

/** A row a task: one to five. */
function stars(facts: DayFacts, rated: readonly TaskFacts[], sign: (action: Action) => string): Button[][] {
  return rated.map((task) => {
    const ref = taskRef(facts.date, task.id);
    const name = task.id.length <= 14 ? task.id : `${task.id.slice(0, 13)}…`;
    return [1, 2, 3, 4, 5].map((number): Button => ({
      label: number === 1 ? `${name} ★1` : `★${number}`,
      data: sign({ do: 'rate', ref, stars: number }),
    }));
  });
}
