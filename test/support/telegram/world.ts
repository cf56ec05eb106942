import { ApiError, type Chat, type Message, type StoredFile, type Update, type User } from './types.ts';

/** What the vendor's side knows: chats, messages, files, updates that were not fetched. */
export interface World {
  bot: User;
  rights: { can_pin_messages: boolean; can_manage_topics: boolean };
  commands: { command: string; description: string }[];
  pinned: Map<number, number>;
  queries: Map<string, { at: number; answered: boolean; said: string | undefined }>;
  files: Map<string, { name: string; type: string; bytes: Uint8Array }>;
  topics: Map<number, { chat: number; name: string }>;
  messages: Message[];
  /** All updates ever made; `confirmed` is the offset below which none is given out again. */
  updates: Update[];
  confirmed: number;
  now(): number;
  chat(id: unknown): Chat;
  find(chat: unknown, message: unknown): Message | undefined;
  post(params: Record<string, unknown>, content: Partial<Message>): Message;
  edit(message: Message, content: Partial<Message>): Message;
  remove(message: Message): void;
  newTopic(chat: Chat, name: string): number;
  keep(id: string, name: string, type: string, bytes: Uint8Array): StoredFile;
  /** Puts an update into the queue. */
  happen(make: (id: number) => Update): Update;
  add(message: Omit<Message, 'message_id' | 'date'>): Message;
  /** Called whenever something changed. */
  changed(): void;
}

/** A world without chats. `first` is the first update id; `changed` is called after every change. */
export function createWorld(
  now: () => number,
  first: number,
  changed: () => void,
): World & { chats: Map<number, Chat> } {
  const chats = new Map<number, Chat>();
  let lastMessage = 100;
  let lastUpdate = first - 1;
  const world: World & { chats: Map<number, Chat> } = {
    bot: { id: 4_200_000, is_bot: true, first_name: 'Dayshift', username: 'dayshift_test_bot' },
    rights: { can_pin_messages: true, can_manage_topics: true },
    commands: [],
    pinned: new Map(),
    queries: new Map(),
    files: new Map(),
    topics: new Map(),
    messages: [],
    updates: [],
    confirmed: 0,
    chats,
    now,
    changed,
    chat(id) {
      const chat = chats.get(Number(id));
      if (chat === undefined) throw new ApiError(400, 'Bad Request: chat not found');
      return chat;
    },
    find: (chat, id) => world.messages.find((one) => one.chat.id === Number(chat) && one.message_id === Number(id)),
    add(message) {
      const whole = { message_id: ++lastMessage, date: Math.floor(now() / 1000), ...message };
      world.messages.push(whole);
      changed();
      return whole;
    },
    post(params, content) {
      const chat = world.chat(params.chat_id);
      const thread = params.message_thread_id === undefined ? undefined : Number(params.message_thread_id);
      if (thread !== undefined && world.topics.get(thread)?.chat !== chat.id)
        throw new ApiError(400, 'Bad Request: message thread not found');
      return world.add({ chat, from: world.bot, ...content, ...threadOf(thread), ...repliedTo(world, chat, params) });
    },
    edit(message, content) {
      const { reply_markup: _old, ...rest } = message;
      if (JSON.stringify(shown({ ...rest, ...content })) === JSON.stringify(shown(message)))
        throw new ApiError(
          400,
          'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
        );
      if (content.reply_markup === undefined) delete message.reply_markup;
      Object.assign(message, content, { edit_date: Math.floor(now() / 1000) });
      changed();
      return message;
    },
    remove(message) {
      world.messages = world.messages.filter((one) => one !== message);
      changed();
    },
    newTopic(chat, name) {
      const made = world.add({ chat, from: world.bot, forum_topic_created: { name, icon_color: 7_322_096 } });
      world.topics.set(made.message_id, { chat: chat.id, name });
      return made.message_id;
    },
    keep(id, name, type, bytes) {
      world.files.set(id, { name, type, bytes });
      return { file_id: id, file_unique_id: id, file_name: name, mime_type: type, file_size: bytes.length };
    },
    happen(make) {
      const update = make(++lastUpdate);
      world.updates.push(update);
      changed();
      return update;
    },
  };
  return world;
}

function threadOf(thread: number | undefined) {
  return thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true };
}

function repliedTo(world: World, chat: Chat, params: Record<string, unknown>): { reply_to_message?: Message } {
  const reply = params.reply_parameters as { message_id: number; allow_sending_without_reply?: boolean } | undefined;
  if (reply === undefined) return {};
  const message = world.find(chat.id, reply.message_id);
  if (message !== undefined) return { reply_to_message: message };
  if (reply.allow_sending_without_reply === true) return {};
  throw new ApiError(400, 'Bad Request: message to be replied not found');
}

function shown(message: Partial<Message>) {
  return [message.text, message.caption, message.entities, message.caption_entities, message.reply_markup];
}
