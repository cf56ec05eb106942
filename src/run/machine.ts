import type { ItemState, TaskState } from '../journal/index.ts';

/** What a decision about a task may look at beside the task itself. */
export interface Seen {
  /** The day that the task belongs to. */
  day: string;
  /** All inbox items by id. */
  items: Record<string, ItemState>;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * A task's life as a pure function: what is to be done next, read from the journal's fold alone. The loop asks
 * again after each step, so a daemon that was killed anywhere goes on from here.
 *
 *   queued → preparing → working ⇄ parked → checking → (working again | done | failed | stopped)
 */
export type Step =
  /** Make the workspace and run the setup commands. */
  | { do: 'prepare' }
  /** Start an agent process. */
  | { do: 'launch'; mode: 'start' | 'resume' | 'prompt'; why: LaunchReason; items: string[] }
  /** An attempt was intended and nobody drives it: end what may be left of it, and write that down. */
  | { do: 'bury' }
  /** Run the checks outside an attempt. */
  | { do: 'check' }
  /** Checked and good: measure the work, which is the very tree that was judged, and be done. */
  | { do: 'finish'; tree: string }
  /** `ask`: its checks still fail with no tries left, and a person may give it more. */
  | { do: 'fail'; reason: string; ask?: true }
  | { do: 'park'; item: string };

type LaunchReason = 'first' | 'answer' | 'interrupted' | 'checks' | 'again' | 'hung' | 'crashed' | 'waited';

/** So many attempts in a row may be cut off by an end of Dayshift itself: a task that brings it down must not do so for ever. */
const LOSSES = 8;

/** The next step of a task that nobody drives; undefined where there is none: it is over, or it waits. */
export function nextStep(task: TaskState, seen: Seen): Step | undefined {
  switch (task.status) {
    case 'queued':
      return prepared(task) ? begin(task, seen, task.sessionId === undefined ? 'first' : 'again') : { do: 'prepare' };
    case 'preparing':
      return prepared(task) ? begin(task, seen, 'first') : { do: 'prepare' };
    case 'parked':
      return mayGoOn(task, seen) ? leavePark(task, seen) : undefined;
    case 'checking':
      return task.open ? { do: 'bury' } : afterChecks(task, seen);
    case 'working':
      return task.open ? { do: 'bury' } : afterAttempt(task, seen);
    case 'done':
    case 'failed':
    case 'stopped':
      return undefined;
  }
}

/** The first attempt waits for what is asked before it. */
function begin(task: TaskState, seen: Seen, why: LaunchReason): Step {
  const waiting = task.attempt === 0 ? waitingFor(task, seen) : undefined;
  return waiting === undefined ? launch(task, seen, why) : { do: 'park', item: waiting.id };
}

/** The open item of this task whose answer its agent needs. */
function waitingFor(task: TaskState, seen: Seen): ItemState | undefined {
  return Object.values(seen.items).find(
    (item) => item.task === task.spec.id && item.day === seen.day && item.status === 'open' && isForAgent(item),
  );
}

/** The open item of this task whose tool call was held when its agent was ended: it would ask the same again. */
function heldBy(task: TaskState, seen: Seen): ItemState | undefined {
  return Object.values(seen.items).find(
    (item) =>
      item.task === task.spec.id &&
      item.day === seen.day &&
      item.status === 'open' &&
      isForAgent(item) &&
      item.source === 'tool',
  );
}

/** Whether the workspace is made and its start is recorded. */
export function prepared(task: TaskState): boolean {
  return task.workspace !== undefined && task.checkpoints.length > 0;
}

/** Whether an item's answer goes to the agent; the others are the daemon's own to carry out. */
export function isForAgent(item: ItemState): boolean {
  return item.kind === 'question' || item.kind === 'approval';
}

/** Whether a parked task has what it waits for. */
export function mayGoOn(task: TaskState, seen: Seen): boolean {
  const parked = task.parked;
  if (parked === undefined) return false;
  if (parked.ready === true || parked.reason === 'shutdown') return true;
  if (parked.until !== undefined && Date.parse(parked.until) <= seen.now) return true;
  const item = parked.item === undefined ? undefined : seen.items[parked.item];
  return item !== undefined && item.status !== 'open';
}

/**
 * Whether the agent was let go: the verdict on its work is written, and it is not sent back. What is left (its process ends, the
 * work is measured) needs no slot.
 */
export function isLetGo(task: TaskState): boolean {
  const { review, rounds, reviewedAttempt, attempt } = task;
  if (task.status !== 'checking' || !task.open || review === undefined) return false;
  return review.round === rounds && reviewedAttempt === attempt && review.decision !== 'retry';
}

/** Items of this task that were answered and have not reached the agent. */
function undelivered(task: TaskState, seen: Seen): ItemState[] {
  return Object.values(seen.items).filter(
    (item) => item.task === task.spec.id && item.day === seen.day && item.status === 'answered' && isForAgent(item),
  );
}

function leavePark(task: TaskState, seen: Seen): Step {
  if (!prepared(task)) return { do: 'prepare' };
  const answered = task.parked?.reason === 'question' || task.parked?.reason === 'approval';
  const waiting = task.attempt === 0 ? waitingFor(task, seen) : answered ? undefined : heldBy(task, seen);
  if (waiting !== undefined) return { do: 'park', item: waiting.id };
  switch (task.parked?.reason) {
    case 'question':
    case 'approval':
      return launch(task, seen, 'answer');
    case 'shutdown':
      return launch(task, seen, 'interrupted');
    default:
      return launch(task, seen, 'waited');
  }
}

function afterAttempt(task: TaskState, seen: Seen): Step {
  const waiting = waitingFor(task, seen);
  const last = task.lastEnd;
  if (last === undefined) return launch(task, seen, 'first');
  if (last.resumeImpossible === true) return launch(task, seen, 'interrupted');
  switch (last.end) {
    case 'finished':
      if (waiting !== undefined) return { do: 'park', item: waiting.id };
      if (undelivered(task, seen).length > 0) return launch(task, seen, 'answer');
      return afterChecks(task, seen);
    case 'deferred': {
      if (waiting !== undefined) return { do: 'park', item: waiting.id };
      return launch(task, seen, 'answer');
    }
    case 'parked':
    case 'stopped': {
      const held = heldBy(task, seen);
      return held === undefined ? launch(task, seen, 'interrupted') : { do: 'park', item: held.id };
    }
    case 'lost':
      if (waiting !== undefined) return { do: 'park', item: waiting.id };
      return (task.losses ?? 0) < LOSSES
        ? launch(task, seen, 'interrupted')
        : { do: 'fail', reason: `Dayshift itself ended ${LOSSES} times in a row while it was worked on` };
    case 'hung':
      if (waiting !== undefined) return { do: 'park', item: waiting.id };
      return task.retries <= task.spec.retries
        ? launch(task, seen, 'hung')
        : { do: 'fail', reason: last.detail ?? 'it made no progress' };
    case 'failed':
      // It asked before it fell: without the answer another try would ask the same again.
      if (waiting !== undefined) return { do: 'park', item: waiting.id };
      return task.retries <= task.spec.retries
        ? launch(task, seen, 'crashed')
        : { do: 'fail', reason: last.detail ?? 'the agent ended with an error' };
    case 'max_turns':
      return { do: 'fail', reason: last.detail ?? 'it used up its turns' };
    case 'timeout':
      return { do: 'fail', reason: last.detail ?? 'its working time is used up' };
  }
}

function afterChecks(task: TaskState, seen: Seen): Step {
  const review = task.review;
  const tree = task.checkpoints.at(-1)?.tree;
  // A verdict counts only for the round that was begun last, for this attempt's work, and for the very tree that was looked at.
  const counts = review?.round === task.rounds && task.reviewedAttempt === task.attempt && review.tree === tree;
  if (review === undefined || !counts) return { do: 'check' };
  switch (review.decision) {
    case 'proceed':
      return { do: 'finish', tree };
    case 'escalate':
      return { do: 'fail', reason: review.reasons.join('; '), ask: true };
    case 'retry':
      return launch(task, seen, 'checks');
  }
}

function launch(task: TaskState, seen: Seen, why: LaunchReason): Step {
  const answered = undelivered(task, seen);
  const parkedItem = task.parked?.item === undefined ? undefined : seen.items[task.parked.item];
  const fromPark =
    parkedItem !== undefined &&
    isForAgent(parkedItem) &&
    (parkedItem.status === 'answered' || parkedItem.status === 'delivered') &&
    !answered.includes(parkedItem)
      ? [parkedItem]
      : [];
  const tell = [...answered, ...fromPark];
  return { do: 'launch', mode: launchMode(task, tell), why, items: tell.map((item) => item.id) };
}

function launchMode(task: TaskState, answered: ItemState[]): 'start' | 'resume' | 'prompt' {
  const last = task.lastEnd;
  if (task.sessionId === undefined || last === undefined) return 'start';
  if (last.resumeImpossible === true) return task.mode === 'resume' ? 'prompt' : 'start';
  // Only a deferred call can be resumed without a prompt, and only once its own item is answered.
  const deferred = last.end === 'deferred' && last.toolUseId !== undefined;
  return deferred && answered.some((item) => item.toolUseId === last.toolUseId) ? 'resume' : 'prompt';
}
