import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { manualClock } from '../../src/base/index.ts';
import { configSchema } from '../../src/home/schema.ts';
import { homePaths, type Home } from '../../src/home/index.ts';
import { openJournal, type Journal, type NewEvent, type Question } from '../../src/journal/index.ts';
import { DAY, planned, taskSpec } from '../../src/journal/testing.ts';
import { createOperator } from '../../src/operator/index.ts';
import { startChat, type Chat } from './chat.ts';
import type { ChatContext } from './context.ts';
import type { Answer, Input, Message } from './input.ts';
import { parts } from './fit.ts';
import { PlatformError, type OutFile, type Part, type Platform } from './platform.ts';
import { plainOf, toTelegram } from './rich/index.ts';

export { DAY };

/** A core over a real journal in a temporary home, on a clock that the test moves. */
export interface TestChat {
  chat: Chat;
  ctx: ChatContext;
  journal: Journal;
  clock: ReturnType<typeof manualClock>;
  logged: string[];
  /** A code for a new person. */
  code(role?: 'owner' | 'operator' | 'viewer'): Promise<string>;
  /** A day that runs, with these tasks. */
  day(...tasks: string[]): Promise<void>;
  /** A question of a task's agent. Resolves with its id. */
  ask(questions?: Question[], more?: Partial<Extract<NewEvent, { type: 'item.opened' }>['data']>): Promise<string>;
  /** Ends this one, as a kill does, and opens another on the same journal. */
  restart(): Promise<TestChat>;
}

export async function makeChat(
  options: { folder?: string; config?: object; env?: Record<string, string>; now?: number } = {},
): Promise<TestChat> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'dayshift-chat-'));
  if (options.folder === undefined) onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = homePaths(folder);
  const config = configSchema.parse({ timezone: 'UTC', ...options.config });
  const home: Home = { paths, config, guard: {}, projects: [], unavailable: {}, warnings: [] };
  const clock = manualClock(options.now);
  const journal = await openJournal(paths, { clock });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await chat.end();
    await journal.close();
  };
  onTestFinished(close);
  const logged: string[] = [];
  let ids = 0;
  const redact = (text: string) => text;
  const newId = () => `id${String((ids += 1)).padStart(4, '0')}-${journal.state.seq}`;
  const newItemId = () => `q${journal.state.lastItem + 1}`;
  const operator = createOperator({
    home,
    journal,
    clock,
    newId,
    newItemId,
    redact,
    namedSecrets: () => [],
    runner: undefined,
  });
  const ctx: ChatContext = {
    ...{ home, journal, operator, clock, newId, newItemId, redact },
    log: (text) => void logged.push(text),
    env: options.env ?? {},
    secret: new Uint8Array(32).fill(7),
  };
  const chat = startChat(ctx);
  return {
    ...{ chat, ctx, journal, clock, logged },
    async code(role) {
      const { data } = await operator.pair(role === undefined ? {} : { role }, { kind: 'person', via: 'cli' });
      return String(data?.code);
    },
    async day(...tasks) {
      const specs = tasks.map((id) => taskSpec(id));
      await journal.append(planned(specs), { type: 'day.started', day: DAY, data: {} });
    },
    async ask(questions = [which], more = {}) {
      const id = `q${journal.state.lastItem + 1}`;
      await journal.append({
        type: 'item.opened',
        day: DAY,
        task: 'a',
        attempt: 1,
        actor: { kind: 'agent' },
        data: {
          id,
          kind: 'question',
          questions,
          source: 'tool',
          toolUseId: `t-${id}`,
          silence: { kind: 'wait' },
          ...more,
        },
      });
      return id;
    },
    async restart() {
      await close();
      return makeChat({ ...options, folder, now: clock.now() });
    },
  };
}

/** Two options, one to choose. */
export const which: Question = {
  question: 'Which pattern?',
  multiSelect: false,
  options: [{ label: 'Old' }, { label: 'New', description: 'as in PAGINATION.md' }],
};

/** Three options, any of them. */
export const several: Question = {
  question: 'Which parts?',
  multiSelect: true,
  options: [{ label: 'Docs' }, { label: 'Tests' }, { label: 'Code' }],
};

/** A message as a person sees it. */
export interface Shown {
  id: string;
  text: string;
  buttons: string[][];
  pinned: boolean;
  /** It asks for a reply. */
  asks: boolean;
  files: string[];
  thread?: string;
}

/** Somebody before a chat server that a bot is connected to. */
export interface Visitor {
  user: string;
  /** Their own chat with the bot. */
  chat: string;
  /** What stands in their chat, oldest first. */
  sees(): Shown[] | Promise<Shown[]>;
  /** Resolves when the bot has taken it and answered. */
  says(text: string, replyTo?: Shown): Promise<void>;
  /** Taps a button by its label (or its beginning). Resolves with the words that flashed up. A form that opens is filled in with `text`. */
  taps(message: Shown, label: string, text?: string): Promise<string | undefined>;
}

/** One chat server with a bot of ours on it: what each bot's tests make, for the contract. */
export interface Stage {
  platform: Platform;
  visitor(user: string, name?: string): Visitor;
  /** From now on the server answers like this, so many times. */
  fails(why: 'flood' | 'unreachable' | 'markup' | 'forbidden', times: number): void;
  /** The bot is gone, as by a kill, and comes back for another core; the server is the same. */
  restart(chat: Chat): void | Promise<void>;
  close(): Promise<void>;
}

interface Held extends Shown {
  part: Part;
}

/** A chat server in memory, and a bot on it: the second platform of the contract. It counts as Telegram does. */
export function memoryStage(chat: Chat): Stage & { platform: MemoryPlatform } {
  const platform = memoryPlatform();
  let core = chat;
  let leave = core.join(platform);
  let inputs = 0;
  return {
    platform,
    visitor(user, name = user) {
      const base = () => ({
        channel: platform.channel,
        id: `u${(inputs += 1)}`,
        user,
        name,
        chat: `chat-${user}`,
        private: true,
      });
      const place = { channel: platform.channel, chat: `chat-${user}` };
      const give = async (input: Input): Promise<string | undefined> => {
        const answer: Answer = await core.receive(input, platform);
        for (const message of answer.messages) await platform.say(place, message);
        return answer.toast;
      };
      return {
        user,
        chat: place.chat,
        sees: () => platform.chatOf(place.chat).map(({ part: _part, ...shown }) => ({ ...shown })),
        async says(text, replyTo) {
          await give({
            ...base(),
            type: 'text',
            text,
            files: [],
            ...(replyTo === undefined ? {} : { replyTo: replyTo.id }),
          });
        },
        taps(message, label) {
          const held = platform.chatOf(place.chat).find(({ id }) => id === message.id);
          // A stale twin: what was shown can be tapped, whatever stands there now.
          const data =
            dataOf(message, label) ?? held?.part.buttons?.flat().find((one) => one.label.includes(label))?.data;
          if (data === undefined) throw new Error(`there is no button ${label} in ${JSON.stringify(message.buttons)}`);
          return give({ ...base(), type: 'tap', data, message: message.id });
        },
      };
      function dataOf(message: Shown, label: string): string | undefined {
        return platform.everyButton(message.id, label);
      }
    },
    fails: (why, times) => platform.failNext(why, times),
    async restart(next) {
      await leave();
      core = next;
      leave = core.join(platform);
    },
    close: () => leave(),
  };
}

export interface MemoryPlatform extends Platform {
  chatOf(chat: string): Held[];
  everyButton(message: string, label: string): string | undefined;
  say(place: { channel: 'telegram' | 'discord'; chat: string }, message: Message): Promise<void>;
  failNext(why: ConstructorParameters<typeof PlatformError>[0], times: number): void;
  /** Calls in their order: `send`, `edit`, … */
  calls: string[];
}

function memoryPlatform(): MemoryPlatform {
  const chats = new Map<string, Held[]>();
  const buttonsSeen = new Map<string, Map<string, string>>();
  const failures: ConstructorParameters<typeof PlatformError>[0][] = [];
  const nonces = new Map<string, string>();
  let ids = 100;
  const chatOf = (chat: string) => {
    let held = chats.get(chat);
    if (held === undefined) chats.set(chat, (held = []));
    return held;
  };
  const shape = (part: Part) => {
    const { text } = toTelegram(part.rich);
    if (text.length > platform.limits.text) throw new PlatformError('markup', 'message is too long');
    if (text.trim() === '') throw new PlatformError('markup', 'message text is empty');
    for (const { data } of part.buttons?.flat() ?? []) {
      if (Buffer.byteLength(data) > platform.limits.callback) throw new PlatformError('markup', 'BUTTON_DATA_INVALID');
    }
    return {
      text: plainOf(part.rich),
      buttons: part.buttons?.map((row) => row.map(({ label }) => label)) ?? [],
      asks: part.forceReply === true,
    };
  };
  const keep = (id: string, part: Part) => {
    const seen = buttonsSeen.get(id) ?? new Map<string, string>();
    for (const { label, data } of part.buttons?.flat() ?? []) seen.set(label, data);
    buttonsSeen.set(id, seen);
  };
  const mayFail = (call: string) => {
    platform.calls.push(call);
    const why = failures.shift();
    if (why !== undefined)
      throw new PlatformError(why, `the server says ${why}`, why === 'flood' ? { retryAfterMs: 3000 } : {});
  };
  const platform: MemoryPlatform = {
    channel: 'telegram',
    limits: { text: 4096, callback: 64, label: 60, buttonsInRow: 8, rows: 20, fileBytes: 50_000_000 },
    can: { edit: true, pin: true, threads: false, forms: false, files: true },
    calls: [],
    chatOf,
    everyButton: (message, label) => [...(buttonsSeen.get(message) ?? [])].find(([one]) => one.includes(label))?.[1],
    length: (rich) => toTelegram(rich).text.length,
    failNext(why, times) {
      // A negative number: the server is well again.
      if (times < 0) failures.length = 0;
      else failures.push(...Array.from({ length: times }, () => why));
    },
    send(place, part) {
      return attempt(() => {
        mayFail('send');
        const known = part.nonce === undefined ? undefined : nonces.get(part.nonce);
        if (known !== undefined) return { message: known };
        const id = String((ids += 1));
        const shown = shape(part);
        chatOf(place.chat).push({
          id,
          ...shown,
          pinned: false,
          files: [],
          part,
          ...(place.thread === undefined ? {} : { thread: place.thread }),
        });
        keep(id, part);
        if (part.nonce !== undefined) nonces.set(part.nonce, id);
        return { message: id };
      });
    },
    edit(place, message, part) {
      return attempt(() => {
        mayFail('edit');
        const held = chatOf(place.chat).find(({ id }) => id === message);
        if (held === undefined) throw new PlatformError('gone', 'message to edit not found');
        Object.assign(held, shape(part), { part });
        keep(message, part);
      });
    },
    remove(place, message) {
      return attempt(() => {
        mayFail('remove');
        const held = chatOf(place.chat);
        held.splice(
          held.findIndex(({ id }) => id === message),
          1,
        );
      });
    },
    pin(place, message) {
      return attempt(() => {
        mayFail('pin');
        const held = chatOf(place.chat).find(({ id }) => id === message);
        if (held !== undefined) held.pinned = true;
      });
    },
    unpin(place, message) {
      return attempt(() => {
        mayFail('unpin');
        const held = chatOf(place.chat).find(({ id }) => id === message);
        if (held !== undefined) held.pinned = false;
      });
    },
    openThread() {
      return attempt(() => {
        mayFail('thread');
        return `thread-${(ids += 1)}`;
      });
    },
    sendFile(place, file: OutFile) {
      return attempt(() => {
        mayFail('file');
        const id = String((ids += 1));
        const text = file.caption === undefined ? '' : plainOf(file.caption);
        chatOf(place.chat).push({
          id,
          text,
          buttons: [],
          pinned: false,
          asks: false,
          files: [file.name],
          part: { rich: [] },
        });
        return { message: id };
      });
    },
    fetchFile: () => Promise.reject(new PlatformError('gone', 'there is no such file')),
    async say(place, message) {
      for (const part of parts(message, platform)) await platform.send(place, part);
      for (const file of message.files ?? []) await platform.sendFile(place, file);
    },
  };
  return platform;
}

async function attempt<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}

/** Looks until there is an answer: what waits for the disk and for callbacks needs some turns of the loop. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  clock?: TestChat['clock'],
): Promise<T> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`nothing came of ${look.toString()}`);
    clock?.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
