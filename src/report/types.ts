import type {
  AppliedLesson,
  CheckResult,
  DeliverableResult,
  DiffStat,
  EventData,
  ItemState,
  TaskState,
  Tokens,
} from '../journal/index.ts';

/** What became of a task, as a person asks for it. */
export type Outcome =
  /** Dayshift itself saw that it holds. */
  | 'proven'
  /** It ended well, but neither a check nor a file proves it. */
  | 'unproven'
  | 'failed'
  | 'waits_for_you'
  /** It goes on by itself later: a usage limit, a pause. */
  | 'waits'
  | 'stopped'
  | 'at_work'
  | 'not_run';

export interface AttemptFacts {
  number: number;
  started: string;
  /** Why it was begun. */
  why: string;
  mode: EventData<'attempt.intended'>['mode'];
  /** Undefined while it runs, or where its end was never seen. */
  end?: EventData<'attempt.ended'>['end'];
  detail?: string;
  exitCode?: number | null;
  turns?: number;
  workedMs: number;
}

/** One look at the work: its deliverables, its checks, what was decided. */
export interface RoundFacts {
  round: number;
  checks: CheckResult[];
  deliverables: DeliverableResult[];
  decision?: EventData<'review.decided'>['decision'];
  reasons: string[];
}

export interface QuestionFacts {
  id: string;
  kind: ItemState['kind'];
  status: ItemState['status'];
  opened: string;
  questions: ItemState['questions'];
  context?: string;
  /** In words; undefined while there is none. */
  answer?: string;
  by?: string;
  /** From the question to its answer. */
  waitedMs?: number;
  /** Nobody answered in time: its default was taken. */
  byDefault: boolean;
  withdrawn?: string;
  /** Answers that came too late. */
  late: number;
}

export interface RuleFacts {
  rule: string;
  count: number;
  tool: string;
  /** The first call that it met. */
  example: string;
  /** What the agent was told. */
  reason: string;
  instead?: string;
  /** How many of them were violations, and the worst of these. */
  violations?: { count: number; worst: 'plain' | 'disguised' | 'tamper' };
}

/** What went out beside model calls. */
export interface NetworkFacts {
  hosts: {
    host: string;
    port: number;
    /** Who reached it first. */
    by: EventData<'egress.opened'>['by'];
    connections: number;
    /** Bytes. */
    sent: number;
    received: number;
  }[];
  refused: (Omit<EventData<'egress.refused'>, 'detail' | 'port'> & { port?: number; detail?: string; count: number })[];
}

export interface TaskFacts {
  id: string;
  name: string;
  project: string;
  outcome: Outcome;
  status: TaskState['status'];
  /** Why it ended so, or what it waits for, in words. */
  why: string;
  started?: string;
  ended?: string;
  wallMs: number;
  workedMs: number;
  attempts: AttemptFacts[];
  setup: CheckResult[];
  /** Looks at the work, oldest first; the last one is the evidence. */
  rounds: RoundFacts[];
  stat?: DiffStat;
  patch?: string;
  /** Secrets whose values the work brings into files. */
  secrets: { name: string; path: string }[];
  /** The agent's own words. */
  summary?: string;
  questions: QuestionFacts[];
  denials: RuleFacts[];
  asks: RuleFacts[];
  network: NetworkFacts;
  /** An agent of it ran without a sandbox: the guard alone stood in its way. */
  unsandboxed: boolean;
  tells: { at: string; text: string; by: string }[];
  /** Other goes that a person asked for. */
  retried: { at: string; by: string; hint?: string }[];
  spentUsd: number;
  estimatedUsd: number;
  limitUsd?: number;
  estimate: { hours: number; usd?: number };
  tokens: Tokens;
  calls: number;
  models: string[];
  refusals: { meaning: EventData<'model.refused'>['meaning']; count: number; detail: string; resetAt?: string }[];
  checkpoints: { id: string; label: string }[];
  hasWorkspace: boolean;
  /** What it was given of what was learned, and what was kept from it. */
  lessons: AppliedLesson[];
  /** The person's stars, as their feedback says now. */
  rating?: number;
  applied?: string;
  /** Commits and branches that hold its work. */
  commits: { at: string; to: 'commit' | 'branch'; branch: string; commit: string }[];
  pullRequest?: { at: string; url: string };
  /** What still stands of its added lines where it was taken over, as it was seen last. */
  survival?: NonNullable<TaskState['survival']>;
  applyFailed?: string;
  rolledBack: string[];
  warnings: string[];
}

/** What the task file of a day says that was never begun: the file's word, not the journal's. */
export interface TaskFileFacts {
  /** As people know it: `tasks/2026-11-23.yaml`. */
  file: string;
  tasks: { id: string; name: string }[];
  /** Why it cannot be begun as it is, a line each; then there are no tasks. */
  errors: string[];
}

/** A day in figures and facts: everything that the report says, as data. Times are ISO strings, amounts US dollars. */
export interface DayFacts {
  date: string;
  /** False for a day that has no plan: then there are no tasks either. */
  planned: boolean;
  /** Of a day without a plan, what its task file says as the facts are taken. */
  taskFile?: TaskFileFacts;
  file?: string;
  timezone: string;
  payer?: string;
  started?: string;
  /** The last thing that happened. */
  last?: string;
  /** From the day's start to the end of its last task. */
  wallMs: number;
  workedMs: number;
  spentUsd: number;
  /** Of `spentUsd`, what rests on estimates. */
  estimatedUsd: number;
  /** The budget after raises. */
  limitUsd: number;
  /** What the plan foresaw; `usd` only where every task has an estimate. */
  estimate: { hours: number; usd?: number };
  /** What was foreseen as the day began, in US dollars; `records`: the ended tasks that it rests on. Undefined in old journals. */
  forecast?: { p50: number; p80: number; records: number };
  tokens: Tokens;
  calls: number;
  refusedCalls: number;
  outcomes: Record<Outcome, string[]>;
  /** What was asked about the day itself, not about a task. */
  questions: QuestionFacts[];
  /** In the plan's order. */
  tasks: TaskFacts[];
  pauses: { at: string; reason: string; resumed?: string }[];
  raises: { at: string; scope: 'task' | 'day' | 'project' | 'month'; task?: string; limitUsd: number; by: string }[];
  undelivered: { at: string; what: string; why: string }[];
  warnings: string[];
}
