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
} as const;
