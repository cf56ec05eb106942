import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Api } from 'grammy';
import { startBot } from '../bots/telegram/index.ts';
import { startChat } from '../bots/chat/index.ts';
import { systemClock, type Clock } from '../src/base/index.ts';
import { configSchema } from '../src/home/schema.ts';
import { homePaths, type Home } from '../src/home/index.ts';
import { openJournal } from '../src/journal/index.ts';
import { DAY, planned, taskSpec } from '../src/journal/testing.ts';
import { createOperator } from '../src/operator/index.ts';
import { startTelegram } from '../test/support/telegram/server.ts';
import { quantile, type BenchRow } from './row.ts';

const rounds = 6;
const asked = 6;
const replies = 30;
/** A person says something so often, in ms: what Telegram takes in a second is not ours to measure. */
const BETWEEN_MS = 300;
/** Time in the flood limits runs so much faster where many are asked: the limits are Telegram's, not ours to measure. */
const FASTER = 20;

/** The core and its Telegram bot, with Ann, on a server on loopback, in a day of 300 tasks. */
async function open(faster: number) {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-bench-chat-'));
  const closers: (() => unknown)[] = [];
  const paths = homePaths(folder);
  const config = configSchema.parse({ timezone: 'UTC' });
  const home: Home = { paths, config, guard: {}, projects: [], unavailable: {}, warnings: [] };
  const from = Date.now();
  const clock: Clock = {
    now: () => from + (Date.now() - from) * faster,
    after: (ms, run) => systemClock.after(ms / faster, run),
  };
  const journal = await openJournal(paths, { clock });
  let ids = 0;
  const newId = () => `id${(ids += 1)}`;
  const redact = (text: string) => text;
  const log = () => undefined;
  const newItemId = () => `q${journal.state.lastItem + 1}`;
  const operator = createOperator({ home, journal, clock, newId, redact, namedSecrets: () => [], runner: undefined });
  const server = await startTelegram({ finished: (close) => void closers.push(close) });
  const env = { TELEGRAM_API_ROOT: server.root };
  const secret = new Uint8Array(32);
  const chat = startChat({ home, journal, operator, clock, newId, newItemId, redact, log, env, secret });
  const bot = await startBot({
    ...{ chat, env, log, redact, folder, token: server.token, config: config.chat, clock: systemClock },
  });
  const ann = server.newUser('Ann');
  const room = server.newChat();
  const { data } = await operator.pair({}, { kind: 'person', via: 'cli' });
  server.say(ann, room, String(data?.code));
  await server.until(({ text }) => text?.includes('You are owner') === true);
  const specs = Array.from({ length: 300 }, (_, n) => taskSpec(n === 0 ? 'a' : `task-${n}`));
  await journal.append(planned(specs), { type: 'day.started', day: DAY, data: {} });
  await server.until(({ text }) => text?.includes(DAY) === true);
  return {
    ...{ journal, operator, server, ann, room },
    close: async () => {
      await bot.stop();
      await chat.end();
      await journal.close();
      for (const close of closers) await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What people wait for: a question until Telegram has it, a command until its reply is there. */
export async function run(): Promise<BenchRow[]> {
  const [questions, bare, commands]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const { journal, operator, server, room, close } = await open(FASTER);
    try {
      const api = new Api(server.token, { apiRoot: server.root });
      for (let n = 1; n <= asked; n += 1) {
        let start = performance.now();
        await api.sendMessage(room.id, 'bare');
        bare.push(performance.now() - start);
        const id = `q${n}`;
        const question = { question: 'Which?', multiSelect: false, options: [{ label: 'Old' }, { label: 'New' }] };
        start = performance.now();
        void journal.append({
          ...{ type: 'item.opened', day: DAY, task: 'a', attempt: 1, actor: { kind: 'agent' } },
          data: { id, kind: 'question', questions: [question], source: 'tool', silence: { kind: 'wait' } },
        });
        await server.until(({ text }) => text?.includes(`Question ${id} ·`) === true);
        questions.push(performance.now() - start);
        await operator.answer({ item: id, text: 'A' }, { kind: 'person', via: 'cli' });
      }
    } finally {
      await close();
    }
  }
  const { journal, operator, server, ann, room, close } = await open(1);
  try {
    // Twenty people who write, one after the other, twenty times a second, while agents are at work.
    const others = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const who = server.newUser(`Ben ${n}`);
        const own = server.newChat();
        const { data } = await operator.pair({ role: 'viewer' }, { kind: 'person', via: 'cli' });
        server.say(who, own, String(data?.code));
        await server.until(({ chat, text }) => chat.id === own.id && text?.includes('You are viewer') === true);
        return { who, own };
      }),
    );
    // Their cards are out, and the purse is full again.
    await wait(4000);
    let turn = 0;
    const noise = setInterval(() => {
      const other = others[(turn += 1) % others.length];
      if (other !== undefined) server.say(other.who, other.own, '/who');
      void journal.append({ type: 'agent.said', day: DAY, task: 'a', attempt: 1, data: { text: 'on it' } });
    }, 50);
    for (let n = 0; n < replies; n += 1) {
      await wait(BETWEEN_MS);
      const before = server.world.messages.length;
      const start = performance.now();
      server.say(ann, room, '/budget');
      await server.when(() => server.world.messages.slice(before).some(({ text }) => text?.startsWith('💰') === true));
      commands.push(performance.now() - start);
    }
    clearInterval(noise);
  } finally {
    await close();
  }
  const row = (name: string, values: number[], most: number): BenchRow => {
    const [p50, p95, base] = [quantile(values, 0.5), quantile(values, 0.95), quantile(bare, 0.5)];
    return {
      ...{ name, value: `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms` },
      ...{ baseline: `a bare sendMessage: p50 ${base.toFixed(1)} ms`, ratio: p50 / base },
      ...{ target: `p95 <= ${most} ms`, ok: p95 <= most },
    };
  };
  return [
    row(`chat: asked until Telegram has the question (${questions.length} times)`, questions, 150),
    row(
      `chat: a command's reply in a day of 300 tasks, 20 messages of others a second (${commands.length} times)`,
      commands,
      300,
    ),
  ];
}

if (import.meta.main) {
  console.table(await run());
  process.exit();
}
