import {
  dayCostOf,
  emptyState,
  fold,
  type DayState,
  type EventData,
  type JournalEvent,
  type State,
  type TaskState,
  type Tokens,
} from '../journal/index.ts';
import { questionFacts } from './collect.ts';
import { isWork, taskFacts } from './task-facts.ts';
import { between } from './time.ts';
import type { DayFacts, Outcome, TaskFacts, TaskFileFacts } from './types.ts';

/**
 * The facts of `date` from the journal's events; those of other days, and of the report itself, are left out.
 * @param taskFile what the day's task file says, which counts only where the journal has no plan of that day
 */
export function dayFacts(events: JournalEvent[], date: string, taskFile?: TaskFileFacts): DayFacts {
  const own = events.filter((event) => belongs(event, date));
  const state = emptyState();
  for (const event of own) fold(state, event);
  const day = state.days[date];
  if (day !== undefined) return factsOf(own, day, state);
  return { ...unplanned(own, date), ...(taskFile === undefined ? {} : { taskFile }) };
}

function belongs(event: JournalEvent, date: string): boolean {
  if (event.type === 'day.reported') return false;
  return event.day === date || (event.type === 'day.planned' && event.data.plan.date === date);
}

function unplanned(events: JournalEvent[], date: string): DayFacts {
  const last = events.findLast(isWork)?.at;
  return {
    date,
    planned: false,
    timezone: 'UTC',
    ...(last === undefined ? {} : { last }),
    wallMs: 0,
    workedMs: 0,
    spentUsd: 0,
    estimatedUsd: 0,
    limitUsd: 0,
    estimate: { hours: 0 },
    tokens: { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 },
    calls: 0,
    refusedCalls: 0,
    outcomes: byOutcome([]),
    questions: [],
    tasks: [],
    ...dayEvents(events),
    warnings: warningsOf(events),
  };
}

function factsOf(events: JournalEvent[], day: DayState, state: State): DayFacts {
  const byTask = new Map<string, JournalEvent[]>();
  for (const event of events) {
    if (event.task === undefined) continue;
    const list = byTask.get(event.task);
    if (list === undefined) byTask.set(event.task, [event]);
    else list.push(event);
  }
  const items = Object.values(state.items);
  const tasks = Object.entries(day.tasks).map(([id, task]) =>
    taskFacts(
      task,
      byTask.get(id) ?? [],
      items.filter((item) => item.task === id),
      day,
    ),
  );
  const ends = tasks.flatMap((task) => task.ended ?? []).sort();
  const end = ends.at(-1);
  const last = events.findLast(isWork)?.at;
  const states = Object.values(day.tasks);
  return {
    date: day.date,
    planned: true,
    file: day.plan.file,
    timezone: day.plan.timezone,
    payer: day.payer,
    ...(day.startedAt === undefined ? {} : { started: day.startedAt }),
    ...(last === undefined ? {} : { last }),
    wallMs: day.startedAt === undefined || end === undefined ? 0 : between(day.startedAt, end),
    workedMs: sum(tasks, (task) => task.workedMs),
    spentUsd: dayCostOf(day),
    estimatedUsd: sum(tasks, (task) => task.estimatedUsd),
    limitUsd: day.limitUsd,
    estimate: estimateOf(states),
    ...(day.forecast === undefined ? {} : { forecast: { ...day.forecast.usd, records: day.forecast.records } }),
    tokens: addedTokens(states),
    calls: sum(states, (task) => task.calls),
    refusedCalls: sum(tasks, (task) => sum(task.refusals, (refusal) => refusal.count)),
    outcomes: byOutcome(tasks),
    questions: items
      .filter((item) => item.day === day.date && item.task === '')
      .map((item) =>
        questionFacts(
          item,
          events.filter((event) => event.task === undefined),
        ),
      ),
    tasks,
    ...dayEvents(events),
    warnings: warningsOf(events),
  };
}

function estimateOf(tasks: TaskState[]): DayFacts['estimate'] {
  const hours = sum(tasks, (task) => task.spec.estimate.hours);
  const known = tasks.every((task) => task.spec.estimate.usd !== undefined) && tasks.length > 0;
  return known ? { hours, usd: sum(tasks, (task) => task.spec.estimate.usd ?? 0) } : { hours };
}

function addedTokens(tasks: TaskState[]): Tokens {
  return {
    input: sum(tasks, (task) => task.tokens.input),
    output: sum(tasks, (task) => task.tokens.output),
    cacheWrite5m: sum(tasks, (task) => task.tokens.cacheWrite5m),
    cacheWrite1h: sum(tasks, (task) => task.tokens.cacheWrite1h),
    cacheRead: sum(tasks, (task) => task.tokens.cacheRead),
  };
}

function sum<T>(list: T[], amount: (one: T) => number): number {
  return list.reduce((total, one) => total + amount(one), 0);
}

function byOutcome(tasks: TaskFacts[]): Record<Outcome, string[]> {
  const out: Record<Outcome, string[]> = {
    proven: [],
    unproven: [],
    failed: [],
    waits_for_you: [],
    waits: [],
    stopped: [],
    at_work: [],
    not_run: [],
  };
  for (const task of tasks) out[task.outcome].push(task.id);
  return out;
}

function dayEvents(events: JournalEvent[]): Pick<DayFacts, 'pauses' | 'raises' | 'undelivered'> {
  const pauses: DayFacts['pauses'] = [];
  const raises: DayFacts['raises'] = [];
  const undelivered: DayFacts['undelivered'] = [];
  const messages = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'message.intended') messages.set(event.data.id, messageName(event.data));
    if (event.type === 'day.paused') pauses.push({ at: event.at, reason: event.data.reason });
    const open = pauses.at(-1);
    if (event.type === 'day.resumed' && open !== undefined) open.resumed ??= event.at;
    if (event.type === 'budget.raised') {
      const by = event.actor.id ?? event.actor.kind;
      raises.push({ at: event.at, ...event.data, by, ...(event.task === undefined ? {} : { task: event.task }) });
    }
    if (event.type === 'delivery.failed') undelivered.push({ at: event.at, ...event.data });
    if (event.type === 'message.failed' && event.data.final)
      undelivered.push({
        at: event.at,
        what: `could not reach you by ${messages.get(event.data.id) ?? 'chat'}`,
        why: event.data.why,
      });
  }
  return { pauses, raises, undelivered };
}

/** Which message it was, and by which channel. */
function messageName({ place: { channel }, content }: EventData<'message.intended'>): string {
  const of = (what: string) => `${channel} with ${what}`;
  switch (content.kind) {
    case 'item':
      return of(`question ${content.item}`);
    case 'digest':
      return of('what waits');
    case 'day':
      return of('the day’s card');
    case 'report':
      return of('the report');
    case 'task':
    case 'end':
      return of(`news of ${content.task}`);
    case 'text':
      return of('a message');
  }
}

/** Each once, in order: the plan's, the day's, the journal's. A task's own are told with the task. */
function warningsOf(events: JournalEvent[]): string[] {
  const out = new Set<string>();
  for (const event of events) {
    if (event.type === 'day.planned') for (const warning of event.data.warnings) out.add(warning);
    if (event.type === 'day.warned') out.add(event.data.message);
    if (event.type === 'journal.repaired') {
      out.add(
        `The journal was repaired: ${event.data.bytes} bytes of ${event.data.file} were put aside (${event.data.kept}).`,
      );
    }
    if (event.type === 'budget.alerted' && event.data.scope !== 'task') {
      const whose = { day: 'day’s', project: 'project’s monthly', month: 'month’s' }[event.data.scope];
      out.add(`${event.data.percent} % of the ${whose} budget was spent.`);
    }
  }
  return [...out];
}
