import { z } from 'zod';

/** One slot of the schedule: its entry, the minute that was planned, and when that was. */
const slotSchema = z.object({
  name: z.string(),
  /** By the clock on the wall: `2026-11-23T08:00`. With the name it is the slot's identity. */
  planned: z.string(),
  /** The zone of that clock. */
  zone: z.string(),
  /** ISO time at which it was due. */
  due: z.string(),
});

/** The schedule. A slot is claimed before it is run, and run by whoever's claim stands. */
export const scheduleEvents = {
  /** From now on these entries are watched: written when one is new, was changed, or has gone. */
  'schedule.armed': z.object({
    entries: z.array(
      z.object({ name: z.string(), cron: z.string(), zone: z.string(), what: z.string(), missed: z.string() }),
    ),
  }),
  'schedule.claimed': slotSchema.extend({
    claim: z.string(),
    what: z.string(),
    late: z.boolean(),
    /** Counts from 1: a slot whose run was cut off is claimed again. Of two claims with the same number the first stands. */
    try: z.number(),
  }),
  'schedule.ran': slotSchema.extend({
    claim: z.string(),
    what: z.string(),
    /** ISO time at which its run began; its end is the event's own time. */
    started: z.string(),
    ok: z.boolean(),
    /** What came of it, in a sentence. */
    said: z.string(),
  }),
  /** A slot that does not run, and with it the `count - 1` before it. */
  'schedule.missed': slotSchema.extend({ what: z.string(), why: z.string(), count: z.number() }),
  /** A person is asked by this inbox item whether it is to run late. */
  'schedule.asked': slotSchema.extend({ what: z.string(), why: z.string(), item: z.string() }),
} as const;
