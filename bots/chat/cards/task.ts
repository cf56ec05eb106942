import { cutEnd, duration, oneLine, usd } from '../../../src/base/index.ts';
import { costOf, isTaken, type Block, type TaskState } from '../../../src/journal/index.ts';
import type { Right } from '../../../src/people/index.ts';
import { taskRef, type Action, type TaskVerb } from '../actions.ts';
import type { Button } from '../platform.ts';
import type { Message } from '../input.ts';
import { bold, code, italic, line, quote, rich } from '../rich/index.ts';

type Sign = (action: Action) => string;

/** Whether whoever sees a card may do that: what they may not has no button. */
type Allows = (right: Right) => boolean;

/** What a button needs of the person who taps it. */
function rightOf(verb: TaskVerb): Right {
  switch (verb) {
    case 'diff':
    case 'log':
      return 'look';
    case 'retry':
    case 'stop':
    case 'pause':
    case 'resume':
      return 'work';
    case 'apply':
    case 'rollback':
    case 'commit':
    case 'branch':
    case 'pr':
      return 'change';
  }
}

const signs: Record<TaskState['status'], string> = {
  queued: '⚪️',
  preparing: '🟡',
  working: '🔵',
  checking: '🧪',
  parked: '⏸',
  done: '✅',
  failed: '❌',
  stopped: '⛔️',
};

export const labels: Record<TaskVerb, string> = {
  diff: '📄 Diff',
  log: '📜 Log',
  apply: '📥 Apply',
  rollback: '⏪ Roll back',
  retry: '🔁 Retry',
  stop: '⏹ Stop',
  pause: '⏸ Pause',
  resume: '▶️ Go on',
  commit: '✅ Commit',
  branch: '🌿 Branch',
  pr: '🚀 Pull request',
};

/** A task as it stands, with what can be done about it. */
export function taskCard(day: string, task: TaskState, sign: Sign, allows: Allows): Message {
  const { id, name } = task.spec;
  const waits = task.parked === undefined ? '' : ` (${task.parked.reason.replaceAll('_', ' ')})`;
  const money = costOf(task) === 0 ? '' : ` · ${usd(costOf(task))}`;
  const time = task.workedMs === 0 ? '' : ` · ${duration(task.workedMs)}`;
  return {
    rich: rich(
      line(`${signs[task.status]} `, bold(id), name === id ? '' : ` · ${cutEnd(oneLine(name), 120)}`),
      line(italic(`${task.status}${waits}`), money, time),
      task.doing === undefined ? undefined : line('now: ', code(cutEnd(oneLine(task.doing), 200))),
      task.reason === undefined ? undefined : quote(cutEnd(task.reason, 600)),
      work(task),
    ),
    buttons: buttonsOf(day, task, sign, allows),
  };
}

/** How a task ended, in a line or two. */
export function endCard(day: string, task: TaskState, sign: Sign, allows: Allows): Message {
  const { id } = task.spec;
  const how = { done: 'is done', failed: 'failed', stopped: 'was stopped' }[task.status as string] ?? task.status;
  return {
    rich: rich(
      line(`${signs[task.status]} `, bold(id), ` ${how} · ${costWords(task)}`),
      task.status === 'done' || task.reason === undefined ? undefined : quote(cutEnd(task.reason, 700)),
      work(task),
    ),
    buttons: buttonsOf(day, task, sign, allows),
  };
}

/** What a task that ended cost, and what it changed. */
export function endLines(task: TaskState): Block[] {
  return rich(line(italic(costWords(task))), work(task));
}

/** What a task has cost, for lines about it. */
function costWords(task: TaskState): string {
  return `${usd(costOf(task))} · ${duration(task.workedMs)}`;
}

function work(task: TaskState) {
  if (task.work === undefined || task.work.stat.files === 0) return undefined;
  const { stat, tree: now } = task.work;
  const { files, insertions, deletions } = stat;
  const committed = task.commits?.findLast(({ to, tree }) => to === 'commit' && tree === now);
  const applied =
    committed !== undefined
      ? `, committed to ${committed.branch}`
      : isTaken({ ...task, commits: [] })
        ? ', applied'
        : '';
  return line(`${files} ${files === 1 ? 'file' : 'files'}, +${insertions} −${deletions}${applied}`);
}

/** What can be done about it; of work that is done, the ways to take it over in a row of their own. */
function buttonsOf(day: string, task: TaskState, sign: Sign, allows: Allows): Button[][] {
  const rows = [verbsOf(task), waysOf(task)]
    .map((row) => row.filter((verb) => allows(rightOf(verb))))
    .filter((row) => row.length > 0);
  return rows.map((row) => row.map((verb) => button(day, task.spec.id, verb, sign)));
}

/** The ways into the person's repository that are left; of work that came to nothing, the way back. */
function waysOf(task: TaskState): TaskVerb[] {
  if ((task.work?.stat.files ?? 0) === 0) return [];
  if (task.status === 'failed' || task.status === 'stopped') return ['rollback'];
  if (task.status !== 'done') return [];
  const { commits = [] } = task;
  const isCommitted = commits.some(({ to }) => to === 'commit');
  return [
    ...(isCommitted ? [] : (['commit'] as const)),
    ...(commits.length > 0 ? [] : (['branch'] as const)),
    ...(task.pullRequest === undefined ? (['pr'] as const) : []),
  ];
}

function verbsOf(task: TaskState): TaskVerb[] {
  switch (task.status) {
    case 'done':
      return task.work?.stat.files === 0 ? ['log', 'retry'] : ['diff', 'apply', 'retry'];
    case 'failed':
    case 'stopped':
      return ['diff', 'log', 'retry'];
    case 'parked':
      return task.parked?.reason === 'paused' ? ['resume', 'stop', 'log'] : ['stop', 'log'];
    case 'queued':
      return ['pause', 'stop'];
    case 'preparing':
    case 'working':
    case 'checking':
      return ['log', 'pause', 'stop'];
  }
}

function button(day: string, task: string, verb: TaskVerb, sign: Sign): Button {
  return { label: labels[verb], data: sign({ do: 'task', verb, ref: taskRef(day, task) }) };
}
