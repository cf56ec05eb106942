import { ChannelType, Routes, type APIChannel, type REST } from 'discord.js';
import type { Chat } from '../chat/index.ts';
import type { BotOptions } from '../bot.ts';
import type { HeardMessage } from './heard.ts';

/** What was written longer ago, in ms, is not taken for an order any more. */
const OLDEST_MS = 24 * 3_600_000;
/** Before the last known input another channel's may have been lost: it is looked so far back, in ms. What is known is heard once. */
const OVERLAP_MS = 10 * 60_000;
/** Discord's ids are ms since then, shifted. */
const EPOCH = 1_420_070_400_000;
const PAGE = 100;
const MOST_PAGES = 5;

/** The lowest id that something at this time (ms since the epoch) can have. */
function idAt(ms: number): bigint {
  return BigInt(Math.max(0, ms - EPOCH)) << 22n;
}

/** The time of an id, in ms since the epoch. */
function timeOf(id: string): number {
  return Number(BigInt(id) >> 22n) + EPOCH;
}

/**
 * What people wrote while nobody listened, oldest first: Discord hands over taps and messages of a session that it
 * still knows, else only what stands in the channels. Nothing where nothing was ever heard.
 */
export async function fetchMissed(
  { rest, chat, config }: { rest: REST; chat: Chat; config: BotOptions['config'] },
  hear: (message: HeardMessage) => Promise<void>,
): Promise<void> {
  const { places, inputs } = chat.heard('discord');
  const times = inputs.flatMap((id) => (/^[mi]\d+$/.test(id) ? [timeOf(id.slice(1))] : []));
  if (times.length === 0) return;
  const last = times.reduce((a, b) => Math.max(a, b));
  const since = Math.max(last - OVERLAP_MS, Date.now() - OLDEST_MS);
  const known = new Set(inputs);
  for (const place of new Set([...places, ...(await serverChannels(rest, config))])) {
    let after = String(idAt(since));
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = new URLSearchParams({ after, limit: String(PAGE) });
      const found = await read(rest, place, query);
      const messages = found.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      for (const message of messages) if (!known.has(`m${message.id}`)) await hear(message);
      after = messages.at(-1)?.id ?? after;
      if (messages.length < PAGE) break;
    }
  }
}

/** A channel's messages. One that is gone, or closed to the bot, has none. */
async function read(rest: REST, channel: string, query: URLSearchParams): Promise<HeardMessage[]> {
  try {
    return (await rest.get(Routes.channelMessages(channel), { query })) as HeardMessage[];
  } catch (error) {
    if (error instanceof Error && 'status' in error && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}

/** Where whole servers are listened to: their text channels. */
async function serverChannels(rest: REST, { discord }: BotOptions['config']): Promise<string[]> {
  if (discord.channels.length > 0) return [];
  const all = await Promise.all(
    discord.servers.map((server) => rest.get(Routes.guildChannels(server)) as Promise<APIChannel[]>),
  );
  return all.flat().flatMap(({ id, type }) => (type === ChannelType.GuildText ? [id] : []));
}
