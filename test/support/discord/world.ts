import { DiscordError, type DiscordChannel, type DiscordMessage, type DiscordUser, type Interaction } from './types.ts';

export interface DiscordWorld {
  bot: DiscordUser;
  guildId: string;
  channels: Map<string, DiscordChannel>;
  messages: DiscordMessage[];
  files: Map<string, { name: string; type: string; bytes: Uint8Array }>;
  interactions: Map<string, Interaction>;
  commands: { name: string; description: string; options?: object[] }[];
  /** What the bot may not do: the API answers 50013. */
  forbidden: Set<'send' | 'pin' | 'thread' | 'attach' | 'read'>;
  /** The switch for the content of messages, as the application's flags show it. */
  mayRead: boolean;
  now(): number;
  newId(): string;
  channel(id: string): DiscordChannel;
  message(channel: string, id: string): DiscordMessage;
  add(channel: DiscordChannel, author: DiscordUser, content: Partial<DiscordMessage>): DiscordMessage;
  may(what: 'send' | 'pin' | 'thread' | 'attach' | 'read'): void;
  /** Tells the gateway. */
  dispatch(type: string, data: object): void;
}

/** A server (guild) without channels. Ids rise with every call. */
export function createDiscordWorld(now: () => number, dispatch: (type: string, data: object) => void): DiscordWorld {
  let count = 0n;
  /** As the vendor makes them: milliseconds since 2015, shifted. */
  const newId = () => ((BigInt(now()) - 1_420_070_400_000n) * 4_194_304n + ++count).toString();
  const channels = new Map<string, DiscordChannel>();
  const world: DiscordWorld = {
    bot: user(newId(), 'dayshift', true),
    guildId: newId(),
    channels,
    messages: [],
    files: new Map(),
    interactions: new Map(),
    commands: [],
    forbidden: new Set(),
    mayRead: true,
    now,
    newId,
    dispatch,
    channel(id) {
      const channel = channels.get(id);
      if (channel === undefined) throw new DiscordError(404, 10_003, 'Unknown Channel');
      return channel;
    },
    message(channel, id) {
      const found = world.messages.find((one) => one.channel_id === channel && one.id === id);
      if (found === undefined) throw new DiscordError(404, 10_008, 'Unknown Message');
      return found;
    },
    add(channel, author, content) {
      const message: DiscordMessage = {
        id: newId(),
        channel_id: channel.id,
        ...(channel.guild_id === undefined ? {} : { guild_id: channel.guild_id }),
        author,
        content: '',
        timestamp: new Date(now()).toISOString(),
        edited_timestamp: null,
        tts: false,
        mention_everyone: false,
        mentions: [],
        mention_roles: [],
        attachments: [],
        embeds: [],
        components: [],
        pinned: false,
        type: content.message_reference === undefined ? 0 : 19,
        flags: 0,
        ...content,
      };
      world.messages.push(message);
      return message;
    },
    may(what) {
      if (world.forbidden.has(what)) throw new DiscordError(403, 50_013, 'Missing Permissions');
    },
  };
  return world;
}

/** A person, or a bot. */
export function user(id: string, name: string, bot = false): DiscordUser {
  return { id, username: name, global_name: name, discriminator: '0', avatar: null, bot };
}
