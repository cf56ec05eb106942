import { randomUUID } from 'node:crypto';
import { checkEntities } from './entities.ts';
import type { World } from './world.ts';
import { ApiError, type Button, type Call, type Entity, type Message } from './types.ts';

type Method = (world: World, call: Call) => unknown;

/** The methods of the Bot API that this server knows, by lower-case name; each throws ApiError as the vendor answers. */
export const methods: Record<string, Method> = {
  getme: (world) => world.bot,
  deletewebhook: () => true,
  setmycommands: (world, { params }) => {
    const commands = params.commands as { command: string; description: string }[];
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(command)) throw new ApiError(400, `Bad Request: BOT_COMMAND_INVALID ${command}`);
      if (description.length < 1 || description.length > 256)
        throw new ApiError(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    }
    world.commands = commands;
    return true;
  },
  setmydescription: () => true,
  setmyshortdescription: () => true,
  setchatmenubutton: () => true,
  getchat: (world, { params }) => world.chat(params.chat_id),
  getchatmember: (world, { params }) => ({
    status: 'administrator',
    user: world.bot,
    chat: params.chat_id,
    ...world.rights,
  }),
  sendchataction: () => true,
  sendmessage: (world, { params }) => {
    const text = textOf(params.text, 4096, 'message');
    const entities = entitiesOf(params, 'entities', text);
    return world.post(params, { text, ...entities, ...markupOf(params) });
  },
  editmessagetext: (world, { params }) => {
    const message = own(world, params);
    const text = textOf(params.text, 4096, 'message');
    const changed = { text, ...entitiesOf(params, 'entities', text), ...markupOf(params) };
    return world.edit(message, changed);
  },
  editmessagereplymarkup: (world, { params }) => world.edit(own(world, params), { ...markupOf(params) }),
  editmessagecaption: (world, { params }) => {
    const caption = textOf(params.caption, 1024, 'caption', true);
    return world.edit(own(world, params), {
      caption,
      ...entitiesOf(params, 'caption_entities', caption),
      ...markupOf(params),
    });
  },
  deletemessage: (world, { params }) => {
    world.remove(own(world, params));
    return true;
  },
  pinchatmessage: (world, { params }) => {
    needs(world, params, 'can_pin_messages', 'not enough rights to manage pinned messages in the chat');
    const message = own(world, params);
    world.pinned.set(message.chat.id, message.message_id);
    return true;
  },
  unpinchatmessage: (world, { params }) => {
    needs(world, params, 'can_pin_messages', 'not enough rights to manage pinned messages in the chat');
    world.pinned.delete(world.chat(params.chat_id).id);
    return true;
  },
  createforumtopic: (world, { params }) => {
    const chat = world.chat(params.chat_id);
    if (chat.is_forum !== true) throw new ApiError(400, 'Bad Request: the chat is not a forum');
    needs(world, params, 'can_manage_topics', 'not enough rights to create a topic');
    const name = textOf(params.name, 128, 'topic name');
    const thread = world.newTopic(chat, name);
    return { message_thread_id: thread, name, icon_color: 7_322_096 };
  },
  closeforumtopic: () => true,
  editforumtopic: () => true,
  answercallbackquery: (world, { params }) => {
    const id = String(params.callback_query_id);
    const query = world.queries.get(id);
    if (query === undefined || world.now() - query.at > 15 * 60_000 || query.answered)
      throw new ApiError(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
    if (typeof params.text === 'string' && params.text.length > 200)
      throw new ApiError(400, 'Bad Request: MESSAGE_TOO_LONG');
    query.answered = true;
    query.said = params.text as string | undefined;
    return true;
  },
  setmessagereaction: () => true,
  sendphoto: (world, call) => {
    const file = fileOf(world, call, 'photo', 10 * 1024 * 1024);
    const photo = [
      { file_id: file.file_id, file_unique_id: file.file_unique_id, width: 1, height: 1, file_size: file.file_size },
    ];
    return world.post(call.params, { photo, ...captionOf(call.params), ...markupOf(call.params) });
  },
  senddocument: (world, call) => {
    const document = fileOf(world, call, 'document', 50 * 1024 * 1024);
    return world.post(call.params, { document, ...captionOf(call.params), ...markupOf(call.params) });
  },
  getfile: (world, { params }) => {
    const file = world.files.get(String(params.file_id));
    if (file === undefined) throw new ApiError(400, 'Bad Request: invalid file_id');
    if (file.bytes.length > 20 * 1024 * 1024) throw new ApiError(400, 'Bad Request: file is too big');
    return {
      file_id: params.file_id,
      file_unique_id: params.file_id,
      file_size: file.bytes.length,
      file_path: `files/${String(params.file_id)}`,
    };
  },
};

function textOf(value: unknown, limit: number, what: string, mayBeEmpty = false): string {
  const text = typeof value === 'string' ? value : '';
  if (text.trim() === '' && !mayBeEmpty) throw new ApiError(400, `Bad Request: ${what} text is empty`);
  if (text.length > limit) throw new ApiError(400, `Bad Request: ${what} is too long`);
  if (!text.isWellFormed()) throw new ApiError(400, 'Bad Request: strings must be encoded in UTF-8');
  return text;
}

function entitiesOf(params: Record<string, unknown>, key: 'entities' | 'caption_entities', text: string) {
  if (params.parse_mode !== undefined && params.parse_mode !== '') {
    // Markup languages are not read here: that a bot uses entities, which cannot be refused for an unescaped dot, is the point.
    throw new ApiError(
      400,
      `Bad Request: can't parse entities: this server reads no ${JSON.stringify(params.parse_mode)}`,
    );
  }
  const entities = params[key] as Entity[] | undefined;
  if (entities === undefined || entities.length === 0) return {};
  checkEntities(text, entities);
  return { [key]: entities };
}

function captionOf(params: Record<string, unknown>) {
  if (params.caption === undefined) return {};
  const caption = textOf(params.caption, 1024, 'caption', true);
  return { caption, ...entitiesOf(params, 'caption_entities', caption) };
}

function markupOf(params: Record<string, unknown>): Partial<Message> {
  const markup = params.reply_markup as { inline_keyboard?: Button[][]; force_reply?: boolean } | undefined;
  if (markup?.force_reply === true) return { asks: true };
  if (markup?.inline_keyboard === undefined) return {};
  const buttons = markup.inline_keyboard.flat();
  if (buttons.length > 100) throw new ApiError(400, 'Bad Request: reply markup is too long');
  for (const button of buttons) {
    if (button.text === '') throw new ApiError(400, 'Bad Request: text buttons are unallowed in the inline keyboard');
    const bytes = Buffer.byteLength(button.callback_data ?? 'x');
    if (bytes < 1 || bytes > 64) throw new ApiError(400, 'Bad Request: BUTTON_DATA_INVALID');
  }
  return { reply_markup: { inline_keyboard: markup.inline_keyboard } };
}

function own(world: World, params: Record<string, unknown>): Message {
  const message = world.find(params.chat_id, params.message_id);
  if (message === undefined) throw new ApiError(400, 'Bad Request: message to edit not found');
  if (message.from.id !== world.bot.id) throw new ApiError(400, "Bad Request: message can't be edited");
  return message;
}

/** In a person's own chat a bot needs no rights. */
function needs(world: World, params: Call['params'], right: keyof World['rights'], why: string): void {
  if (world.chat(params.chat_id).type !== 'private' && !world.rights[right])
    throw new ApiError(400, `Bad Request: ${why}`);
}

function fileOf(world: World, call: Call, key: string, limit: number) {
  const given = call.params[key];
  const name = typeof given === 'string' && given.startsWith('attach://') ? given.slice('attach://'.length) : key;
  const part = call.files[name];
  if (part === undefined) throw new ApiError(400, `Bad Request: there is no ${key} in the request`);
  if (part.bytes.length === 0) throw new ApiError(400, 'Bad Request: file must be non-empty');
  if (part.bytes.length > limit) throw new ApiError(413, 'Request Entity Too Large');
  return world.keep(randomUUID(), part.name, part.type, part.bytes);
}
