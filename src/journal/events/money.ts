import { z } from 'zod';

const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  cacheRead: z.number(),
});

/** Money. */
export const moneyEvents = {
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
} as const;
