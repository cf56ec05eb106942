import type { JournalEvent, Tokens } from './events.ts';
import type { TaskState, TaskStatus } from './state.ts';

/** Folds an event of a task into it. */
export function foldTask(task: TaskState, event: JournalEvent): void {
  switch (event.type) {
    case 'task.preparing':
      enter(task, 'preparing', event);
      break;
    case 'task.prepared':
      task.workspace = { checkout: event.data.checkout, base: event.data.base, kind: event.data.kind };
      if (event.data.kind === 'worktree') task.base = event.data.base;
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
      task.violations = 0;
      task.workedMs = 0;
      delete task.losses;
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
      if (task.parked?.reason === 'violation') task.violations = 0;
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
      if (event.data.end === 'lost') task.losses = (task.losses ?? 0) + 1;
      else delete task.losses;
      if ((event.data.end === 'hung' || event.data.end === 'failed') && event.data.resumeImpossible !== true)
        task.retries += 1;
      task.lastEnd = {
        end: event.data.end,
        at: event.at,
        ...(event.data.detail === undefined ? {} : { detail: event.data.detail }),
        ...(event.data.toolUseId === undefined ? {} : { toolUseId: event.data.toolUseId }),
        ...(event.data.resumeImpossible === undefined ? {} : { resumeImpossible: event.data.resumeImpossible }),
        ...(event.data.limit === undefined ? {} : { limit: event.data.limit }),
      };
      break;
    case 'agent.said':
      doing(task, event.data.text, event);
      break;
    case 'agent.tool':
      doing(task, `${event.data.tool} ${event.data.input}`, event);
      touched(task, event.data.tool, event.data.input);
      break;
    case 'guard.decided':
      if (event.data.decision === 'deny') task.denials += 1;
      if (event.data.violation !== undefined) task.violations = (task.violations ?? 0) + 1;
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
    case 'egress.opened':
      reached(task, event.data);
      break;
    case 'egress.counted':
      for (const host of event.data.hosts) {
        const total = reached(task, host);
        total.connections += host.connections;
        total.sent += host.sent;
        total.received += host.received;
      }
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
      task.applied = {
        ...{ id: event.data.id, at: event.at },
        ...(event.data.tree === undefined ? {} : { tree: event.data.tree }),
      };
      break;
    case 'workspace.apply_failed':
      delete task.applying;
      break;
    case 'commit.intended':
      task.committing = event.data;
      break;
    case 'commit.made': {
      const { id, ...made } = event.data;
      if (task.committing?.id === id) delete task.committing;
      task.commits = [...(task.commits ?? []), { ...made, at: event.at }];
      break;
    }
    case 'commit.failed':
      delete task.committing;
      break;
    case 'pull_request.opened':
      task.pullRequest = { branch: event.data.branch, url: event.data.url, at: event.at };
      break;
    case 'work.survived': {
      const { files: _files, ...survival } = event.data;
      task.survival = { ...survival, at: event.at };
      break;
    }
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

/** So many files are remembered of a task. */
const MOST_FILES = 100;

/** A file of the checkout that the agent's own tools name. */
function touched(task: TaskState, tool: string, input: string): void {
  const how = tool === 'Read' ? 'read' : /^(?:Edit|MultiEdit|Write|NotebookEdit)$/.test(tool) ? 'edited' : undefined;
  const root = task.workspace?.checkout;
  if (how === undefined || root === undefined || !input.startsWith(`${root}/`)) return;
  const path = input.slice(root.length + 1);
  const files = (task.files ??= {});
  if (Object.hasOwn(files, path) ? files[path] === 'read' : Object.keys(files).length < MOST_FILES) files[path] = how;
}

/** What is known of a host that the task reached. */
function reached(task: TaskState, { host, port }: { host: string; port: number }) {
  const all = (task.egress ??= {});
  return (all[`${host}:${port}`] ??= { connections: 0, sent: 0, received: 0 });
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
