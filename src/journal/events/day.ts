import { z } from 'zod';
import { complexitySchema, planSchema } from '../spec.ts';

/** US dollars or minutes: the median, and what eight of ten stay under. */
const rangeSchema = z.object({ p50: z.number(), p80: z.number() });

/** A day. */
export const dayEvents = {
  'day.planned': z.object({ plan: planSchema, payer: z.string(), warnings: z.array(z.string()) }),
  'day.started': z.object({}),
  /** What was foreseen as the day began, so that it can be held against what came: of the day, and of its tasks by id. */
  'day.forecast': z.object({
    usd: rangeSchema,
    /** Ended tasks that it rests on; 0: rules of thumb alone. */
    records: z.number(),
    /** `minutes`: of work. `alike`: ended tasks that are most like it. */
    tasks: z.record(
      z.string(),
      z.object({
        usd: rangeSchema,
        minutes: rangeSchema,
        complexity: z.object({ p50: complexitySchema, p80: complexitySchema }).optional(),
        alike: z.number(),
      }),
    ),
  }),
  'day.paused': z.object({ reason: z.string() }),
  'day.resumed': z.object({}),
  'day.warned': z.object({ message: z.string() }),
  'day.reported': z.object({ path: z.string() }),
  'delivery.failed': z.object({ what: z.string(), why: z.string() }),
} as const;
