import { z } from 'zod';

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

/** An attempt: one agent process. */
export const attemptEvents = {
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
    /** It reached this limit of its sandbox, and ended by that; `detail` says how. */
    limit: z.enum(['memory', 'processes', 'disk']).optional(),
    workedMs: z.number(),
  }),
} as const;
