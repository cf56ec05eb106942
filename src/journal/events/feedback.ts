import { z } from 'zod';

const remarkSchema = z.object({
  sign: z.enum(['good', 'warning', 'bad', 'note']),
  text: z.string(),
  /** 1-based line of the feedback file when it was read. */
  line: z.number(),
});
const wishSchema = z.object({ text: z.string(), line: z.number() });

/** What people think of the work, as their file said it. The newest of a task counts; the older ones stay as evidence. */
export const feedbackEvents = {
  /** A task's section that is new, or says something else than it did. */
  'feedback.given': z.object({
    /** Stands for what it says, wherever it stands in the file. */
    digest: z.string(),
    file: z.string(),
    line: z.number(),
    /** 0 to 5 stars. */
    rating: z.number().optional(),
    remarks: z.array(remarkSchema),
    actions: z.array(wishSchema),
  }),
  /** A task's section is no longer in the file. */
  'feedback.withdrawn': z.object({}),
  /** What is said of Dayshift itself, and below headings that are no task's. */
  'feedback.noted': z.object({
    digest: z.string(),
    file: z.string(),
    remarks: z.array(remarkSchema),
    wishes: z.array(wishSchema),
    others: z.array(z.object({ heading: z.string(), line: z.number(), text: z.array(z.string()) })),
  }),
  /** All of the file as it is now is in the journal. */
  'feedback.read': z.object({
    digest: z.string(),
    file: z.string(),
    problems: z.array(z.object({ line: z.number(), column: z.number(), message: z.string() })),
  }),
  /** A person's yes changed a setting: `chat.remind_minutes`, its values as JSON; an empty `from` for none. */
  'setting.changed': z.object({ item: z.string(), path: z.string(), from: z.string(), to: z.string() }),
} as const;
