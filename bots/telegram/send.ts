import { InputFile } from 'grammy';
import type { InlineKeyboardButton, Message, ReplyParameters } from 'grammy/types';
import { toTelegram, type Button, type OutFile, type Part } from '../chat/index.ts';
import type { BotApi } from './api.ts';
import { hasCode } from './refuse.ts';

/** Of the words under a file, in UTF-16 units. */
const MOST_CAPTION = 1024;

/** Sends one part of a message. Where even plain words with buttons are refused, the words go alone. */
export async function sendText(api: BotApi, chat: string, thread: string | undefined, part: Part): Promise<Message> {
  const { text, entities } = wordsOf(part);
  const options = { ...inThread(thread), ...replied(part), ...quietly(part), entities, ...noPreview };
  try {
    return await api.sendMessage(chat, text, { ...options, ...markupOf(part) });
  } catch (error) {
    if (part.plain !== true || !hasCode(error, 400) || part.buttons === undefined) throw error;
    return api.sendMessage(chat, text, options);
  }
}

/** Shows something else in a message of ours. */
export async function editText(api: BotApi, chat: string, message: string, part: Part): Promise<void> {
  const { text, entities } = wordsOf(part);
  const reply_markup = { inline_keyboard: rowsOf(part.buttons ?? []) };
  await api.editMessageText(chat, Number(message), text, { entities, ...noPreview, reply_markup });
}

/** Sends a file. A picture that the server does not take as one goes as a document. */
export async function sendOne(api: BotApi, chat: string, thread: string | undefined, file: OutFile): Promise<Message> {
  const caption = file.caption === undefined ? undefined : toTelegram(file.caption);
  const options = {
    ...inThread(thread),
    ...quietly(file),
    ...(caption === undefined || caption.text.length > MOST_CAPTION
      ? {}
      : { caption: caption.text, caption_entities: caption.entities }),
  };
  const put = () => new InputFile(file.bytes, file.name);
  if (file.as === 'picture') {
    try {
      return await api.sendPhoto(chat, put(), options);
    } catch (error) {
      if (!hasCode(error, 400) && !hasCode(error, 413)) throw error;
    }
  }
  return api.sendDocument(chat, put(), options);
}

const noPreview = { link_preview_options: { is_disabled: true } };

function wordsOf(part: Part) {
  const { text, entities } = toTelegram(part.rich);
  return { text, entities: part.plain === true ? [] : entities };
}

function inThread(thread: string | undefined) {
  return thread === undefined ? {} : { message_thread_id: Number(thread) };
}

function quietly({ silent }: { silent?: boolean }) {
  return silent === true ? { disable_notification: true } : {};
}

function replied({ replyTo }: Part): { reply_parameters?: ReplyParameters } {
  if (replyTo === undefined) return {};
  // What it replies to may have been deleted meanwhile.
  return { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } };
}

function markupOf({ buttons, forceReply }: Part) {
  if (buttons !== undefined && buttons.length > 0) return { reply_markup: { inline_keyboard: rowsOf(buttons) } };
  return forceReply === true ? { reply_markup: { force_reply: true as const, selective: true } } : {};
}

function rowsOf(buttons: Button[][]): InlineKeyboardButton[][] {
  return buttons.map((row) =>
    row.map(({ label, data, look }): InlineKeyboardButton => ({
      text: label,
      callback_data: data,
      ...(look === undefined ? {} : { style: look === 'good' ? 'success' : 'danger' }),
    })),
  );
}
