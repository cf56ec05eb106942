import { z } from 'zod';

const spanSchema = z.object({
  text: z.string(),
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  code: z.boolean().optional(),
  /** An address that the text leads to. */
  link: z.string().optional(),
});

const blockSchema = z.discriminatedUnion('type', [
  /** A line, or several where its text holds newlines. */
  z.object({ type: z.literal('text'), spans: z.array(spanSchema) }),
  /** Shown as it is, in a fixed width. */
  z.object({ type: z.literal('pre'), text: z.string(), language: z.string().optional() }),
  /** Words of somebody else's. `folded`: only its beginning is shown, where the chat can do that. */
  z.object({ type: z.literal('quote'), spans: z.array(spanSchema), folded: z.boolean().optional() }),
]);

const channelSchema = z.enum(['telegram', 'discord']);

const placeSchema = z.object({
  channel: channelSchema,
  /** The chat's or channel's id, as that server calls it. */
  chat: z.string(),
  /** A topic or thread in it. */
  thread: z.string().optional(),
});

const buttonSchema = z.object({
  label: z.string(),
  data: z.string(),
  look: z.enum(['good', 'bad']).optional(),
  option: z
    .object({
      label: z.string(),
      description: z.string().optional(),
      on: z.boolean(),
      alone: z.string(),
      none: z.string(),
    })
    .optional(),
});

/** What a message says: words, or something whose words are made from the state when it is sent or edited. */
const contentSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    rich: z.array(blockSchema),
    /** Buttons under it, as they were signed, in rows. */
    buttons: z.array(z.array(buttonSchema)).optional(),
    /** A file that goes with the words, relative to the home. */
    file: z.string().optional(),
  }),
  /** An inbox item's card. */
  z.object({ kind: z.literal('item'), item: z.string() }),
  /** The card of a day. */
  z.object({ kind: z.literal('day'), day: z.string() }),
  /** What stands at the head of a task's thread. */
  z.object({ kind: z.literal('task'), day: z.string(), task: z.string() }),
  /** How a task ended, with what can be done about it. */
  z.object({ kind: z.literal('end'), day: z.string(), task: z.string() }),
  /** The evening report, with its picture and its file. */
  z.object({ kind: z.literal('report'), day: z.string() }),
  /** What waits, in one message. */
  z.object({ kind: z.literal('digest') }),
]);

/** Messages to people. An edit of a day's card is no event: it can be made again from the state at any time. */
export const outboxEvents = {
  'message.intended': z.object({
    id: z.string(),
    place: placeSchema,
    /** It stands in its task's thread, where the chat has threads. */
    topic: z.boolean().optional(),
    /** Under this name it can be edited: there is one message of it in a chat. */
    key: z.string().optional(),
    priority: z.enum(['reply', 'question', 'alert', 'message', 'card']),
    content: contentSchema,
    /** The person is asked to reply to it. */
    ask: z.boolean().optional(),
    /** The seq of the event that it tells of: what comes after that one has not been told yet. */
    cause: z.number().optional(),
    /** It comes without a sound. */
    silent: z.boolean().optional(),
    /** The message elsewhere that it stands for. */
    instead: z.string().optional(),
  }),
  /** So many of its parts have arrived: it goes on with the next one. */
  'message.begun': z.object({ id: z.string(), messages: z.array(z.string()) }),
  'message.sent': z.object({
    id: z.string(),
    /** The server's ids of its parts, the first part first. */
    messages: z.array(z.string()),
    thread: z.string().optional(),
    /** A hash of what it shows. */
    mark: z.string().optional(),
  }),
  /** A message that can be edited shows something else now. `slot`: its name in the state. */
  'message.edited': z.object({ slot: z.string(), mark: z.string(), messages: z.array(z.string()).optional() }),
  /** A try that came to nothing. `final`: it is not tried again. */
  'message.failed': z.object({ id: z.string(), why: z.string(), final: z.boolean() }),
  /** It went elsewhere too: `to` says where; absent: there was nowhere else. */
  'message.fell_back': z.object({ id: z.string(), to: z.string().optional(), why: z.string() }),
  /** It is not needed any more: the item was answered before it went out. */
  'message.dropped': z.object({ id: z.string(), why: z.string() }),
  /** A task's thread was opened in a chat. */
  'thread.opened': z.object({ channel: channelSchema, chat: z.string(), thread: z.string() }),
} as const;
