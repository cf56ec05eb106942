import { join } from 'node:path';
import { GatewayDispatchEvents, Routes, type APIApplication, type GatewayDispatchPayload } from 'discord.js';
import { messageOf } from '../../src/base/index.ts';
import type { RunningService } from '../../src/daemon/index.ts';
import type { BotOptions } from '../bot.ts';
import { laneOf } from '../chat/index.ts';
import { createChannels } from './channels.ts';
import { keepGateway } from './gateway.ts';
import { missedReader } from './missed.ts';
import { openOwed } from './owed.ts';
import { discordPlatform } from './platform.ts';
import { isTokenRefused } from './refusal.ts';
import { createResponder } from './respond.ts';
import { openRest } from './rest.ts';
import { openSessionFile } from './session-file.ts';
import { registerCommands } from './slash.ts';
import { openWay } from './way.ts';

const newToken =
  'Make a new one at discord.com/developers/applications → your application → Bot → Reset Token, put it into .env in the home ' +
  '(mode 0600): the bot starts with it by itself (one that is set in the environment counts from the next start of Dayshift)';

/** A bot that runs. */
interface RunningBot extends RunningService {
  /** Resolves when nothing that was heard is still being seen to. */
  settled(): Promise<void>;
}

/** The Discord bot: comes up by itself when Discord can be reached, and stays up. */
export async function startBot(options: BotOptions): Promise<RunningBot> {
  const { chat, token, env, clock } = options;
  const log = (text: string) => options.log(options.redact(text));
  const way = await openWay(options.config.discord.proxy, log);
  const rest = openRest(token, env.DISCORD_API_ROOT, way);
  const channels = createChannels(rest);
  const sessions = await openSessionFile(join(options.folder, 'discord.json'));
  const owed = await openOwed(join(options.folder, 'discord-owed.json'));
  const life = new AbortController();
  let leave: (() => Promise<void>) | undefined;
  let told = false;
  let self = '';
  let ready: Promise<void> | undefined;

  const refused = () => {
    if (told) return;
    told = true;
    log(`discord: DISCORD_BOT_TOKEN is not accepted (401): nothing is sent to Discord. ${newToken}`);
    const words = `Discord refuses the bot token: nothing reaches you there, and nothing that is written there is heard. ${newToken}.`;
    chat.troubles.met({ channel: 'discord', problem: 'token', words });
  };
  const onError = (error: unknown) => {
    if (isTokenRefused(error)) refused();
  };
  const platform = discordPlatform({ rest, channels, way, onError });
  const responder = createResponder({ ...{ chat, rest, platform, channels, log, onError }, self: () => self });

  /** What is heard while something else is seen to waits for nothing; the session's place is kept when all is done. */
  const underWay = new Set<Promise<void>>();
  const hear = (work: Promise<void>) => {
    underWay.add(work);
    void work.finally(() => {
      underWay.delete(work);
      if (underWay.size === 0) sessions.keep(gateway.session());
    });
  };

  /** What was written meanwhile. That it is owed is written down: the session's place is kept without it. */
  const reading = new Set<Promise<void>>();
  const read = (work: Promise<void>) => {
    reading.add(work);
    void work.finally(() => reading.delete(work));
  };

  const inOrder = new Map<string, Promise<void>>();
  /** What is written in a channel is heard in its order. */
  const afterThat = (channel: string, work: () => Promise<void>): Promise<void> => {
    const next = (inOrder.get(channel) ?? Promise.resolve()).then(work);
    inOrder.set(channel, next);
    return next.finally(() => {
      if (inOrder.get(channel) === next) inOrder.delete(channel);
    });
  };

  const onEvent = (event: GatewayDispatchPayload) => {
    if (event.t === GatewayDispatchEvents.InteractionCreate) hear(responder.interaction(event.d));
    else if (event.t === GatewayDispatchEvents.MessageCreate) {
      const message = event.d;
      // The gateway names the server of every message that stands in one.
      const direct = message.guild_id === undefined;
      const heard = async () => {
        await identified();
        await responder.message(message, direct);
      };
      hear(laneOf({ text: message.content }) === undefined ? heard() : afterThat(message.channel_id, heard));
    }
  };

  /** Who the bot is, and what it can be asked: found out once. */
  function identified(): Promise<void> {
    ready ??= (async () => {
      const { id, bot, name } = (await rest.get(Routes.currentApplication())) as APIApplication;
      self = bot?.id ?? id;
      log(`discord: @${bot?.username ?? name} listens`);
      if (await registerCommands(rest, id, chat)) log('discord: its commands are registered');
    })().catch((error: unknown) => {
      ready = undefined;
      onError(error);
      log(`discord: its commands are not registered: ${messageOf(error)}`);
    });
    return ready;
  }

  const readMissed = missedReader(
    { ...{ rest, chat, clock, log, owed }, config: options.config, signal: life.signal },
    async (message) => {
      let isHeard = false;
      await afterThat(message.channel_id, async () => {
        await identified();
        isHeard = await responder.message(message);
      });
      return isHeard;
    },
  );
  const gateway = keepGateway({
    ...{ token, rest, way, clock, log, onEvent, onRefused: refused },
    known: sessions.known,
    onContent(allowed, words) {
      if (allowed) chat.troubles.works({ channel: 'discord', problem: 'content' });
      else chat.troubles.met({ channel: 'discord', problem: 'content', words });
    },
    onUp(resumed) {
      chat.troubles.works({ channel: 'discord', problem: 'token' });
      void identified();
      leave ??= chat.join(platform);
      read(
        readMissed(resumed).catch((error: unknown) => {
          onError(error);
          log(`discord: what was written meanwhile is not known: ${messageOf(error)}`);
        }),
      );
    },
  });

  return {
    async settled() {
      while (underWay.size + reading.size > 0) await Promise.allSettled([...underWay, ...reading]);
    },
    async stop() {
      life.abort();
      await gateway.stop();
      await Promise.allSettled([...underWay, ...reading]);
      await leave?.();
      await sessions.end();
      await way.close();
    },
  };
}
