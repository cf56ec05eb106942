import { z } from 'zod';

const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  cacheWrite5m: z.number(),
  cacheWrite1h: z.number(),
  cacheRead: z.number(),
});

/** What a limit is for: `project` and `month` are a calendar month's, of one project and of all. */
const scopeSchema = z.enum(['task', 'day', 'project', 'month']);

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
    scope: scopeSchema,
    percent: z.number(),
    spentUsd: z.number(),
    limitUsd: z.number(),
  }),
  'budget.raised': z.object({
    scope: scopeSchema,
    limitUsd: z.number(),
    /** The config's limit that was raised, for `project` and `month`: the raise holds until config names another. */
    fromUsd: z.number().optional(),
  }),
  /** What the vendor says of a subscription's window. */
  'account.window': z.object({
    /** `5h`, `7d`, … as the vendor calls it. */
    window: z.string(),
    status: z.string(),
    /** Share that is used, 0 to 1, where the vendor says it. */
    used: z.number().optional(),
    resetAt: z.string().optional(),
  }),
} as const;
