import { z } from 'zod';
import { planSchema } from '../spec.ts';

/** A day. */
export const dayEvents = {
  'day.planned': z.object({ plan: planSchema, payer: z.string(), warnings: z.array(z.string()) }),
  'day.started': z.object({}),
  'day.paused': z.object({ reason: z.string() }),
  'day.resumed': z.object({}),
  'day.warned': z.object({ message: z.string() }),
  'day.reported': z.object({ path: z.string() }),
  'delivery.failed': z.object({ what: z.string(), why: z.string() }),
} as const;
