import { z } from 'zod';
import { planSchema } from './spec.ts';

/**
 * Every event that Dayshift knows: the closed union that the journal holds and all state is folded from.
 * An event is added or given an optional field freely; a field is never renamed or given another meaning
 * without a new `v`. Texts from outside are cut before they come here (the whole of them is in `agent.log`).
 */

/** Who caused an event. `via` says from where a person spoke. */
const actorSchema = z.object({
  kind: z.enum(['daemon', 'agent', 'person']),
  /** The person's name or id as far as it is known. */
  id: z.string().optional(),
  via: z.enum(['cli', 'terminal', 'file', 'http', 'telegram', 'discord', 'demo']).optional(),
});

const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  cacheRead: z.number(),
});

const questionSchema = z.object({
  question: z.string(),
  header: z.string().optional(),
  multiSelect: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string().optional() })),
});

/** Why an attempt's process is gone. */
const attemptEndSchema = z.enum([
  'finished', // the agent said that it is done
  'deferred', // it asked something and ended by `defer`
  'parked', // we ended it, to go on later: see task.parked
  'stopped', // a person or the end of the day ended it
  'lost', // the daemon died under it
  'hung', // no progress for the watchdog's time
  'timeout', // the task's working time is used up
  'max_turns',
  'failed', // the CLI ended with an error
]);

const parkReasonSchema = z.enum(['question', 'approval', 'budget', 'usage_limit', 'login', 'paused', 'shutdown']);

const itemKindSchema = z.enum(['question', 'approval', 'budget', 'login', 'failed_check']);

/** The answer to an item: an answer per question, in the questions' order. */
const answersSchema = z.array(z.string());

const diffStatSchema = z.object({
  files: z.number(),
  insertions: z.number(),
  deletions: z.number(),
  /** At most 200 paths, in git's order, with git's status letter. */
  paths: z.array(z.object({ status: z.string(), path: z.string() })),
});

const checkResultSchema = z.object({
  command: z.string(),
  /** null where it did not end by itself. */
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  ms: z.number(),
  /** The useful end of its output. */
  tail: z.string(),
});

const deliverableResultSchema = z.object({
  text: z.string(),
  /** The paths that the text names; empty where it names none. */
  paths: z.array(z.string()),
  verdict: z.enum(['changed', 'unchanged', 'missing', 'not_checkable']),
});

/** The data of each event type. The key is the event's `type`. */
export const eventData = {
  // The daemon and its journal
  'daemon.started': z.object({ pid: z.number(), version: z.string(), mode: z.enum(['run', 'daemon', 'command']) }),
  'daemon.stopped': z.object({ reason: z.string() }),
  /**
   * Something was cut out of the journal and kept aside in the file `kept` (empty where there was nothing to
   * keep). With `through` it stands in the place of the lost events from its own seq through that one.
   */
  'journal.repaired': z.object({
    file: z.string(),
    kept: z.string(),
    bytes: z.number(),
    lines: z.number().optional(),
    through: z.number().optional(),
  }),

  // A day
  'day.planned': z.object({ plan: planSchema, payer: z.string(), warnings: z.array(z.string()) }),
  'day.started': z.object({}),
  'day.paused': z.object({ reason: z.string() }),
  'day.resumed': z.object({}),
  'day.warned': z.object({ message: z.string() }),
  'day.reported': z.object({ path: z.string() }),
  'delivery.failed': z.object({ what: z.string(), why: z.string() }),

  // A task's life
  'task.preparing': z.object({}),
  'task.prepared': z.object({
    checkout: z.string(),
    base: z.string(),
    kind: z.enum(['worktree', 'copy']),
    ms: z.number(),
  }),
  'task.parked': z.object({
    reason: parkReasonSchema,
    item: z.string().optional(),
    /** ISO time at which it may go on by itself. */
    until: z.string().optional(),
  }),
  /** A parked task may go on: a person said so, or what it waited for is there. */
  'task.unparked': z.object({ why: z.string() }),
  'task.checking': z.object({ round: z.number() }),
  'task.done': z.object({ reasons: z.array(z.string()) }),
  'task.failed': z.object({ reason: z.string() }),
  'task.stopped': z.object({ reason: z.string() }),
  /** A person asks for another go: the task is queued again, with its workspace as it is. */
  'task.retried': z.object({ hint: z.string().optional() }),
  'setup.ran': checkResultSchema,
  'check.ran': checkResultSchema.extend({ round: z.number() }),
  'deliverables.looked': z.object({ round: z.number(), results: z.array(deliverableResultSchema) }),
  'review.decided': z.object({
    round: z.number(),
    decision: z.enum(['proceed', 'retry', 'escalate']),
    reasons: z.array(z.string()),
    /** The tree that was checked: proceed counts only for this one. */
    tree: z.string(),
  }),
  /** What the work amounts to, taken when an attempt is over. */
  'work.measured': z.object({
    stat: diffStatSchema,
    patch: z.string(),
    tree: z.string(),
    summary: z.string().optional(),
  }),

  // An attempt: one agent process
  'attempt.intended': z.object({
    sessionId: z.string(),
    /** start: a new session · resume: no prompt, after a `defer` · prompt: the session goes on with a prompt. */
    mode: z.enum(['start', 'resume', 'prompt']),
    why: z.string(),
  }),
  'attempt.started': z.object({ pid: z.number(), startTime: z.string(), sandbox: z.string() }),
  'attempt.ended': z.object({
    end: attemptEndSchema,
    exitCode: z.number().nullable(),
    turns: z.number().optional(),
    detail: z.string().optional(),
    /** The tool call that was deferred. */
    toolUseId: z.string().optional(),
    /** The CLI knows no such session, or no deferred call in it: the next attempt begins another way. */
    resumeImpossible: z.boolean().optional(),
    workedMs: z.number(),
  }),

  // What the agent does
  'agent.init': z.object({
    sessionId: z.string(),
    model: z.string(),
    version: z.string().optional(),
    apiKeySource: z.string().optional(),
  }),
  'agent.said': z.object({ text: z.string() }),
  'agent.tool': z.object({ toolUseId: z.string(), tool: z.string(), input: z.string() }),
  'agent.tool_result': z.object({ toolUseId: z.string(), ok: z.boolean(), text: z.string() }),
  'agent.retrying': z.object({ attempt: z.number(), status: z.number().nullable(), error: z.string() }),
  'agent.warned': z.object({ message: z.string() }),
  'guard.decided': z.object({
    toolUseId: z.string(),
    tool: z.string(),
    /** What was judged, cut: the command, or the path. */
    subject: z.string(),
    decision: z.enum(['allow', 'ask', 'deny']),
    rule: z.string(),
    reason: z.string(),
    instead: z.string().optional(),
  }),
  'tell.sent': z.object({ id: z.string(), text: z.string() }),
  'tell.delivered': z.object({ id: z.string() }),

  // Money
  'model.reserved': z.object({ call: z.string(), model: z.string(), usd: z.number() }),
  'model.settled': z.object({
    call: z.string(),
    /** The API's message id; absent where the call never got one. */
    message: z.string().optional(),
    model: z.string(),
    tokens: tokensSchema,
    usd: z.number(),
    /** estimate: the stream was cut before the final usage. */
    basis: z.enum(['exact', 'estimate', 'none']),
    ms: z.number(),
  }),
  'model.refused': z.object({
    call: z.string(),
    status: z.number().nullable(),
    meaning: z.enum([
      'login',
      'forbidden',
      'usage_limit',
      'rate_limit',
      'overloaded',
      'unreachable',
      'cut',
      'invalid',
      'server',
    ]),
    detail: z.string(),
    /** ISO time named by the vendor, where it named one. */
    resetAt: z.string().optional(),
  }),
  'budget.alerted': z.object({
    scope: z.enum(['task', 'day']),
    percent: z.number(),
    spentUsd: z.number(),
    limitUsd: z.number(),
  }),
  'budget.raised': z.object({ scope: z.enum(['task', 'day']), limitUsd: z.number() }),

  // The inbox
  'item.opened': z.object({
    id: z.string(),
    kind: itemKindSchema,
    questions: z.array(questionSchema),
    context: z.string().optional(),
    /** How it came: a tool call (answered through the hook), or a file of the agent's (answered by a file). */
    source: z.enum(['tool', 'file', 'daemon']),
    toolUseId: z.string().optional(),
    /** The question file, for source `file`. */
    file: z.string().optional(),
    /** What happens if nobody answers. */
    silence: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('wait') }),
      z.object({ kind: z.literal('default'), at: z.string(), answers: answersSchema }),
    ]),
  }),
  'item.answered': z.object({ id: z.string(), answers: answersSchema }),
  /** The agent (or the daemon, for an item of its own) has it. */
  'item.delivered': z.object({ id: z.string() }),
  'item.withdrawn': z.object({ id: z.string(), why: z.string() }),
  /** An answer that came second, or to an item that is no more: told, not used. */
  'item.refused': z.object({ id: z.string(), answers: answersSchema, why: z.string() }),

  // The workspace
  'workspace.checkpointed': z.object({ id: z.string(), label: z.string(), commit: z.string(), tree: z.string() }),
  'workspace.applying': z.object({ id: z.string() }),
  'workspace.applied': z.object({ id: z.string(), files: z.number() }),
  'workspace.apply_failed': z.object({ id: z.string(), why: z.string() }),
  'workspace.rolled_back': z.object({ checkpoint: z.string() }),
  'workspace.cleaned': z.object({ bytes: z.number(), forced: z.boolean() }),
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export type Actor = z.infer<typeof actorSchema>;
export type Tokens = z.infer<typeof tokensSchema>;
export type Question = z.infer<typeof questionSchema>;
export type AttemptEnd = z.infer<typeof attemptEndSchema>;
export type ParkReason = z.infer<typeof parkReasonSchema>;
export type ItemKind = z.infer<typeof itemKindSchema>;
export type DiffStat = z.infer<typeof diffStatSchema>;
export type CheckResult = z.infer<typeof checkResultSchema>;
export type DeliverableResult = z.infer<typeof deliverableResultSchema>;

/** What an appender gives; the journal adds `v`, `seq`, `at` and the checksum. */
export type NewEvent = {
  [T in EventType]: {
    type: T;
    data: EventData<T>;
    actor?: Actor;
    /** `YYYY-MM-DD` of the day that it belongs to. */
    day?: string;
    task?: string;
    /** Counts from 1 within the task. */
    attempt?: number;
  };
}[EventType];

/** An event as it stands in the journal. */
export type JournalEvent = NewEvent & {
  v: 1;
  /** Counts from 1 over the whole journal, without gaps but those that a `journal.repaired` stands for. */
  seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
  actor: Actor;
};

export type EventOf<T extends EventType> = Extract<JournalEvent, { type: T }>;

const envelopeSchema = z.object({
  type: z.string().refine((type) => Object.hasOwn(eventData, type), 'unknown event type'),
  actor: actorSchema.optional(),
  day: z.iso.date().optional(),
  task: z.string().optional(),
  attempt: z.number().int().optional(),
});

/** Checks a new event against its schema: every event passes here before it is written. What the schema does not know is dropped. */
export function validateEvent(event: NewEvent): z.ZodSafeParseResult<unknown> {
  const envelope = envelopeSchema.safeParse(event);
  return envelope.success ? eventData[event.type].safeParse(event.data) : envelope;
}
