import { z } from 'zod';

/** The canary: what proves the guard and the sandbox before an agent's first model call. */
export const canaryEvents = {
  'canary.passed': z.object({
    sandbox: z.string(),
    /** So many things were tried, and each was refused. */
    tried: z.number(),
    /** How long it took inside, in ms. */
    ms: z.number(),
  }),
  'canary.failed': z.object({
    sandbox: z.string(),
    /** What was not refused, or why nothing can be said. */
    open: z.array(z.object({ what: z.string(), detail: z.string() })),
  }),
  /** A short run of this CLI with a scripted model showed that nothing runs past its hooks. Not shown again while it is the same. */
  'cli.proved': z.object({
    /** The binary's path, size and times. */
    file: z.string(),
    /** SHA-256 of the binary. */
    hash: z.string(),
    /** SHA-256 of what it is told: settings, flags, environment. */
    settings: z.string(),
    sandbox: z.string(),
    /** Whether a deferred call ends the process and is taken up again by a resume. Questions are answered without it too. */
    defers: z.boolean(),
    ms: z.number(),
  }),
  'cli.unproved': z.object({ file: z.string(), hash: z.string(), settings: z.string(), problems: z.array(z.string()) }),
} as const;
