import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { DiscordWorld } from './world.ts';

/** Bits of a bot's intents. */
const GUILD_MESSAGES = 1 << 9;
const DIRECT_MESSAGES = 1 << 12;
const MESSAGE_CONTENT = 1 << 15;

export interface Gateway {
  /** Sends an event to the bot, or keeps it for its resume. */
  dispatch(type: string, data: object): void;
  /** Cuts the connection; a resume finds what it missed. */
  cut(): void;
  /** Keeps the connection and says nothing more, not even to heartbeats, until `heal`. */
  freeze(): void;
  heal(): void;
  /** Tells the bot that its session is gone (`resumable` false) or that it shall reconnect. */
  invalidate(resumable: boolean): void;
  /** Sessions begun and resumed so far. */
  identified: number;
  resumed: number;
  readonly connected: boolean;
  close(): void;
}

interface Session {
  id: string;
  intents: number;
  sent: { s: number; t: string; d: object }[];
}

export interface GatewayOptions {
  token: string;
  heartbeatMs: number;
  /** Whether the application may ask for the content of messages. */
  messageContent: boolean;
  url: () => string;
}

/** The gateway on the server's own port, version 10, JSON, one shard. */
export function openGateway(server: Server, world: () => DiscordWorld, options: GatewayOptions): Gateway {
  const sockets = new WebSocketServer({ server });
  let session: Session | undefined;
  let live: WebSocket | undefined;
  let frozen = false;
  let last = 0;
  const write = (socket: WebSocket | undefined, packet: object) => {
    if (!frozen && socket?.readyState === 1) socket.send(JSON.stringify(packet));
  };
  const gateway: Gateway = {
    identified: 0,
    resumed: 0,
    get connected() {
      return live?.readyState === 1;
    },
    dispatch(t, d) {
      if (session === undefined) return;
      const seen = visible(t, d, session.intents, world().bot.id);
      if (seen === undefined) return;
      const packet = { s: ++last, t, d: seen };
      session.sent.push(packet);
      write(live, { op: 0, ...packet });
    },
    cut: () => live?.terminate(),
    freeze() {
      frozen = true;
    },
    heal() {
      frozen = false;
    },
    invalidate(resumable) {
      write(live, resumable ? { op: 7, d: null } : { op: 9, d: false });
      if (!resumable) session = undefined;
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
  sockets.on('connection', (socket) => {
    write(socket, { op: 10, d: { heartbeat_interval: options.heartbeatMs }, s: null, t: null });
    socket.on('message', (data) => {
      if (frozen) return;
      const packet = JSON.parse((data as Buffer).toString()) as { op: number; d: Record<string, unknown> };
      if (packet.op === 1) write(socket, { op: 11, d: null });
      else if (packet.op === 2) identify(socket, packet.d);
      else if (packet.op === 6) resume(socket, packet.d);
    });
  });

  function identify(socket: WebSocket, d: Record<string, unknown>): void {
    const intents = Number(d.intents);
    if (d.token !== options.token) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    if ((intents & MESSAGE_CONTENT) !== 0 && !options.messageContent) {
      socket.close(4014, 'Disallowed intent(s).');
      return;
    }
    gateway.identified += 1;
    const { bot, guildId, channels } = world();
    session = { id: `session-${gateway.identified}`, intents, sent: [] };
    live = socket;
    last = 0;
    gateway.dispatch('READY', {
      v: 10,
      user: bot,
      guilds: [{ id: guildId, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: options.url(),
      application: { id: bot.id, flags: 0 },
      shard: [0, 1],
    });
    gateway.dispatch(
      'GUILD_CREATE',
      guildOf(
        guildId,
        bot,
        [...channels.values()].filter((one) => one.guild_id === guildId),
      ),
    );
  }

  function resume(socket: WebSocket, d: Record<string, unknown>): void {
    if (session === undefined || d.session_id !== session.id) {
      write(socket, { op: 9, d: false });
      return;
    }
    gateway.resumed += 1;
    live = socket;
    for (const packet of session.sent.filter(({ s }) => s > Number(d.seq))) write(socket, { op: 0, ...packet });
    gateway.dispatch('RESUMED', {});
  }
  return gateway;
}

/** What a session with these intents gets to see: without the right to content, texts are empty but in direct messages. */
function visible(type: string, data: object, intents: number, bot: string): object | undefined {
  if (!type.startsWith('MESSAGE_')) return data;
  const message = data as { guild_id?: string; author?: { id: string }; mentions?: { id: string }[] };
  const wanted = message.guild_id === undefined ? DIRECT_MESSAGES : GUILD_MESSAGES;
  if ((intents & wanted) === 0) return undefined;
  const open =
    (intents & MESSAGE_CONTENT) !== 0 ||
    message.guild_id === undefined ||
    message.author?.id === bot ||
    message.mentions?.some((one) => one.id === bot) === true;
  return open ? data : { ...data, content: '', attachments: [], embeds: [], components: [] };
}

function guildOf(id: string, bot: object & { id: string }, channels: { type: number }[]) {
  const everyone = {
    id,
    name: '@everyone',
    color: 0,
    hoist: false,
    position: 0,
    permissions: '8',
    managed: false,
    mentionable: false,
    flags: 0,
  };
  return {
    id,
    name: 'Workshop',
    icon: null,
    owner_id: bot.id,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    roles: [everyone],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    system_channel_flags: 0,
    premium_tier: 0,
    preferred_locale: 'en-US',
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    joined_at: '2026-01-01T00:00:00.000Z',
    large: false,
    unavailable: false,
    member_count: 2,
    members: [{ user: bot, roles: [], joined_at: '2026-01-01T00:00:00.000Z', deaf: false, mute: false, flags: 0 }],
    channels: channels.filter((one) => one.type === 0),
    threads: channels.filter((one) => one.type === 11),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
