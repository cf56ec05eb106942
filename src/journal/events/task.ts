import { z } from 'zod';

const parkReasonSchema = z.enum([
  'question',
  'approval',
  'budget',
  'usage_limit',
  'login',
  'canary', // its sandbox let something through: see canary.failed
  'runaway',
  'violation', // the guard halted it
  'paused',
  'shutdown',
]);

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
  /** Limits of the sandbox that it reached, in words. */
  limits: z.array(z.string()).optional(),
});

const deliverableResultSchema = z.object({
  text: z.string(),
  /** The paths that the text names; empty where it names none. */
  paths: z.array(z.string()),
  verdict: z.enum(['changed', 'unchanged', 'missing', 'not_checkable']),
  /** The submodule in which one of these paths lies, where that is why it counts as unchanged. */
  submodule: z.string().optional(),
});

/** A task's life. */
export const taskEvents = {
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
    /** Secrets whose values the work brings into files: by name, never the value. */
    secrets: z.array(z.object({ name: z.string(), path: z.string() })).optional(),
  }),
} as const;
