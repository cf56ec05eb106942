import { PlatformError, toTelegram, type Platform } from '../chat/index.ts';
import type { BotApi } from './api.ts';
import type { Moved } from './moved.ts';
import { isThereAlready, movedTo, refusal } from './refuse.ts';
import { editText, sendOne, sendText } from './send.ts';

/** Of a file that somebody sent, in bytes: more a bot may not fetch. It may send 50 MB, pictures 10 MB. */
const FILE_BYTES = 20 * 1024 * 1024;
/** Of a topic's title, in UTF-16 units. */
const TITLE = 128;

/** Telegram as the core sees it. One call each, tried once; every refusal in the core's words. */
export function createPlatform(
  api: BotApi,
  moved: Moved,
  fetchBytes: (url: string, mostBytes: number) => Promise<Uint8Array>,
): Platform {
  const can = { edit: true, pin: true, threads: true, forms: false, files: true };
  /** Groups without topics: not asked again and again. */
  const flat = new Set<string>();

  /** Calls the server with the chat's id; once more where the chat has moved. */
  async function call<T>(chat: string, work: (id: string) => Promise<T>): Promise<T> {
    try {
      return await work(moved.now(chat));
    } catch (error) {
      const to = movedTo(error);
      if (to === undefined) throw refusal(error);
      moved.note(chat, to);
      return work(to).catch((again: unknown) => {
        throw refusal(again);
      });
    }
  }

  /** What this server has not got is not asked for again. */
  async function optional<T>(name: 'pin' | 'files', work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PlatformError && error.why === 'unsupported') can[name] = false;
      throw error;
    }
  }

  return {
    channel: 'telegram',
    limits: { text: 4096, callback: 64, label: 48, buttonsInRow: 8, rows: 20, fileBytes: FILE_BYTES },
    can,
    length: (rich) => toTelegram(rich).text.length,

    async send(place, part) {
      const sent = await call(place.chat, (id) => sendText(api, id, place.thread, part));
      return { message: String(sent.message_id) };
    },

    async edit(place, message, part) {
      await call(place.chat, (id) =>
        editText(api, id, message, part).catch((error: unknown) => {
          if (!isThereAlready(error)) throw error;
        }),
      );
    },

    async remove(place, message) {
      try {
        await call(place.chat, (id) => api.deleteMessage(id, Number(message)));
      } catch (error) {
        if (!(error instanceof PlatformError) || error.why !== 'gone') throw error;
        // Too old to be deleted: then at least nothing under it can be tapped any more.
        await api.editMessageReplyMarkup(moved.now(place.chat), Number(message)).catch(() => undefined);
      }
    },

    async pin(place, message) {
      await optional('pin', () =>
        call(place.chat, (id) => api.pinChatMessage(id, Number(message), { disable_notification: true })),
      );
    },

    async unpin(place, message) {
      await call(place.chat, (id) => api.unpinChatMessage(id, Number(message)));
    },

    async openThread(chat, title) {
      if (flat.has(chat)) throw new PlatformError('unsupported', 'this group has no topics');
      try {
        const topic = await call(chat, (id) => api.createForumTopic(id, title.slice(0, TITLE).toWellFormed()));
        return String(topic.message_thread_id);
      } catch (error) {
        // A right that is missing may be given: that is tried again.
        if (error instanceof PlatformError && error.why === 'unsupported') flat.add(chat);
        throw error;
      }
    },

    async sendFile(place, file) {
      const sent = await optional('files', () => call(place.chat, (id) => sendOne(api, id, place.thread, file)));
      return { message: String(sent.message_id) };
    },

    async fetchFile(ref) {
      try {
        return await fetchBytes((await api.getFile(ref)).getUrl(), FILE_BYTES);
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}
