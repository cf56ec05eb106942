import { createConcurrentSink, createRunner, createSource, sequentialize } from '@grammyjs/runner';
import { Bot, type Context } from 'grammy';
import type { Update, UserFromGetMe } from 'grammy/types';
import { DayshiftError, messageOf } from '../../src/base/index.ts';
import type { RunningService } from '../../src/daemon/index.ts';
import { backoffMs } from '../../src/outbox/index.ts';
import type { BotOptions } from '../bot.ts';
import { laneOf, type Chat, type Input, type Platform } from '../chat/index.ts';
import { asOne, createAlbums } from './album.ts';
import { flashOf, showMessages } from './answer.ts';
import { openApis } from './api.ts';
import { download } from './download.ts';
import { inputOf } from './hear.ts';
import { putMenu } from './menu.ts';
import { createMoved } from './moved.ts';
import { createPlatform } from './platform.ts';
import { createPoller, type Health } from './poll.ts';
import { hasCode, refusal } from './refuse.ts';

/** A tap is acknowledged after so long, in ms, whether it was seen to or not: its clock on the button goes. */
const ACKNOWLEDGE_MS = 5000;
/** Updates that are seen to at the same time. */
const SIDE_BY_SIDE = 50;

/** A bot that runs, with what its tests look at. */
export interface TelegramBot extends RunningService {
  platform: Platform;
}

/**
 * Starts the bot. Rejects where the token is refused or the settings make no sense; where the server cannot be reached
 * it comes up by itself later.
 */
export async function startBot(options: BotOptions): Promise<TelegramBot> {
  const { chat, token, clock, env, config } = options;
  const log = (text: string) => options.log(options.redact(text));
  const apis = openApis(token, { root: env.TELEGRAM_API_ROOT, proxy: config.telegram.proxy, clock });
  const moved = createMoved({
    seen: chat.moves('telegram'),
    isNamed: (id) =>
      [...options.config.telegram.chats, ...Object.values(options.config.telegram.projects)].includes(id),
    tell(old, to) {
      const words = `the group ${old} has a new id, ${to}: write that into chat.telegram of config/dayshift.yaml`;
      log(words);
      chat.troubles.met({ channel: 'telegram', problem: 'moved', chat: old, to, words: `On Telegram ${words}.` });
    },
  });
  const fetchBytes = (url: string, most: number) => download(url, most, { agent: apis.agent, clock });
  const platform = createPlatform(apis.plain, moved, fetchBytes);
  const answers = createPlatform(apis.patient, moved, fetchBytes);
  const albums = createAlbums(clock);
  const life = new AbortController();
  let isTold = false;
  let end: () => Promise<void> = () => Promise.resolve();

  /** Once the server knows us: everything that waits goes out, and we listen. */
  function comeUp(me: UserFromGetMe): void {
    log(`telegram: @${me.username} listens`);
    void putMenu(apis.patient, chat.commands).catch((error: unknown) =>
      log(`telegram: the menu of commands was not set: ${refusal(error).message}`),
    );
    const leave = chat.join(platform);
    const poller = createPoller(apis.plain, clock, (health) => {
      log(wordsOf(health));
      tellTrouble(chat, health);
    });
    tellTrouble(chat, 'up');
    const bot = listener(me);
    const sink = createConcurrentSink<Update>(
      {
        async consume(update) {
          try {
            await albums.take(update, (one) => bot.handleUpdate(one));
          } finally {
            // One that cannot be understood would come again for ever.
            poller.finished(update);
          }
        },
      },
      (error) => {
        log(`telegram: ${messageOf(error)}`);
        return Promise.resolve();
      },
      { concurrency: SIDE_BY_SIDE },
    );
    const runner = createRunner(createSource(poller), sink);
    runner.start();
    end = async () => {
      albums.end();
      await runner.stop();
      await leave();
    };
  }

  /** What people do, side by side; in one chat one after the other, except for what waits for nothing. */
  function listener(me: UserFromGetMe): Bot {
    const bot = new Bot(token, { client: apis.client, botInfo: me });
    bot.use(
      sequentialize((ctx: Context) => {
        const tap = ctx.callbackQuery?.data;
        const lane = laneOf(tap === undefined ? { text: ctx.message?.text ?? '' } : { tap });
        return lane === undefined ? [] : `${lane} ${ctx.chat?.id ?? 0}`;
      }),
    );
    bot.use(async ({ update }) => {
      const { message } = update;
      if (message?.migrate_to_chat_id !== undefined)
        moved.note(moved.known(message.chat.id), String(message.migrate_to_chat_id));
      const heard = (one: Update) => inputOf(one, me, (id) => moved.known(id));
      const input = heard(update);
      const rest = albums.othersOf(update).flatMap((one) => heard(one) ?? []);
      if (input !== undefined) await hear(asOne(input, rest), update.callback_query?.id);
    });
    bot.catch((error) => log(`telegram: ${messageOf(error.error)}`));
    return bot;
  }

  async function hear(input: Input, tap: string | undefined): Promise<void> {
    let acknowledged = tap === undefined;
    const acknowledge = async (toast?: string) => {
      if (acknowledged || tap === undefined) return;
      acknowledged = true;
      // A tap of long ago takes no answer any more.
      await apis.patient.answerCallbackQuery(tap, flashOf(toast)).catch(() => undefined);
    };
    const cancel = clock.after(ACKNOWLEDGE_MS, () => void acknowledge());
    await chat.receive(input, platform, async ({ toast, messages }) => {
      cancel();
      await acknowledge(toast);
      await showMessages(messages, input, { platform: answers, chat, log });
    });
    cancel();
  }

  async function connect(): Promise<boolean> {
    try {
      const me = await apis.plain.getMe();
      // It was ended meanwhile: another one may be up by now.
      if (!life.signal.aborted) comeUp(me);
      return true;
    } catch (error) {
      if (isRefused(error)) throw error;
      if (!isTold) log(`telegram: cannot be reached: ${refusal(error).message}; it is tried until it can`);
      isTold = true;
      return false;
    }
  }

  /** The network may come later. */
  function again(tries: number): void {
    const cancel = clock.after(backoffMs(tries), () => {
      if (life.signal.aborted) return;
      connect()
        .then((up) => {
          if (!up) again(tries + 1);
        })
        .catch(() => {
          log(wordsOf({ why: 'token', words: '' }));
          tellTrouble(chat, { why: 'token', words: '' });
        });
    });
    life.signal.addEventListener('abort', cancel);
  }

  try {
    if (!(await connect())) again(1);
  } catch (error) {
    if (!isRefused(error)) throw error;
    tellTrouble(chat, { why: 'token', words: '' });
    throw wrongToken();
  }
  return {
    platform,
    async stop() {
      life.abort();
      await end();
    },
  };
}

function isRefused(error: unknown): boolean {
  // A token that is none at all is answered as an unknown address.
  return hasCode(error, 401) || hasCode(error, 404);
}

function wrongToken(): DayshiftError {
  return new DayshiftError('environment', refusedToken);
}

const refusedToken =
  'Telegram refuses the bot token: take the right one from BotFather (/token), put it into .env of the home as TELEGRAM_BOT_TOKEN: the bot starts with it by itself (one that is set in the environment counts from the next start of Dayshift)';

/** What a person has to mend stands in the inbox until it is. */
function tellTrouble({ troubles }: Pick<Chat, 'troubles'>, health: Health): void {
  const channel = 'telegram';
  if (health === 'up') for (const problem of ['token', 'conflict'] as const) troubles.works({ channel, problem });
  else if (health.why === 'token')
    troubles.met({
      ...{ channel, problem: 'token' },
      words: `${refusedToken}. Until then nothing reaches you there, and nothing that is written there is heard.`,
    });
  else if (health.why === 'conflict') troubles.met({ channel, problem: 'conflict', words: `On Telegram ${conflict}` });
}

const conflict =
  'another program listens with the same bot token, and each takes what is meant for the other: end that one, or give each a bot of its own (BotFather, /newbot)';

function wordsOf(health: Health): string {
  if (health === 'up') return 'telegram: connected again';
  switch (health.why) {
    case 'conflict':
      return `telegram: ${conflict}. This one goes on, and asks less often`;
    case 'token':
      return `telegram: ${refusedToken}`;
    case 'unreachable':
      return `telegram: no connection: ${health.words}; trying again`;
  }
}
