import type { JournalEvent } from './events.ts';
import { withGiven } from './fold-lesson.ts';
import type { TaskSpec } from './spec.ts';
import type { DayState, State, TaskState } from './state.ts';

/** A day is planned, or planned anew while it runs. */
export function planDay(state: State, event: JournalEvent & { type: 'day.planned' }): void {
  const { plan, payer } = event.data;
  const known = state.days[plan.date];
  const tasks: Record<string, TaskState> = {};
  for (const spec of plan.tasks) {
    const before = known?.tasks[spec.id];
    // What already ran keeps its state and the spec it ran with; the rest is taken from the new plan.
    if (before === undefined || !begun(before)) tasks[spec.id] = newTask(spec, event.at);
    else tasks[spec.id] = takesPlan(before, spec) ? replanned(before, spec) : before;
  }
  for (const [id, task] of Object.entries(known?.tasks ?? {})) {
    if (!begun(task)) continue;
    const gone = { ...task, status: 'stopped' as const, reason: 'it is no longer in the task file' };
    tasks[id] ??= task.status === 'queued' ? gone : task;
  }
  const isOver = Object.values(tasks).every(({ status }) => /^(?:done|failed|stopped)$/.test(status));
  const goesOn = known?.status === 'running' || known?.status === 'paused' || (known?.status === 'reported' && isOver);
  state.days[plan.date] = {
    date: plan.date,
    status: goesOn ? known.status : 'planned',
    plan,
    payer,
    // A raise holds until the file names another amount.
    limitUsd: known?.plan.maxCostUsd === plan.maxCostUsd ? known.limitUsd : plan.maxCostUsd,
    alerted: known?.alerted ?? [],
    tasks,
    ...(known?.startedAt === undefined ? {} : { startedAt: known.startedAt }),
    ...(known?.forecast === undefined ? {} : { forecast: known.forecast }),
  };
}

/** Whether anything of it happened: a queued task that is tried again has money, work and hints behind it. */
function begun(task: TaskState): boolean {
  return task.status !== 'queued' || task.attempt > 0 || task.workspace !== undefined;
}

/**
 * Whether a task can still be done as a new plan says: it waits for its turn, and if its checkout is made already, or
 * being made, the new plan makes no other of it.
 */
export function takesPlan(task: TaskState, spec: TaskSpec): boolean {
  if (task.status === 'queued') return true;
  return task.status === 'preparing' && task.attempt === 0 && placeOf(task.spec) === placeOf(spec);
}

/** All of a spec that its checkout is made by. */
function placeOf({ project, setup, needs, startsFrom, egress, env }: TaskSpec): string {
  return JSON.stringify({ project, setup, needs, startsFrom, egress, env });
}

/** The same task, with its past, to be done as the new plan says. */
function replanned(before: TaskState, spec: TaskSpec): TaskState {
  const own = withGiven(spec, before);
  if (before.spec.maxCostUsd === spec.maxCostUsd) return { ...before, spec: own };
  const { limitUsd: _old, ...rest } = before;
  return { ...rest, spec: own, ...(spec.maxCostUsd === undefined ? {} : { limitUsd: spec.maxCostUsd }) };
}

function newTask(spec: TaskSpec, at: string): TaskState {
  return {
    spec,
    status: 'queued',
    since: at,
    checkpoints: [],
    attempt: 0,
    open: false,
    retries: 0,
    rounds: 0,
    checks: [],
    deliverables: [],
    tells: [],
    workedMs: 0,
    ...(spec.maxCostUsd === undefined ? {} : { limitUsd: spec.maxCostUsd }),
    spentUsd: 0,
    reserved: {},
    alerted: [],
    estimatedUsd: 0,
    tokens: { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 },
    calls: 0,
    denials: 0,
  };
}

/** Folds an event of a day into it. Looks at nothing of its plan and its tasks. */
export function foldDay(day: Omit<DayState, 'plan' | 'payer' | 'tasks'>, event: JournalEvent): void {
  switch (event.type) {
    case 'day.started':
      day.status = 'running';
      day.startedAt ??= event.at;
      break;
    case 'day.forecast':
      day.forecast ??= event.data;
      break;
    case 'day.paused':
      day.status = 'paused';
      day.pauseReason = event.data.reason;
      break;
    case 'day.resumed':
      day.status = 'running';
      delete day.pauseReason;
      break;
    case 'day.reported':
      if (day.status !== 'planned') day.status = 'reported';
      delete day.pauseReason;
      break;
    case 'budget.alerted':
      if (event.data.scope === 'day') day.alerted.push(event.data.percent);
      break;
    case 'budget.raised':
      if (event.data.scope === 'day') day.limitUsd = event.data.limitUsd;
      break;
    default:
      break;
  }
}
