import type { JournalEvent, Tokens } from './events.ts';
import type { DayState, State, TaskState, TaskStatus } from './state.ts';
import type { TaskSpec } from './spec.ts';

/** The state before the first event. */
export function emptyState(): State {
  return { seq: 0, at: '', days: {}, items: {}, lastItem: 0 };
}

/**
 * Folds one event into `state`, in place, in constant time. An event that names a day, task or item that is
 * not there changes nothing but `seq`: the journal is history, and history is not refused.
 */
export function fold(state: State, event: JournalEvent): void {
  state.seq = event.seq;
  state.at = event.at;
  if (event.type === 'day.planned') {
    planDay(state, event);
    return;
  }
  if (event.type.startsWith('item.')) foldItem(state, event);
  const day = event.day === undefined ? undefined : state.days[event.day];
  if (day === undefined) return;
  foldDay(day, event);
  const task = event.task === undefined ? undefined : day.tasks[event.task];
  if (task !== undefined) foldTask(task, event);
}

function planDay(state: State, event: JournalEvent & { type: 'day.planned' }): void {
  const { plan, payer } = event.data;
  const known = state.days[plan.date];
  const tasks: Record<string, TaskState> = {};
  for (const spec of plan.tasks) {
    const before = known?.tasks[spec.id];
    // What already ran keeps its state and the spec it ran with; the rest is taken from the new plan.
    if (before === undefined || !begun(before)) tasks[spec.id] = newTask(spec, event.at);
    else tasks[spec.id] = before.status === 'queued' ? replanned(before, spec) : before;
  }
  for (const [id, task] of Object.entries(known?.tasks ?? {})) {
    if (!begun(task)) continue;
    const gone = { ...task, status: 'stopped' as const, reason: 'it is no longer in the task file' };
    tasks[id] ??= task.status === 'queued' ? gone : task;
  }
  state.days[plan.date] = {
    date: plan.date,
    status: known?.status === 'running' || known?.status === 'paused' ? known.status : 'planned',
    plan,
    payer,
    // A raise holds until the file names another amount.
    limitUsd: known?.plan.maxCostUsd === plan.maxCostUsd ? known.limitUsd : plan.maxCostUsd,
    alerted: known?.alerted ?? [],
    tasks,
    ...(known?.startedAt === undefined ? {} : { startedAt: known.startedAt }),
  };
}

/** Whether anything of it happened: a queued task that is tried again has money, work and hints behind it. */
function begun(task: TaskState): boolean {
  return task.status !== 'queued' || task.attempt > 0 || task.workspace !== undefined;
}

/** The same task, with its past, to be done as the new plan says. */
function replanned(before: TaskState, spec: TaskSpec): TaskState {
  if (before.spec.maxCostUsd === spec.maxCostUsd) return { ...before, spec };
  const { limitUsd: _old, ...rest } = before;
  return { ...rest, spec, ...(spec.maxCostUsd === undefined ? {} : { limitUsd: spec.maxCostUsd }) };
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

function foldItem(state: State, event: JournalEvent): void {
  if (event.type === 'item.opened') {
    const { id, kind, questions, context, source, toolUseId, file, silence } = event.data;
    state.lastItem = Math.max(state.lastItem, Number(id.slice(1)) || 0);
    state.items[id] = {
      id,
      kind,
      status: 'open',
      day: event.day ?? '',
      task: event.task ?? '',
      attempt: event.attempt ?? 0,
      openedAt: event.at,
      questions,
      ...(context === undefined ? {} : { context }),
      source,
      ...(toolUseId === undefined ? {} : { toolUseId }),
      ...(file === undefined ? {} : { file }),
      silence,
    };
    return;
  }
  if (event.type === 'item.answered') {
    const item = state.items[event.data.id];
    if (item?.status !== 'open') return;
    item.status = 'answered';
    item.answers = event.data.answers;
    item.answeredBy = event.actor;
    item.answeredAt = event.at;
  } else if (event.type === 'item.delivered') {
    const item = state.items[event.data.id];
    if (item?.status !== 'answered') return;
    item.status = 'delivered';
    item.deliveredAt = event.at;
  } else if (event.type === 'item.withdrawn') {
    const item = state.items[event.data.id];
    if (item === undefined || item.status === 'delivered') return;
    item.status = 'withdrawn';
    item.withdrawnWhy = event.data.why;
  }
}

function foldDay(day: DayState, event: JournalEvent): void {
  switch (event.type) {
    case 'day.started':
      day.status = 'running';
      day.startedAt ??= event.at;
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

function enter(task: TaskState, status: TaskStatus, event: JournalEvent, reason?: string): void {
  task.status = status;
  task.since = event.at;
  delete task.parked;
  delete task.doing;
  delete task.reason;
  if (reason !== undefined) task.reason = reason;
}

function doing(task: TaskState, text: string, event: JournalEvent): void {
  task.doing = text;
  task.doingAt = event.at;
}

function addTokens(total: Tokens, more: Tokens): void {
  total.input += more.input;
  total.output += more.output;
  total.cacheWrite5m += more.cacheWrite5m;
  total.cacheWrite1h += more.cacheWrite1h;
  total.cacheRead += more.cacheRead;
}

function foldTask(task: TaskState, event: JournalEvent): void {
  switch (event.type) {
    case 'task.preparing':
      enter(task, 'preparing', event);
      break;
    case 'task.prepared':
      task.workspace = { checkout: event.data.checkout, base: event.data.base, kind: event.data.kind };
      delete task.cleaned;
      break;
    case 'task.parked':
      enter(task, 'parked', event);
      task.parked = {
        reason: event.data.reason,
        ...(event.data.item === undefined ? {} : { item: event.data.item }),
        ...(event.data.until === undefined ? {} : { until: event.data.until }),
      };
      break;
    case 'task.unparked':
      if (task.parked !== undefined) task.parked.ready = true;
      break;
    case 'task.checking':
      enter(task, 'checking', event);
      task.rounds = event.data.round;
      break;
    case 'task.done':
      enter(task, 'done', event, event.data.reasons.join('; '));
      break;
    case 'task.failed':
      enter(task, 'failed', event, event.data.reason);
      break;
    case 'task.stopped':
      enter(task, 'stopped', event, event.data.reason);
      break;
    case 'task.retried':
      enter(task, 'queued', event);
      task.retries = 0;
      task.workedMs = 0;
      delete task.review;
      if (event.data.hint !== undefined) task.hint = event.data.hint;
      break;
    case 'check.ran': {
      const { round, ...result } = event.data;
      task.checks.push({ round, ...result });
      break;
    }
    case 'deliverables.looked':
      task.deliverables = event.data.results;
      break;
    case 'review.decided':
      task.review = event.data;
      task.reviewedAttempt = task.attempt;
      if (event.data.decision === 'retry') {
        task.retries += 1;
        enter(task, 'working', event);
      }
      break;
    case 'work.measured':
      task.work = event.data;
      break;
    case 'attempt.intended':
      enter(task, 'working', event);
      task.attempt = event.attempt ?? task.attempt + 1;
      task.sessionId = event.data.sessionId;
      task.mode = event.data.mode;
      task.open = true;
      delete task.process;
      break;
    case 'attempt.started':
      task.process = { pid: event.data.pid, startTime: event.data.startTime };
      delete task.hint;
      break;
    case 'attempt.ended':
      task.open = false;
      delete task.process;
      task.workedMs += event.data.workedMs;
      if ((event.data.end === 'hung' || event.data.end === 'failed') && event.data.resumeImpossible !== true)
        task.retries += 1;
      task.lastEnd = {
        end: event.data.end,
        at: event.at,
        ...(event.data.detail === undefined ? {} : { detail: event.data.detail }),
        ...(event.data.toolUseId === undefined ? {} : { toolUseId: event.data.toolUseId }),
        ...(event.data.resumeImpossible === undefined ? {} : { resumeImpossible: event.data.resumeImpossible }),
      };
      break;
    case 'agent.said':
      doing(task, event.data.text, event);
      break;
    case 'agent.tool':
      doing(task, `${event.data.tool} ${event.data.input}`, event);
      break;
    case 'guard.decided':
      if (event.data.decision === 'deny') task.denials += 1;
      break;
    case 'tell.sent':
      task.tells.push({ id: event.data.id, text: event.data.text });
      break;
    case 'tell.delivered':
      task.tells = task.tells.filter((tell) => tell.id !== event.data.id);
      break;
    case 'model.reserved':
      task.reserved[event.data.call] = { usd: event.data.usd, model: event.data.model };
      break;
    case 'model.settled':
      // Only a reservation that is still open is settled: a second settlement of the same call is not charged.
      if (task.reserved[event.data.call] === undefined) break;
      delete task.reserved[event.data.call];
      task.spentUsd += event.data.usd;
      if (event.data.basis === 'estimate') task.estimatedUsd += event.data.usd;
      if (event.data.basis !== 'none') task.calls += 1;
      addTokens(task.tokens, event.data.tokens);
      break;
    case 'budget.alerted':
      if (event.data.scope === 'task') task.alerted.push(event.data.percent);
      break;
    case 'budget.raised':
      if (event.data.scope === 'task') task.limitUsd = event.data.limitUsd;
      break;
    case 'workspace.checkpointed':
      task.checkpoints.push({ ...event.data, at: event.at });
      break;
    case 'workspace.applying':
      task.applying = event.data.id;
      break;
    case 'workspace.applied':
      delete task.applying;
      task.applied = { id: event.data.id, at: event.at };
      break;
    case 'workspace.apply_failed':
      delete task.applying;
      break;
    case 'workspace.cleaned':
      task.cleaned = true;
      // With it went the checkpoints and the CLI's session: a retry begins anew.
      task.checkpoints = [];
      delete task.workspace;
      delete task.sessionId;
      delete task.lastEnd;
      break;
    default:
      break;
  }
}
