import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../src/base/index.ts';
import { configSchema } from '../../src/home/schema.ts';
import { startDiscord, type DiscordServer } from '../../test/support/discord/server.ts';
import type { Component, DiscordMessage, DiscordUser, Interaction } from '../../test/support/discord/types.ts';
import type { Chat } from '../chat/index.ts';
import { eventually, type Shown, type Stage, type Visitor } from '../chat/testing.ts';
import { startBot } from './index.ts';

interface DiscordStage extends Stage {
  server: DiscordServer;
  logged: string[];
  /** The account of a visitor. */
  userOf(user: string, name?: string): DiscordUser;
  /** The next start knows its session as it was at its very beginning: everything is handed over again. */
  forget(): void;
  /** Resolves when the bot has taken this and shown what comes of it. */
  seenTo(id: string): Promise<void>;
}

interface StageOptions {
  server?: DiscordServer;
  clock?: Clock;
  config?: object;
  token?: string;
}

/** The real bot on a Discord of our own, for a chat core. Resolves once it is connected, or has said why it is not. */
export async function discordStage(chat: Chat, options: StageOptions = {}): Promise<DiscordStage> {
  const server = options.server ?? (await startDiscord());
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-discord-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const logged: string[] = [];
  const taken = new Set<string>();
  const users = new Map<string, DiscordUser>();
  const old = new WeakMap<Shown, Component[]>();

  async function start(core: Chat) {
    let joined: Stage['platform'] | undefined;
    const bot = await startBot({
      chat: {
        ...core,
        join(platform) {
          joined = platform;
          return core.join(platform);
        },
        async receive(input, platform, show) {
          const answer = await core.receive(input, platform, show);
          taken.add(input.id);
          return answer;
        },
      },
      token: options.token ?? server.token,
      env: { DISCORD_API_ROOT: server.root },
      log: (text) => void logged.push(text),
      config: configSchema.parse(options.config ?? {}).chat,
      clock: options.clock ?? systemClock,
      redact: (text) => text,
      folder,
    });
    return { bot, platform: () => joined };
  }

  let running = await start(chat);
  const up = () => eventually(() => running.platform() ?? logged.find((line) => line.includes('not accepted')));
  await up();
  onTestFinished(() => running.bot.stop());

  function userOf(user: string, name = user): DiscordUser {
    let found = users.get(user);
    if (found === undefined) users.set(user, (found = server.newUser(name)));
    return found;
  }

  async function seenTo(id: string): Promise<void> {
    await eventually(() => (taken.has(id) ? true : undefined));
    await running.bot.settled();
  }

  function shownOf(message: DiscordMessage): Shown {
    const shown: Shown = {
      id: message.id,
      text: readable(message.content),
      buttons: message.components.map((row) =>
        (row.components ?? []).flatMap(
          ({ label = '', options }) =>
            options?.map((one) => `${one.default === true ? '☑' : '☐'} ${one.label}`) ?? [label],
        ),
      ),
      pinned: message.pinned,
      asks: false,
      files: message.attachments.map(({ filename }) => filename),
    };
    old.set(shown, structuredClone(message.components));
    return shown;
  }

  return {
    get platform() {
      const platform = running.platform();
      if (platform === undefined) throw new Error('the bot has not come up');
      return platform;
    },
    server,
    logged,
    userOf,
    seenTo,
    forget() {
      const file = join(folder, 'discord.json');
      const known = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...known, sequence: 1 }));
      taken.clear();
    },
    visitor(user, name = user): Visitor {
      const who = userOf(user, name);
      const here = () => [...server.world.channels.values()].find((one) => one.recipients?.[0]?.id === who.id);
      const messageOf = (shown: Shown) => server.world.messages.find(({ id }) => id === shown.id);
      return {
        user: who.id,
        get chat() {
          return here()?.id ?? '';
        },
        sees: () =>
          server.world.messages
            .filter((one) => one.channel_id === here()?.id && one.author.bot)
            .map((one) => shownOf(one)),
        async says(text, replyTo) {
          const reply = replyTo === undefined ? undefined : messageOf(replyTo);
          await seenTo(`m${server.say(who, 'direct', text, reply).id}`);
        },
        async taps(shown, label, text) {
          const message = messageOf(shown);
          if (message === undefined) throw new Error('this message is no more');
          const stale = { ...message, components: old.get(shown) ?? message.components };
          const tapped = server.tap(who, stale, label, chosenWith(stale, label));
          await server.when(() => tapped.callback !== undefined);
          if (tapped.callback?.type !== 9) return done(tapped);
          return done(server.submit(tapped, text ?? ''));
        },
      };
    },
    fails(why, times) {
      let left = times;
      const answers = {
        flood: { status: 429, message: 'You are being rate limited.', retryAfter: 0.01 },
        unreachable: { status: 503, message: 'upstream' },
        markup: { status: 400, code: 50_035, message: 'Invalid Form Body' },
        forbidden: { status: 403, code: 50_013, message: 'Missing Permissions' },
      };
      server.fault.before = ({ method, path }) => {
        if (left <= 0 || method === 'GET' || !path.startsWith('/channels/')) return undefined;
        left -= 1;
        return answers[why];
      };
    },
    async restart(core) {
      await running.bot.stop();
      logged.length = 0;
      running = await start(core);
      await up();
    },
    close: () => running.bot.stop(),
  };

  async function done(interaction: Interaction): Promise<string | undefined> {
    await seenTo(`i${interaction.id}`);
    return interaction.replies.find(({ flags }) => (flags & 64) !== 0)?.content;
  }
}

/** A text as Discord shows it: without marks, and what is escaped as it is. */
function readable(content: string): string {
  return content.replace(/\\(.)|\*+/g, (_, escaped?: string) => escaped ?? '');
}

/** What a menu holds when one more (or less) is chosen in it; undefined where the label is no menu's. */
function chosenWith({ components }: DiscordMessage, label: string): string[] | undefined {
  const options = components.flatMap((row) => row.components ?? []).flatMap((one) => one.options ?? []);
  const found = options.find((one) => one.label.includes(label));
  if (found === undefined) return undefined;
  const chosen = options.filter((one) => (one.default === true) !== (one === found));
  return chosen.map(({ value }) => value);
}
