import { z } from 'zod';

const questionSchema = z.object({
  question: z.string(),
  header: z.string().optional(),
  multiSelect: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string().optional() })),
});

const itemKindSchema = z.enum([
  'question',
  'approval',
  'budget',
  'login',
  'failed_check',
  'runaway',
  'canary',
  'violation',
  'schedule',
  'setting', // a setting that a person asked for in their feedback
  'lesson', // what was learned from it
  'feedback', // how a day's work was
  'usage_limit', // a subscription's window is used up: it goes on by itself
  'channel', // a chat that does not work as it should, until somebody mends it
]);

/** The answer to an item: an answer per question, in the questions' order. */
const answersSchema = z.array(z.string());

/** The inbox. */
export const inboxEvents = {
  'item.opened': z.object({
    id: z.string(),
    kind: itemKindSchema,
    questions: z.array(questionSchema),
    context: z.string().optional(),
    /** How it came: a tool call (answered through the hook), or a file of the agent's (answered by a file). */
    source: z.enum(['tool', 'file', 'daemon']),
    toolUseId: z.string().optional(),
    /** Of an approval: the very call, as the guard sees it; the same again has the same. */
    call: z.string().optional(),
    /** The question file, for source `file`. */
    file: z.string().optional(),
    /** What an item is about that nobody's work waits for: a day that has nothing to do, a slot that was missed, a setting (its values as JSON), a lesson, a channel that does not work. */
    about: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('day'), date: z.string() }),
        z.object({ kind: z.literal('slot'), name: z.string(), planned: z.string() }),
        z.object({ kind: z.literal('setting'), path: z.string(), from: z.string(), to: z.string() }),
        z.object({ kind: z.literal('lesson'), lesson: z.string() }),
        z.object({ kind: z.literal('feedback'), date: z.string(), tasks: z.array(z.string()) }),
        z.object({
          kind: z.literal('channel'),
          channel: z.enum(['telegram', 'discord']),
          /** token: refused · conflict: another program listens too · content: what is written may not be read · the others: what the bot may not do in `chat`. */
          problem: z.enum(['token', 'conflict', 'content', 'pin', 'topics', 'send', 'moved']),
          /** Of a chat that has moved: its new id. */
          to: z.string().optional(),
          chat: z.string().optional(),
        }),
      ])
      .optional(),
    /** What happens if nobody answers. */
    silence: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('wait') }),
      z.object({ kind: z.literal('default'), at: z.string(), answers: answersSchema }),
      /** Nothing happens: the item is over then. */
      z.object({ kind: z.literal('skip'), at: z.string() }),
    ]),
  }),
  /** One of several questions has its answer; it counts when the last one has. */
  'item.drafted': z.object({ id: z.string(), question: z.number(), answer: z.string() }),
  'item.answered': z.object({ id: z.string(), answers: answersSchema }),
  /** The agent (or the daemon, for an item of its own) has it. */
  'item.delivered': z.object({ id: z.string() }),
  /** Its time is over, and nobody answered. */
  'item.expired': z.object({ id: z.string() }),
  /** People were reminded; `step`: so many of its reminders are done with, whether they were sent or slept through. */
  'item.reminded': z.object({ id: z.string(), step: z.number() }),
  /** Nobody answered for long: it went to everyone else too. */
  'item.escalated': z.object({ id: z.string() }),
  'item.withdrawn': z.object({ id: z.string(), why: z.string() }),
  /** An answer that came second, or to an item that is no more: told, not used. */
  'item.refused': z.object({ id: z.string(), answers: answersSchema, why: z.string() }),
} as const;
