import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { methods } from './methods.ts';
import { ApiError, type Call, type Chat, type Message, type Update, type User } from './types.ts';
import { createWorld, type World } from './world.ts';

/**
 * A Bot API server on loopback, written to the public documentation: polling with its offset and its 409, messages with entities,
 * edits, deletions, buttons, topics, pins, files, and the limits of each. What it does not know it answers with 404, as the
 * vendor does. Faults are put in by `fault`.
 */
export interface TelegramServer {
  /** For `TELEGRAM_API_ROOT`. */
  root: string;
  token: string;
  world: World;
  calls: Call[];
  /** A private chat, or a group (a forum where `forum`). */
  newChat(options?: { group?: boolean; forum?: boolean }): Chat;
  newUser(name: string): User;
  /** A person writes. `reply`: to this message. `thread`: in this topic. */
  say(user: User, chat: Chat, text: string, options?: { reply?: Message; thread?: number }): Update;
  sendFile(
    user: User,
    chat: Chat,
    file: PersonsFile,
    options?: { reply?: Message; thread?: number; caption?: string; album?: string },
  ): Update;
  /** A person taps a button of a message; resolves at once, with what the bot answers in `answered`. */
  tap(user: User, message: Message, button: string): { id: string; answered: Promise<string | undefined> };
  /** Resolves with the first message of the bot's that fits, there or to come, looked at after every change. */
  until(fits: (message: Message) => boolean): Promise<Message>;
  /** Resolves once `holds` does, looked at after every change and every call. */
  when(holds: () => boolean): Promise<void>;
  /** Gives updates out again that were confirmed already, from this one on, whatever offset the bot names. */
  replay(from: number): void;
  fault: Faults;
  /** Takes no connections until `heal`; open ones are cut, or (half-open) left without a word. */
  vanish(how?: 'refused' | 'half-open'): Promise<void>;
  heal(): Promise<void>;
}

interface PersonsFile {
  kind: 'photo' | 'document' | 'voice';
  name: string;
  type: string;
  bytes: Uint8Array;
}

interface Faults {
  /** Asked before each call: what to answer with instead. `hang` never answers; `lost` does the work and cuts the answer off. */
  before?:
    | ((
        call: Call,
      ) =>
        | { code: number; text: string; retryAfter?: number; parameters?: Record<string, number> }
        | 'hang'
        | 'lost'
        | undefined)
    | undefined;
}

/** Starts the server; it ends with the test, or when `finished` says so. `now` in ms is its clock. */
export async function startTelegram(
  options: { now?: () => number; firstUpdate?: number; finished?: (close: () => Promise<void>) => void } = {},
): Promise<TelegramServer> {
  const now = options.now ?? Date.now;
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const world = createWorld(now, options.firstUpdate ?? 5000, look);
  const token = `4200000:${randomUUID().replaceAll('-', '')}`;
  const calls: Call[] = [];
  const fault: Faults = {};
  const sockets = new Set<Socket>();
  let poller: { end: (why: ApiError) => void } | undefined;
  let deaf = false;
  let again: Update[] = [];
  const server = createServer((incoming, outgoing) => {
    if (deaf) return;
    handle(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) answer(outgoing, error instanceof ApiError ? error : new ApiError(500, String(error)));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let port = 0;
  const listen = () =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () =>
    new Promise<void>((resolve) => {
      cut();
      server.close(() => resolve());
    });
  await listen();
  (options.finished ?? onTestFinished)(close);

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://server');
    const file = /^\/file\/bot([^/]+)\/files\/(.+)$/.exec(url.pathname);
    if (file !== null) {
      download(file[1] ?? '', file[2] ?? '', outgoing);
      return;
    }
    const [, shown, name] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    const call = await readCall(incoming, url, name ?? '');
    call.at = now();
    if (shown !== token) throw new ApiError(shown === undefined ? 404 : 401, 'Unauthorized');
    calls.push(call);
    look();
    const wrong = fault.before?.(call);
    if (wrong === 'hang') return;
    if (wrong !== undefined && wrong !== 'lost')
      throw new ApiError(
        wrong.code,
        wrong.text,
        wrong.retryAfter === undefined ? wrong.parameters : { retry_after: wrong.retryAfter },
      );
    const key = call.method.toLowerCase();
    const method = methods[key];
    const result = key === 'getupdates' ? await poll(call, incoming) : method?.(world, call);
    if (key !== 'getupdates' && method === undefined) throw new ApiError(404, 'Not Found');
    look();
    if (wrong === 'lost') incoming.socket.destroy();
    else answer(outgoing, result);
  }

  function poll(call: Call, incoming: IncomingMessage): Promise<Update[]> {
    poller?.end(
      new ApiError(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    );
    const offset = Number(call.params.offset ?? 0);
    if (offset > world.confirmed) {
      world.confirmed = offset;
      look();
    }
    const limit = Number(call.params.limit ?? 100);
    const due = () =>
      [...again, ...world.updates.filter((update) => update.update_id >= world.confirmed)].slice(0, limit);
    const take = () => {
      const taken = due();
      again = again.slice(taken.length);
      return taken;
    };
    if (due().length > 0 || !(Number(call.params.timeout ?? 0) > 0)) return Promise.resolve(take());
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        watchers.delete(watcher);
        incoming.socket.off('close', finish);
        if (poller === mine) poller = undefined;
      };
      const give = () => {
        finish();
        resolve(take());
      };
      const watcher = () => {
        if (due().length > 0) give();
      };
      const timer = setTimeout(give, Number(call.params.timeout) * 1000);
      const mine = {
        end(why: ApiError) {
          finish();
          reject(why);
        },
      };
      poller = mine;
      watchers.add(watcher);
      incoming.socket.once('close', finish);
    });
  }

  function download(shown: string, id: string, outgoing: ServerResponse): void {
    const file = shown === token ? world.files.get(id) : undefined;
    outgoing.writeHead(file === undefined ? 404 : 200);
    outgoing.end(file?.bytes);
  }

  const write = (
    user: User,
    chat: Chat,
    content: Partial<Message>,
    place: { reply?: Message; thread?: number; caption?: string; album?: string } = {},
  ) => {
    const message = world.add({
      chat,
      from: user,
      ...content,
      ...(place.caption === undefined ? {} : { caption: place.caption }),
      ...(place.album === undefined ? {} : { media_group_id: place.album }),
      ...(place.thread === undefined ? {} : { message_thread_id: place.thread, is_topic_message: true }),
      ...(place.reply === undefined ? {} : { reply_to_message: place.reply }),
    });
    return world.happen((update_id) => ({ update_id, message }));
  };
  let lastId = 700;
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
  return {
    root: `http://127.0.0.1:${port}`,
    token,
    world,
    calls,
    fault,
    newChat({ group = false, forum = false } = {}) {
      const id = ++lastId;
      const chat: Chat =
        group || forum
          ? {
              id: -1_000_000_000_000 - id,
              type: 'supergroup',
              title: `Group ${id}`,
              ...(forum ? { is_forum: true } : {}),
            }
          : { id, type: 'private', first_name: `Person ${id}` };
      world.chats.set(chat.id, chat);
      return chat;
    },
    newUser: (name) => ({ id: ++lastId, is_bot: false, first_name: name, username: name.toLowerCase() }),
    say: (user, chat, text, place) => {
      const command = /^\/\w+(?:@\w+)?/.exec(text)?.[0];
      const entities =
        command === undefined ? {} : { entities: [{ type: 'bot_command', offset: 0, length: command.length }] };
      return write(user, chat, { text, ...entities }, place);
    },
    sendFile(user, chat, { kind, name, type, bytes }, place) {
      const stored = world.keep(randomUUID(), name, type, bytes);
      if (kind === 'photo') return write(user, chat, { photo: [{ ...stored, width: 10, height: 10 }] }, place);
      return write(user, chat, kind === 'voice' ? { voice: { ...stored, duration: 2 } } : { document: stored }, place);
    },
    tap(user, message, button) {
      const current = world.find(message.chat.id, message.message_id) ?? message;
      const found = (current.reply_markup?.inline_keyboard ?? []).flat().find((one) => one.text.includes(button));
      const stale = (message.reply_markup?.inline_keyboard ?? []).flat().find((one) => one.text.includes(button));
      const data = found?.callback_data ?? stale?.callback_data;
      if (data === undefined) throw new Error(`there is no button ${button} on: ${current.text ?? ''}`);
      const id = randomUUID();
      world.queries.set(id, { at: now(), answered: false, said: undefined });
      world.happen((update_id) => ({
        update_id,
        callback_query: { id, from: user, message: current, chat_instance: String(message.chat.id), data },
      }));
      return {
        id,
        answered: when(() => world.queries.get(id)?.answered === true).then(() => world.queries.get(id)?.said),
      };
    },
    async until(fits) {
      let found: Message | undefined;
      await when(() => (found = world.messages.find((one) => one.from.is_bot && fits(one))) !== undefined);
      return found!;
    },
    when,
    replay(from) {
      again = world.updates.filter((update) => update.update_id >= from);
      look();
    },
    async vanish(how = 'refused') {
      if (how === 'half-open') deaf = true;
      else await close();
    },
    async heal() {
      deaf = false;
      cut();
      if (!server.listening) await listen();
    },
  };
}

async function readCall(incoming: IncomingMessage, url: URL, method: string): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = incoming.headers['content-type'] ?? '';
  const params: Record<string, unknown> = Object.fromEntries(url.searchParams);
  const files: Call['files'] = {};
  if (type.startsWith('application/json')) Object.assign(params, JSON.parse(body.toString() || '{}'));
  else if (type.startsWith('multipart/form-data') || type.startsWith('application/x-www-form-urlencoded')) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) {
      if (typeof value === 'string') params[name] = fromText(value);
      else files[name] = { name: value.name, type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
    }
  }
  return { method, params, files, at: 0 };
}

/** In forms, objects and lists come as JSON. */
function fromText(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function answer(outgoing: ServerResponse, result: unknown): void {
  const wrong = result instanceof ApiError ? result : undefined;
  outgoing.writeHead(wrong?.code ?? 200, { 'content-type': 'application/json' });
  outgoing.end(
    JSON.stringify(
      wrong === undefined
        ? { ok: true, result }
        : {
            ok: false,
            error_code: wrong.code,
            description: wrong.message,
            ...(wrong.parameters === undefined ? {} : { parameters: wrong.parameters }),
          },
    ),
  );
}
