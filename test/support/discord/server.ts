import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { openGateway, type Gateway } from './gateway.ts';
import { route } from './routes.ts';
import {
  DiscordError,
  type Component,
  type DiscordCall,
  type DiscordChannel,
  type DiscordMessage,
  type DiscordUser,
  type Interaction,
} from './types.ts';
import { createDiscordWorld, user, type DiscordWorld } from './world.ts';

/**
 * Discord on loopback, written to the public documentation: REST (version 10) with its limits, nonces and permissions, and the
 * gateway with heartbeats, resumes and intents. What it does not know it answers with 404. Faults are put in by `fault`.
 */
export interface DiscordServer {
  /** For `DISCORD_API_ROOT`. */
  root: string;
  token: string;
  world: DiscordWorld;
  gateway: Gateway;
  calls: DiscordCall[];
  newChannel(name: string): DiscordChannel;
  newUser(name: string): DiscordUser;
  /** A person writes in a channel, or to the bot alone (`direct`). */
  say(who: DiscordUser, channel: DiscordChannel | 'direct', text: string, reply?: DiscordMessage): DiscordMessage;
  /** A person passes somebody else's words on. */
  forward(who: DiscordUser, channel: DiscordChannel | 'direct', text: string): DiscordMessage;
  sendFile(
    who: DiscordUser,
    channel: DiscordChannel,
    file: { name: string; type: string; bytes: Uint8Array },
    reply?: DiscordMessage,
  ): DiscordMessage;
  /** A person taps the button with this label (or its id), or picks `values` in the message's menu. */
  tap(who: DiscordUser, message: DiscordMessage, label: string, values?: string[]): Interaction;
  slash(
    who: DiscordUser,
    channel: DiscordChannel,
    name: string,
    options?: Record<string, string | number | boolean>,
  ): Interaction;
  /** A person types into a slash command's option that completes; the choices stand in the callback's data. */
  complete(who: DiscordUser, channel: DiscordChannel, name: string, option: string, typed: string): Interaction;
  /** A person fills the modal that an interaction was answered with; the fields in their order. */
  submit(interaction: Interaction, ...fields: string[]): Interaction;
  /** Resolves with the first message of the bot's that fits, there or to come. */
  until(fits: (message: DiscordMessage) => boolean): Promise<DiscordMessage>;
  /** Resolves once `holds` does, looked at after every change and every call. */
  when(holds: () => boolean): Promise<void>;
  fault: DiscordFaults;
  /** REST and gateway take no connections until `heal`. */
  vanish(): Promise<void>;
  heal(): Promise<void>;
}

interface DiscordFaults {
  /** Asked before each call. `hang` never answers; `lost` does the work and cuts the answer off. */
  before?:
    | ((
        call: DiscordCall,
      ) =>
        | { status: number; code?: number; message: string; retryAfter?: number; global?: boolean }
        | 'hang'
        | 'lost'
        | undefined)
    | undefined;
}

interface DiscordOptions {
  now?: () => number;
  heartbeatMs?: number;
  messageContent?: boolean;
}

/** Starts the server; it ends with the test. `now` in ms is its clock. */
export async function startDiscord(options: DiscordOptions = {}): Promise<DiscordServer> {
  const now = options.now ?? Date.now;
  const token = `${Buffer.from('4200000').toString('base64url')}.test.${randomUUID().replaceAll('-', '')}`;
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const world = createDiscordWorld(now, (type, data) => {
    gateway.dispatch(type, data);
    look();
  });
  const calls: DiscordCall[] = [];
  const fault: DiscordFaults = {};
  const sockets = new Set<Socket>();
  let port = 0;
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing)
      .catch((error: unknown) =>
        answer(outgoing, error instanceof DiscordError ? error : new DiscordError(500, 0, String(error))),
      )
      .finally(look);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const gateway = openGateway(server, () => world, {
    token,
    heartbeatMs: options.heartbeatMs ?? 41_250,
    messageContent: options.messageContent ?? true,
    url: () => `ws://127.0.0.1:${port}`,
  });
  const listen = () =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  const vanish = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  await listen();
  onTestFinished(async () => {
    gateway.close();
    await vanish();
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://server');
    const cdn = /^\/attachments\/(\d+)$/.exec(pathname);
    if (cdn !== null) {
      const file = world.files.get(cdn[1] ?? '');
      outgoing.writeHead(file === undefined ? 404 : 200);
      outgoing.end(file?.bytes);
      return;
    }
    const path = /^\/api\/v10(\/.*)$/.exec(decodeURIComponent(pathname))?.[1];
    if (path === undefined) throw new DiscordError(404, 0, '404: Not Found');
    const call = await readCall(incoming, path);
    call.at = now();
    call.query = Object.fromEntries(searchParams);
    const open = /^\/(?:interactions|webhooks)\//.test(path);
    if (!open && incoming.headers.authorization !== `Bot ${token}`) throw new DiscordError(401, 0, '401: Unauthorized');
    calls.push(call);
    const wrong = fault.before?.(call);
    if (wrong === 'hang') return;
    if (wrong !== undefined && wrong !== 'lost') {
      refuse(outgoing, wrong);
      return;
    }
    const result = /^\/gateway(?:\/bot)?$/.test(path)
      ? {
          url: `ws://127.0.0.1:${port}`,
          shards: 1,
          session_start_limit: { total: 1000, remaining: 999, reset_after: 1, max_concurrency: 1 },
        }
      : absolute(route(world, call));
    if (wrong === 'lost') incoming.socket.destroy();
    else answer(outgoing, result);
  }

  /** Files are fetched from this server. */
  function absolute(result: unknown): unknown {
    for (const message of world.messages)
      for (const file of message.attachments)
        file.url = file.proxy_url = `http://127.0.0.1:${port}/attachments/${file.id}`;
    return result;
  }

  function write(
    who: DiscordUser,
    where: DiscordChannel | 'direct',
    content: Partial<DiscordMessage>,
    reply?: DiscordMessage,
  ) {
    const channel = where === 'direct' ? directWith(who) : where;
    const reference =
      reply === undefined
        ? {}
        : { message_reference: { message_id: reply.id, channel_id: channel.id }, referenced_message: reply };
    const message = world.add(channel, who, { ...content, ...reference });
    absolute(undefined);
    world.dispatch('MESSAGE_CREATE', { ...message, ...(channel.guild_id === undefined ? {} : { member: memberOf() }) });
    return message;
  }

  function directWith(who: DiscordUser): DiscordChannel {
    const known = [...world.channels.values()].find((one) => one.type === 1 && one.recipients?.[0]?.id === who.id);
    const channel: DiscordChannel = known ?? { id: world.newId(), type: 1, recipients: [who] };
    world.channels.set(channel.id, channel);
    return channel;
  }

  function interact(
    who: DiscordUser,
    channel: DiscordChannel,
    type: number,
    data: object,
    message?: DiscordMessage,
  ): Interaction {
    const interaction: Interaction = {
      id: world.newId(),
      token: randomUUID(),
      at: now(),
      channel,
      user: who,
      replies: [],
      ...(message === undefined ? {} : { message }),
    };
    world.interactions.set(interaction.id, interaction);
    const guild = channel.guild_id;
    world.dispatch('INTERACTION_CREATE', {
      id: interaction.id,
      application_id: world.bot.id,
      type,
      data,
      token: interaction.token,
      version: 1,
      channel_id: channel.id,
      channel,
      app_permissions: '8',
      locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: {},
      attachment_size_limit: 10 * 1024 * 1024,
      ...(guild === undefined
        ? { user: who }
        : { guild_id: guild, guild_locale: 'en-US', member: { ...memberOf(), user: who, permissions: '8' } }),
      ...(message === undefined ? {} : { message }),
    });
    return interaction;
  }

  const when = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const watcher = () => {
        if (!holds()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  const command = (type: number, who: DiscordUser, channel: DiscordChannel, name: string, options: object[]) =>
    interact(who, channel, type, { id: world.newId(), name, type: 1, options });
  return {
    root: `http://127.0.0.1:${port}/api`,
    token,
    world,
    gateway,
    calls,
    fault,
    vanish,
    when,
    async heal() {
      gateway.heal();
      if (!server.listening) await listen();
    },
    newChannel(name) {
      const channel: DiscordChannel = { id: world.newId(), type: 0, name, guild_id: world.guildId, parent_id: null };
      world.channels.set(channel.id, channel);
      world.dispatch('CHANNEL_CREATE', channel);
      return channel;
    },
    newUser: (name) => user(world.newId(), name),
    say: (who, channel, text, reply) => write(who, channel, { content: text }, reply),
    forward: (who, channel, text) =>
      write(who, channel, {
        message_reference: { type: 1, message_id: world.newId(), channel_id: world.newId() },
        message_snapshots: [{ message: { content: text, attachments: [] } }],
        type: 0,
      }),
    sendFile(who, channel, { name, type, bytes }, reply) {
      const id = world.newId();
      world.files.set(id, { name, type, bytes });
      return write(
        who,
        channel,
        { attachments: [{ id, filename: name, size: bytes.length, url: '', proxy_url: '', content_type: type }] },
        reply,
      );
    },
    tap(who, message, label, values) {
      const inside = message.components.flatMap((row) => row.components ?? []);
      const found =
        values === undefined
          ? inside.find((one) => one.label?.includes(label) === true || one.custom_id === label)
          : inside.find((one) => one.type === 3);
      if (found?.custom_id === undefined) throw new Error(`there is no ${label} on: ${message.content}`);
      const data = {
        custom_id: found.custom_id,
        component_type: found.type,
        ...(values === undefined ? {} : { values }),
      };
      return interact(who, world.channel(message.channel_id), 3, data, message);
    },
    slash: (who, channel, name, options = {}) =>
      command(
        2,
        who,
        channel,
        name,
        Object.entries(options).map(([key, value]) => ({ name: key, value, type: kindOf(value) })),
      ),
    complete: (who, channel, name, option, typed) =>
      command(4, who, channel, name, [{ name: option, type: 3, value: typed, focused: true }]),
    submit(interaction, ...fields) {
      const modal = interaction.callback?.type === 9 ? interaction.callback.data : undefined;
      if (modal === undefined) throw new Error('this was not answered with a modal');
      // A text between the fields (10) comes back too, and holds nothing.
      const rows = (modal.components as Component[]).filter(({ type }) => type !== 10);
      const components = rows.map((row, index) => {
        const filled = {
          type: 4,
          custom_id: (row.component ?? row.components?.[0])?.custom_id,
          value: fields[index] ?? '',
        };
        // Labels (18) hold one component, action rows a list.
        return row.type === 18 ? { type: 18, component: filled } : { type: 1, components: [filled] };
      });
      return interact(
        interaction.user,
        interaction.channel,
        5,
        { custom_id: modal.custom_id, components },
        interaction.message,
      );
    },
    async until(fits) {
      let found: DiscordMessage | undefined;
      await when(() => (found = world.messages.find((one) => one.author.bot && fits(one))) !== undefined);
      return found!;
    },
  };
}

function memberOf() {
  return { roles: [], joined_at: '2026-01-01T00:00:00.000Z', deaf: false, mute: false, flags: 0 };
}

/** The API's number for the kind of an option. */
function kindOf(value: string | number | boolean): number {
  return typeof value === 'string' ? 3 : typeof value === 'number' ? 4 : 5;
}

async function readCall(incoming: IncomingMessage, path: string): Promise<DiscordCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = incoming.headers['content-type'] ?? '';
  const call: DiscordCall = { method: incoming.method ?? 'GET', path, query: {}, body: {}, files: [], at: 0 };
  if (type.startsWith('application/json') && body.length > 0)
    call.body = JSON.parse(body.toString()) as Record<string, unknown>;
  if (!type.startsWith('multipart/form-data')) return call;
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      if (name === 'payload_json') call.body = JSON.parse(value) as Record<string, unknown>;
    } else call.files.push({ name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  return call;
}

function refuse(
  outgoing: ServerResponse,
  wrong: { status: number; code?: number; message: string; retryAfter?: number; global?: boolean },
): void {
  const limited =
    wrong.retryAfter === undefined
      ? {}
      : {
          'retry-after': String(wrong.retryAfter),
          'x-ratelimit-scope': 'user',
          ...(wrong.global === true ? { 'x-ratelimit-global': 'true' } : {}),
        };
  outgoing.writeHead(wrong.status, { 'content-type': 'application/json', ...limited });
  outgoing.end(
    JSON.stringify({
      message: wrong.message,
      code: wrong.code ?? 0,
      ...(wrong.retryAfter === undefined ? {} : { retry_after: wrong.retryAfter, global: wrong.global === true }),
    }),
  );
}

function answer(outgoing: ServerResponse, result: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) return;
  if (result instanceof DiscordError)
    refuse(outgoing, { status: result.status, code: result.code, message: result.message });
  else if (result === undefined) outgoing.writeHead(204).end();
  else {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(result));
  }
}
