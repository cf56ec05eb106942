import {
  costOf,
  type DayState,
  type EventData,
  type ItemState,
  type JournalEvent,
  type TaskState,
} from '../journal/index.ts';
import { attemptFacts, questionFacts, refusalsOf, roundsOf, rulesOf, said } from './collect.ts';
import { networkOf } from './network.ts';
import { outcomeOf, whyOf } from './outcome.ts';
import { between } from './time.ts';
import type { TaskFacts } from './types.ts';

type Ending = Extract<JournalEvent, { type: 'task.done' | 'task.failed' | 'task.stopped' }>;

/** Everything about one task, from its folded state, its own events in order, and its items. */
export function taskFacts(task: TaskState, events: JournalEvent[], items: ItemState[], day: DayState): TaskFacts {
  const { spec } = task;
  const begun = events.find((event) => event.type === 'task.preparing' || event.type === 'attempt.intended');
  const ending = events.findLast(
    (event): event is Ending =>
      event.type === 'task.done' || event.type === 'task.failed' || event.type === 'task.stopped',
  );
  const over = task.status === 'done' || task.status === 'failed' || task.status === 'stopped';
  const ended = over ? ending?.at : events.findLast(isWork)?.at;
  const rounds = roundsOf(events);
  const outcome = outcomeOf(task, rounds, items);
  const started = begun?.at;
  return {
    id: spec.id,
    name: spec.name,
    project: spec.project,
    outcome,
    status: task.status,
    why: whyOf(task, outcome, items, day),
    ...(started === undefined ? {} : { started }),
    ...(ended === undefined || started === undefined ? {} : { ended }),
    wallMs: started === undefined || ended === undefined ? 0 : between(started, ended),
    ...attemptFacts(events),
    setup: events.flatMap((event) => (event.type === 'setup.ran' ? [event.data] : [])),
    rounds,
    secrets: task.work?.secrets ?? [],
    ...(task.work === undefined ? {} : workFacts(task.work)),
    questions: items.map((item) => questionFacts(item, events)),
    denials: rulesOf(events, 'deny'),
    asks: rulesOf(events, 'ask'),
    network: networkOf(events),
    unsandboxed: events.some((event) => event.type === 'attempt.started' && event.data.sandbox === 'none'),
    spentUsd: costOf(task),
    estimatedUsd: task.estimatedUsd + costOf(task) - task.spentUsd,
    ...(task.limitUsd === undefined ? {} : { limitUsd: task.limitUsd }),
    estimate: { hours: spec.estimate.hours, ...(spec.estimate.usd === undefined ? {} : { usd: spec.estimate.usd }) },
    tokens: task.tokens,
    calls: task.calls,
    models: [...new Set(events.flatMap((event) => (event.type === 'model.settled' ? [event.data.model] : [])))].sort(),
    refusals: refusalsOf(events),
    checkpoints: task.checkpoints.map(({ id, label }) => ({ id, label })),
    hasWorkspace: task.workspace !== undefined,
    lessons: task.lessons ?? [],
    ...ratingOf(events),
    commits: (task.commits ?? []).map(({ at, to, branch, commit }) => ({ at, to, branch, commit })),
    ...(task.survival === undefined ? {} : { survival: task.survival }),
    ...(task.pullRequest === undefined ? {} : { pullRequest: { at: task.pullRequest.at, url: task.pullRequest.url } }),
    ...said(events),
  };
}

/** True for what moves a task on, false for what is done with it afterwards. */
export function isWork(event: JournalEvent): boolean {
  return !/^(?:workspace|delivery|commit|pull_request|feedback|lesson)\.|^(?:item\.refused|work\.survived)$/.test(
    event.type,
  );
}

function workFacts(work: EventData<'work.measured'>): Pick<TaskFacts, 'stat' | 'patch' | 'summary'> {
  return {
    stat: work.stat,
    ...(work.patch === '' || work.patch.includes('\n') ? {} : { patch: work.patch }),
    ...(work.summary === undefined || work.summary.trim() === '' ? {} : { summary: work.summary }),
  };
}

/** The stars that count now. */
function ratingOf(events: JournalEvent[]): Pick<TaskFacts, 'rating'> {
  const last = events.findLast(({ type }) => type === 'feedback.given' || type === 'feedback.withdrawn');
  return last?.type === 'feedback.given' && last.data.rating !== undefined ? { rating: last.data.rating } : {};
}
