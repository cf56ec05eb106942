import { z } from 'zod';

/** Words for people that no other event says, once each: a channel that shows events shows these. */
export const noticeEvents = {
  'notice.posted': z.object({
    /** Names what is told, so that it is told once: `report 2026-11-23`. */
    id: z.string(),
    /**
     * report: the evening report of a day that is not over, or on which nothing ran · rate: a reminder to rate · digest:
     * the week · plan: what became of a day's plan · schedule: a slot that was missed or failed · reload: a file that
     * was changed while the daemon is up
     */
    notice: z.enum(['report', 'rate', 'digest', 'plan', 'schedule', 'reload']),
    text: z.string(),
    /** A file that goes with it, relative to the home. */
    path: z.string().optional(),
  }),
} as const;
