import type { Plan, TaskSpec } from './spec.ts';
import type {
  Actor,
  Channel,
  Content,
  AttemptEnd,
  CheckResult,
  DeliverableResult,
  EventData,
  ItemKind,
  Lesson,
  ParkReason,
  Place,
  Question,
  Role,
  Tokens,
} from './events.ts';

/** The fold of the journal: plain JSON, so that the snapshot is this very object. Times are ISO strings. */
export interface State {
  /** The last event that is folded in. */
  seq: number;
  /** When it happened. */
  at: string;
  days: Record<string, DayState>;
  /** Inbox items by id (`q1`, `q2`, …); the number of the last one given out. */
  items: Record<string, ItemState>;
  lastItem: number;
  /** Money over days, by `monthKey` and `projectKey`. */
  ledgers: Record<string, Ledger>;
  /** How tasks ended, oldest first, the last thousand: what forecasts learn from. */
  history: TaskRecord[];
  /** A subscription's windows by the vendor's name, as they were told last. */
  windows: Record<string, { status: string; used?: number; resetAt?: string; at: string }>;
  chat: ChatState;
  /** What people said of the work, by day. */
  feedback: Record<string, FeedbackState>;
  lessons: LessonsState;
  /** What the schedule did; absent until it did anything. */
  schedule?: ScheduleState;
  /** Ids of the latest notices, so that none is told twice; absent until there is one. */
  notices?: string[];
  /** CLIs of which it is proved that nothing runs past their hooks, the latest last; absent until there is one. */
  proofs?: { file: string; hash: string; settings: string; sandbox: string }[];
}

/** What is remembered of the schedule. */
export interface ScheduleState {
  /** The entries that are watched, and since when (ISO): what was due before is not missed. */
  entries: Record<string, { cron: string; zone: string; since: string }>;
  /** Of each entry the slots of late, by their minute on the wall. `settled` is absent while a claimed one runs; `claim`: whose claim stands. */
  slots: Record<
    string,
    Record<string, { tries: number; claim?: string; settled?: 'ran' | 'failed' | 'missed' | 'asked' }>
  >;
}

/** What the feedback file of a day said when it was read last. */
export interface FeedbackState {
  /** Stands for the file as a whole; undefined where it was never read to its end. */
  read?: string;
  /** Stands for what was said of Dayshift itself. */
  noted?: string;
  tasks: Record<string, TaskFeedbackState>;
}

/** What was learned. */
interface LessonsState {
  /** By id (`l1`, `l2`, …); the number of the last one given out. */
  byId: Record<string, LessonState>;
  last: number;
  /** Each entry of `config/lessons.yaml` as it was read or written last, as JSON; of older versions its digest. */
  filed: Record<string, string>;
}

export type LessonState = Lesson & {
  /** Each time that it was said; the first is `from`. */
  said: Lesson['from'][];
  /** The tasks that had it, or were kept from it, by `DATE/id`. */
  uses: Record<
    string,
    {
      held: boolean;
      at: string;
      effect?: 'helpful' | 'harmful' | 'neutral';
      /** Whether the task went well by its rating; undefined while it has none. */
      good?: boolean;
      rating?: number;
      /** Why the effect is what it is. */
      why?: string;
      /** The person named the lesson. */
      named?: boolean;
    }
  >;
  history: { at: string; status: Lesson['status']; why: string; person?: boolean }[];
  /** What it was before it was last edited. */
  before?: Pick<Lesson, 'text' | 'does' | 'scope' | 'expires'> & { at: string };
};

export type AppliedLesson = EventData<'lesson.applied'>['lessons'][number];

export interface TaskFeedbackState {
  digest: string;
  /** 0 to 5 stars. */
  rating?: number;
  remarks: EventData<'feedback.given'>['remarks'];
  actions: EventData<'feedback.given'>['actions'];
  at: string;
}

/** What is known of chats and the people in them. */
export interface ChatState {
  /** Who may speak, by id (`p1`, `p2`, …); the number of the last one given out. */
  people: Record<string, PersonState>;
  lastPerson: number;
  /** Codes that were given out and not used, by their hash. */
  pairings: Record<string, { role: Role; until: string }>;
  /** Messages that were intended and have not arrived, by id, the oldest first. */
  pending: Record<string, PendingMessage>;
  /** Messages that can be edited, by `slotName`. */
  slots: Record<string, SlotState>;
  /** Threads of tasks, by `threadName`. */
  threads: Record<string, string>;
  /** Words that wait for a button, the oldest first; the last few hundred of them. */
  drafts: Record<string, string>;
  /** Files that came with those words, by the draft. */
  draftFiles?: Record<string, NonNullable<EventData<'draft.made'>['files']>>;
  /** Second taps of late, by what they confirmed: which input was the one that counted. Absent until there is one. */
  buttons?: Record<string, string>;
  /** The last event that messages were written about. */
  told: number;
  /** The last inputs of each channel: `begun`, something came of it; `handled`, it was seen to its end. */
  inputs: Record<string, Record<string, 'begun' | 'handled'>>;
}

export interface PersonState {
  id: string;
  role: Role;
  channel: Channel;
  user: string;
  name: string;
  chat: string;
  /** Since when. */
  at: string;
}

export type PendingMessage = EventData<'message.intended'> & {
  at: string;
  day?: string;
  task?: string;
  /** The parts of it that arrived. */
  sent?: string[];
  /** It failed once at least. */
  failed?: boolean;
  /** Another message stands for it elsewhere. */
  fellBack?: boolean;
};

export interface SlotState {
  id: string;
  place: Place;
  key: string;
  content: Content;
  /** The server's ids of its parts. */
  messages: string[];
  at: string;
  mark?: string;
  day?: string;
  task?: string;
}

/** What a calendar month, or one project in it, has cost. */
export interface Ledger {
  spentUsd: number;
  /** Calls on their way, in US dollars by id. */
  reserved: Record<string, number>;
  raised?: { fromUsd: number; limitUsd: number };
  alerted: number[];
}

/** A task that ended, as far as forecasts ask. */
export interface TaskRecord {
  day: string;
  task: string;
  project: string;
  module?: string;
  complexity: TaskSpec['complexity'];
  model?: string;
  outcome: 'done' | 'failed' | 'stopped';
  usd: number;
  /** Working time, in ms. */
  workedMs: number;
}

/** The ledger of a day's month: `2026-11`. */
export function monthKey(day: string): string {
  return day.slice(0, 7);
}

/** The ledger of a project in a day's month. */
export function projectKey(day: string, project: string): string {
  return `${monthKey(day)} ${project}`;
}

/** What a ledger holds, calls on their way included, in US dollars. */
export function ledgerCostOf(ledger: Ledger | undefined): number {
  return (ledger?.spentUsd ?? 0) + Object.values(ledger?.reserved ?? {}).reduce((sum, usd) => sum + usd, 0);
}

export interface DayState {
  date: string;
  status: 'planned' | 'running' | 'paused' | 'reported';
  pauseReason?: string;
  plan: Plan;
  payer: string;
  /** The day's budget as it stands now, after raises. */
  limitUsd: number;
  /** Alert percentages already told. */
  alerted: number[];
  /** Tasks by id, in the plan's order. */
  tasks: Record<string, TaskState>;
  startedAt?: string;
  /** What was foreseen as it began; absent in old journals. */
  forecast?: EventData<'day.forecast'>;
}

export type TaskStatus = 'queued' | 'preparing' | 'working' | 'parked' | 'checking' | 'done' | 'failed' | 'stopped';

export interface TaskState {
  spec: TaskSpec;
  status: TaskStatus;
  /** When `status` was entered. */
  since: string;
  /** Why it is done, failed, stopped. */
  reason?: string;
  parked?: { reason: ParkReason; item?: string; until?: string; ready?: boolean };
  workspace?: { checkout: string; base: string; kind: 'worktree' | 'copy' };
  checkpoints: { id: string; label: string; commit: string; tree: string; at: string }[];
  /** The attempt that runs, or ran last; 0 before the first. */
  attempt: number;
  /** The CLI's session, the same over all attempts that resume it. */
  sessionId?: string;
  /** The running attempt's process; absent when none runs (as far as the journal knows). */
  process?: { pid: number; startTime: string };
  /** An attempt was intended and not ended. */
  open: boolean;
  /** How the last attempt began. */
  mode?: EventData<'attempt.intended'>['mode'];
  lastEnd?: {
    end: AttemptEnd;
    detail?: string;
    toolUseId?: string;
    resumeImpossible?: boolean;
    limit?: 'memory' | 'processes' | 'disk';
    at: string;
  };
  /** Times that it was sent back or started again because of a failure. */
  retries: number;
  /** Attempts in a row that were cut off because Dayshift itself ended. */
  losses?: number;
  /** Rounds of checks so far. */
  rounds: number;
  checks: (CheckResult & { round: number })[];
  deliverables: DeliverableResult[];
  review?: EventData<'review.decided'>;
  /** The attempt whose work `review` judged. */
  reviewedAttempt?: number;
  work?: EventData<'work.measured'>;
  /** What it was given of what was learned, and what was kept from it; undefined until that is decided. */
  lessons?: AppliedLesson[];
  /** Files that it was given beside those that its file names; undefined until that is decided. */
  attached?: string[];
  /** Files of its checkout that its agent read or changed by a tool of its own, the first hundred. */
  files?: Record<string, 'read' | 'edited'>;
  /** A hint of the person's for the next attempt, not delivered yet. */
  hint?: string;
  /** Messages of a person's that the agent has not got yet. */
  tells: { id: string; text: string }[];
  workedMs: number;
  limitUsd?: number;
  spentUsd: number;
  /** Reserved and not settled: model calls in flight, or cut off by a kill (they count as spent). */
  reserved: Record<string, { usd: number; model: string }>;
  /** Alert percentages of its own limit already told. */
  alerted: number[];
  /** Of spentUsd, what rests on estimates. */
  estimatedUsd: number;
  tokens: Tokens;
  calls: number;
  denials: number;
  /** Of the denials since a person last had a say, those that are violations. */
  violations?: number;
  /** What it reached beside the model, by `host:port`: bytes and connections so far. */
  egress?: Record<string, { connections: number; sent: number; received: number }>;
  /** What it does right now, for the live view. */
  doing?: string;
  doingAt?: string;
  /** `tree`: which work it was; absent in old journals. */
  applied?: { id: string; at: string; tree?: string };
  applying?: string;
  /** The commit that its work began from, known also after its workspace is gone. */
  base?: string;
  /** A commit that was to be made, and of which nobody knows whether it was. */
  committing?: EventData<'commit.intended'>;
  /** Commits that hold its work, oldest first. */
  commits?: (Omit<EventData<'commit.made'>, 'id'> & { at: string })[];
  pullRequest?: { branch: string; url: string; at: string };
  /** What of it still stands, as it was seen last. */
  survival?: Omit<EventData<'work.survived'>, 'files'> & { at: string };
  cleaned?: boolean;
}

export type ItemStatus = 'open' | 'answered' | 'delivered' | 'withdrawn' | 'expired';

export interface ItemState {
  id: string;
  kind: ItemKind;
  status: ItemStatus;
  day: string;
  task: string;
  attempt: number;
  openedAt: string;
  questions: Question[];
  context?: string;
  source: 'tool' | 'file' | 'daemon';
  toolUseId?: string;
  call?: string;
  /** The call that it allowed was let through. */
  used?: boolean;
  file?: string;
  about?: EventData<'item.opened'>['about'];
  silence: EventData<'item.opened'>['silence'];
  /** Answers to some of several questions, by the question's index. */
  drafts?: Record<string, string>;
  answers?: string[];
  answeredBy?: Actor;
  answeredAt?: string;
  deliveredAt?: string;
  /** When it was withdrawn, or expired. */
  overAt?: string;
  withdrawnWhy?: string;
  /** So many reminders are done with. */
  reminded?: number;
  escalated?: boolean;
}

/** Whether the work of a task as it is now was taken over: put into the person's files, committed, or made a branch of. What was done anew since was not. */
export function isTaken({ work, applied, commits }: TaskState): boolean {
  if (work === undefined) return false;
  const { tree } = work;
  const isApplied = applied !== undefined && (applied.tree ?? tree) === tree;
  return isApplied || commits?.some((one) => one.tree === tree) === true;
}

/** What a task has cost so far: settled, and reserved but never settled. */
export function costOf(task: TaskState): number {
  let usd = task.spentUsd;
  for (const reservation of Object.values(task.reserved)) usd += reservation.usd;
  return usd;
}

/** What a day has cost so far, in US dollars. */
export function dayCostOf(day: DayState): number {
  let usd = 0;
  for (const task of Object.values(day.tasks)) usd += costOf(task);
  return usd;
}
