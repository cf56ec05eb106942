import type { Message, Update, User } from 'grammy/types';
import type { InFile, Input } from '../chat/index.ts';

/** The bot itself, as its server knows it. */
export type Me = Pick<User, 'id' | 'username'>;

/**
 * What somebody did, in the core's words. Undefined: nothing for us (another bot's message, a command for another bot,
 * somebody joined). `named`: under which id the core knows a chat.
 */
export function inputOf(update: Update, me: Me, named: (chat: number) => string = String): Input | undefined {
  const { callback_query: tap, message } = update;
  const id = `u${update.update_id}`;
  if (tap?.data !== undefined && tap.message !== undefined) {
    const { chat, message_id } = tap.message;
    return {
      ...whereOf(tap.message, tap.from, named),
      ...{ id, type: 'tap', data: tap.data, message: String(message_id), private: chat.type === 'private' },
    };
  }
  const { from } = message ?? {};
  if (message === undefined || from === undefined || from.is_bot) return undefined;
  const text = message.text ?? message.caption ?? '';
  const files = filesOf(message);
  if ((text === '' && files.length === 0) || isForAnother(text, me)) return undefined;
  const replied = message.reply_to_message;
  return {
    ...whereOf(message, from, named),
    ...{ id, type: 'text', text, files, private: message.chat.type === 'private' },
    ...(message.forward_origin === undefined && message.via_bot === undefined ? {} : { quoted: true }),
    ...(replied?.from?.id === me.id ? { replyTo: String(replied.message_id) } : {}),
  };
}

/** Who, and where. A reply in an ordinary group also has a thread of its own: only a forum's topics are threads. */
function whereOf(
  message: Pick<Message, 'chat'> & { message_thread_id?: number; is_topic_message?: boolean },
  from: User,
  named: (chat: number) => string,
) {
  const thread = message.is_topic_message === true ? message.message_thread_id : undefined;
  return {
    channel: 'telegram' as const,
    user: String(from.id),
    name: [from.first_name, from.last_name].filter((part) => part !== undefined).join(' '),
    chat: named(message.chat.id),
    ...(thread === undefined ? {} : { thread: String(thread) }),
  };
}

/** `/status@other_bot`: in a group several bots hear the same. */
function isForAnother(text: string, me: Me): boolean {
  const named = /^\/\w+@(\w+)/.exec(text)?.[1];
  return named !== undefined && named.toLowerCase() !== me.username?.toLowerCase();
}

/** The files of a message; of a photo the largest that the server has. */
function filesOf(message: Message): InFile[] {
  const { photo, document, voice, audio, video, video_note: round } = message;
  const file = (
    given: { file_id: string; file_size?: number; file_name?: string },
    kind: InFile['kind'],
    name: string,
  ): InFile => ({ ref: given.file_id, name: given.file_name ?? name, bytes: given.file_size ?? 0, kind });
  const largest = photo?.at(-1);
  return [
    ...(largest === undefined ? [] : [file(largest, 'picture', `photo-${message.message_id}.jpg`)]),
    ...(document === undefined ? [] : [file(document, 'document', `document-${message.message_id}`)]),
    ...(voice === undefined ? [] : [file(voice, 'voice', `voice-${message.message_id}.ogg`)]),
    ...(audio === undefined ? [] : [file(audio, 'other', `audio-${message.message_id}.mp3`)]),
    ...(video === undefined ? [] : [file(video, 'other', `video-${message.message_id}.mp4`)]),
    ...(round === undefined ? [] : [file(round, 'other', `video-${message.message_id}.mp4`)]),
  ];
}
