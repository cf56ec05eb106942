import { z } from 'zod';

const roleSchema = z.enum(['owner', 'operator', 'viewer']);
const channelSchema = z.enum(['telegram', 'discord']);

/** Who may speak by chat, and what came from there. */
export const peopleEvents = {
  /** A code was given out. The journal has its hash only. */
  'pairing.offered': z.object({ hash: z.string(), role: roleSchema, until: z.string() }),
  'person.paired': z.object({
    /** `p1`, `p2`, …: what people type. */
    id: z.string(),
    role: roleSchema,
    channel: channelSchema,
    /** As the chat server knows them. */
    user: z.string(),
    name: z.string(),
    /** Where they paired: their own place for what concerns them. */
    chat: z.string(),
    /** The hash of the code that they showed: it is used up. */
    hash: z.string(),
  }),
  'person.removed': z.object({ id: z.string() }),
  /** Somebody who is not paired wrote or tapped. `answered`: they got the one sentence. */
  'stranger.seen': z.object({
    channel: channelSchema,
    user: z.string(),
    chat: z.string(),
    answered: z.boolean(),
  }),
  /** Words that somebody sent, kept until a button says what they are: an answer, a task. */
  'draft.made': z.object({
    id: z.string(),
    text: z.string(),
    /** Files that came with the words; the server keeps them under `ref`. */
    files: z
      .array(
        z.object({
          ref: z.string(),
          name: z.string(),
          /** Its size. */
          bytes: z.number(),
          kind: z.enum(['picture', 'document', 'voice', 'other']),
        }),
      )
      .optional(),
  }),
  'draft.used': z.object({ id: z.string() }),
  /** The second tap of two was made: it counts once. `button`: what it is, and when it was asked for; `input`: the tap, as `CHANNEL:ID`. */
  'button.used': z.object({ button: z.string(), input: z.string() }),
  /** What it confirmed failed: it may be tapped again. */
  'button.freed': z.object({ button: z.string() }),
  /** A message or tap that was seen to its end; `id` is the server's, with its kind before it. */
  'input.handled': z.object({ channel: channelSchema, id: z.string() }),
} as const;
