import { systemClock, type Clock } from '../../src/base/index.ts';
import { startTelegram, type TelegramServer } from '../../test/support/telegram/server.ts';
import type { Message } from '../../test/support/telegram/types.ts';
import type { Chat } from '../chat/index.ts';
import type { Shown, Stage } from '../chat/testing.ts';
import { configSchema } from '../../src/home/schema.ts';
import { startBot, type TelegramBot } from './start.ts';

/** A bot of ours on our own Bot API server. */
export interface TelegramStage extends Stage {
  server: TelegramServer;
  bot: TelegramBot;
}

export async function telegramStage(
  chat: Chat,
  options: { clock?: Clock; config?: object; log?: (text: string) => void; token?: string } = {},
): Promise<TelegramStage> {
  const server = await startTelegram();
  const start = (core: Chat) =>
    startBot({
      chat: core,
      token: options.token ?? server.token,
      env: { TELEGRAM_API_ROOT: server.root },
      log: options.log ?? (() => undefined),
      config: configSchema.parse({ chat: options.config ?? {} }).chat,
      clock: options.clock ?? systemClock,
      redact: (text) => text,
      folder: '',
    });
  let bot = await start(chat);
  /** Resolves once the bot has confirmed an update: it was seen to and answered. */
  const seenTo = ({ update_id }: { update_id: number }) => server.when(() => server.world.confirmed > update_id);
  /** Messages as they were when somebody looked: what was shown once can be tapped. */
  const seen = new Map<string, Message>();
  const failures: { code: number; text: string; retryAfter?: number }[] = [];
  server.fault.before = ({ method }) => (/^(?:send|edit)/.test(method) ? failures.shift() : undefined);

  return {
    server,
    get bot() {
      return bot;
    },
    get platform() {
      return bot.platform;
    },
    visitor(_user, name = 'Somebody') {
      const user = server.newUser(name);
      const room = server.newChat();
      const here = () => server.world.messages.filter(({ chat: where, from }) => where.id === room.id && from.is_bot);
      return {
        user: String(user.id),
        chat: String(room.id),
        sees() {
          for (const message of here())
            if ((message.reply_markup?.inline_keyboard ?? []).length > 0)
              seen.set(`${room.id} ${message.message_id}`, structuredClone(message));
          return here().map((message) => shownOf(message, server.world.pinned.get(room.id)));
        },
        async says(text, replyTo) {
          const reply = here().find(({ message_id }) => String(message_id) === replyTo?.id);
          await seenTo(server.say(user, room, text, reply === undefined ? {} : { reply }));
        },
        async taps(message, label) {
          const tapped = seen.get(`${room.id} ${message.id}`);
          if (tapped === undefined) throw new Error(`message ${message.id} never had a button`);
          const { answered } = server.tap(user, tapped, label);
          const update = server.world.updates.at(-1);
          const toast = await answered;
          if (update !== undefined) await seenTo(update);
          return toast;
        },
      };
    },
    fails(why, times) {
      failures.push(...Array.from({ length: times }, () => refusals[why]));
    },
    async restart(next) {
      await bot.stop();
      bot = await start(next);
    },
    close: () => bot.stop(),
  };
}

const refusals = {
  flood: { code: 429, text: 'Too Many Requests: retry after 1', retryAfter: 1 },
  unreachable: { code: 502, text: 'Bad Gateway' },
  markup: { code: 400, text: "Bad Request: can't parse entities" },
  forbidden: { code: 403, text: 'Forbidden: bot was blocked by the user' },
};

function shownOf(message: Message, pinned: number | undefined): Shown {
  const { message_id: id, message_thread_id: thread, document, photo } = message;
  return {
    id: String(id),
    text: message.text ?? message.caption ?? '',
    buttons: (message.reply_markup?.inline_keyboard ?? []).map((row) => row.map(({ text }) => text)),
    pinned: pinned === id,
    asks: message.asks === true,
    files: [...(document === undefined ? [] : [document.file_name ?? '']), ...(photo === undefined ? [] : ['photo'])],
    ...(thread === undefined ? {} : { thread: String(thread) }),
  };
}
