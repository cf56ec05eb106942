import { ChannelType, Routes, type APIChannel, type REST } from 'discord.js';
import { messageOf, type Clock } from '../../src/base/index.ts';
import { backoffMs } from '../../src/outbox/index.ts';
import type { Chat } from '../chat/index.ts';
import type { BotOptions } from '../bot.ts';
import type { HeardMessage } from './heard.ts';
import type { Owed } from './owed.ts';

/** What was written longer ago, in ms, is not taken for an order any more. */
const OLDEST_MS = 24 * 3_600_000;
/** Before the last known input another channel's may have been lost: it is looked so far back, in ms. What is known is heard once. */
const OVERLAP_MS = 10 * 60_000;
/** Discord's ids are ms since then, shifted. */
const EPOCH = 1_420_070_400_000;
const PAGE = 100;
const MOST_PAGES = 5;
/** Between two tries, in ms, at most. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** The lowest id that something at this time (ms since the epoch) can have. */
function idAt(ms: number): bigint {
  return BigInt(Math.max(0, ms - EPOCH)) << 22n;
}

/** The time of an id, in ms since the epoch. */
function timeOf(id: string): number {
  return Number(BigInt(id) >> 22n) + EPOCH;
}

/** Reads what was missed, once more with each call: one reader at a time, for an outage is many connections that come and go. */
export function missedReader(
  options: Omit<Parameters<typeof fetchMissed>[0], 'resumed' | 'before'>,
  hear: (message: HeardMessage) => Promise<boolean>,
): (resumed: boolean) => Promise<void> {
  let earlier = new AbortController();
  let last: Promise<void> = Promise.resolve();
  return (resumed) => {
    earlier.abort();
    earlier = new AbortController();
    const signal = AbortSignal.any([options.signal, earlier.signal]);
    const reading = fetchMissed({ ...options, signal, resumed, before: last }, hear);
    last = reading.catch(() => undefined);
    return reading;
  };
}

/**
 * What people wrote while nobody listened, oldest first: Discord hands over taps and messages of a session that it
 * still knows, else only what stands in the channels. Nothing where nothing was ever heard. A channel that cannot be
 * read now hinders no other: it is tried again, each time after twice as long, until it can be read; also by the next
 * process, for that it is owed is written down before anything is read. `resumed`: only what is owed from earlier;
 * `hear` resolves with false where it could not: the channel stays owed. `before`: an earlier reader's end, which is waited for before anything is read.
 */
export async function fetchMissed(
  options: {
    rest: REST;
    chat: Chat;
    config: BotOptions['config'];
    clock: Clock;
    log: (text: string) => void;
    signal: AbortSignal;
    owed: Owed;
    resumed: boolean;
    before?: Promise<void>;
  },
  hear: (message: HeardMessage) => Promise<boolean>,
): Promise<void> {
  const { rest, chat, config, clock, log, signal, owed } = options;
  const { places, inputs } = chat.heard('discord');
  const listened = config.discord.channels.length > 0 ? [] : [...config.discord.servers];
  const times = inputs.flatMap((id) => (/^[mi]\d+$/.test(id) ? [timeOf(id.slice(1))] : []));
  const isNew = !options.resumed && times.length > 0;
  if (isNew) await owed.note([...places, ...listened], times.reduce((a, b) => Math.max(a, b)) - OVERLAP_MS);
  await options.before;
  const known = new Set(chat.heard('discord').inputs);
  const isOwed = (id: string) => Object.hasOwn(owed.all(), id);
  const since = (id: string) => Math.max(owed.all()[id] ?? 0, Date.now() - OLDEST_MS);
  let servers: string[] = listened.filter(isOwed);
  // People's own chats come first, then channels of servers that an earlier process found.
  let channels: string[] = [...new Set([...places, ...Object.keys(owed.all())])].filter(
    (id) => isOwed(id) && !config.discord.servers.includes(id),
  );
  const isOver = () => signal.aborted;
  for (let tries = 1; !isOver(); tries += 1) {
    const failed: { channels: string[]; servers: string[] } = { channels: [], servers: [] };
    const tell = (what: string) => (error: unknown) =>
      tries === 1 && log(`discord: what was written meanwhile in ${what} is not known yet: ${messageOf(error)}`);
    for (const place of new Set(channels)) {
      if (isOver()) return;
      await readAll(rest, place, since(place), known, hear)
        .then(() => owed.done(place))
        .catch((error: unknown) => {
          tell(`channel ${place}`)(error);
          failed.channels.push(place);
        });
    }
    for (const server of servers)
      await channelsOf(rest, server)
        .then(async (found) => {
          const others = found.filter((id) => !channels.includes(id));
          await owed.note(others, since(server));
          await owed.done(server);
          failed.channels.push(...others);
        })
        .catch((error: unknown) => {
          tell(`server ${server}`)(error);
          failed.servers.push(server);
        });
    const isFirst = servers.length > failed.servers.length;
    ({ channels, servers } = failed);
    if (channels.length + servers.length === 0) return;
    // Channels of servers that have just been found are read at once.
    if (!isFirst) await pause(clock, Math.min(LONGEST_WAIT_MS, backoffMs(tries + 2)), signal);
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const cancel = clock.after(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}

async function readAll(
  rest: REST,
  place: string,
  since: number,
  known: ReadonlySet<string>,
  hear: (message: HeardMessage) => Promise<boolean>,
): Promise<void> {
  let after = String(idAt(since));
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({ after, limit: String(PAGE) });
    const found = await read(rest, place, query);
    const messages = found.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    for (const message of messages)
      if (!known.has(`m${message.id}`) && !(await hear(message))) throw new Error('one of them could not be heard');
    after = messages.at(-1)?.id ?? after;
    if (messages.length < PAGE) break;
  }
}

/** A channel's messages. One that is gone, or closed to the bot, has none. */
async function read(rest: REST, channel: string, query: URLSearchParams): Promise<HeardMessage[]> {
  try {
    return (await rest.get(Routes.channelMessages(channel), { query })) as HeardMessage[];
  } catch (error) {
    if (isClosed(error)) return [];
    throw error;
  }
}

/** The text channels of a server that is listened to as a whole; none of one in which the bot is not. */
async function channelsOf(rest: REST, server: string): Promise<string[]> {
  try {
    const all = (await rest.get(Routes.guildChannels(server))) as APIChannel[];
    return all.flatMap(({ id, type }) => (type === ChannelType.GuildText ? [id] : []));
  } catch (error) {
    if (isClosed(error)) return [];
    throw error;
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'status' in error && (error.status === 403 || error.status === 404);
}
