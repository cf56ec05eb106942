import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, makeHome, poll, type HomeOptions, type TestHome } from './support/home.ts';
import { startTelegram, type TelegramServer } from './support/telegram/server.ts';
import type { Chat, Message, User } from './support/telegram/types.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

/** The whole of it: a home with the real CLI in the sandbox, the daemon, its bot, and a Bot API server on loopback. */
interface Rig {
  home: TestHome;
  server: TelegramServer;
  ann: User;
  room: Chat;
  daemon: ReturnType<TestHome['start']>;
  /** Kills the daemon as a power cut does, and starts it again. */
  kill: () => Promise<void>;
  start: () => Promise<void>;
  /** A message of the bot's in Ann's chat, there or to come. */
  sees: (text: string | RegExp) => Promise<Message>;
}

const asking: ScriptInput = {
  tasks: [
    {
      task: 'a',
      turns: [
        { when: 'Number two', then: [], else: [{ tools: [askTool()] }] },
        { tools: [bash('echo "{{last_answer}}" > answer.txt')] },
        { say: 'Done.' },
      ],
    },
  ],
};

/** A daemon with a bot, and Ann, who owns it. */
async function withAnn(options: Partial<HomeOptions> & { script: ScriptInput }): Promise<Rig> {
  const server = await startTelegram();
  const home = await makeHome({ tasks: tasks(task('a', 'deliverables: [answer.txt]')), ...options });
  Object.assign(home.env, { TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.root });
  const ann = server.newUser('Ann');
  const room = server.newChat();
  const rig: Rig = {
    ...{ home, server, ann, room },
    daemon: home.start('up'),
    async start() {
      rig.daemon = home.start('up');
      await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
    },
    async kill() {
      rig.daemon.kill('SIGKILL');
      await rig.daemon;
    },
    sees: (text) =>
      server.until(
        ({ chat, text: words = '' }) =>
          chat.id === room.id && (typeof text === 'string' ? words.includes(text) : text.test(words)),
      ),
  };
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  const { stdout } = await home.cli('pair', '--json');
  const { code } = JSON.parse(stdout) as { code: string };
  server.say(ann, room, `/start ${code}`);
  await rig.sees('You are owner here');
  return rig;
}

test('Ann pairs, starts the day, is asked, taps, and the agent goes on with her answer to the end', async () => {
  const { home, server, ann, room, sees } = await withAnn({ script: asking });
  server.say(ann, room, `/start ${DAY}`);
  const question = await sees('Which one?');
  await home.until((event) => event.type === 'task.parked');
  const { answered } = server.tap(ann, question, 'Number two');
  expect(await answered).toContain('Number two');
  await home.until((event) => event.type === 'day.reported');
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
  expect((await home.state()).items.q1).toMatchObject({
    status: 'delivered',
    answeredBy: { kind: 'person', id: 'Ann', via: 'telegram' },
  });
  // The card says what became of it, and has no buttons any more.
  await server.when(() => (question.reply_markup?.inline_keyboard ?? []).length === 0);
  expect(question.text).toMatch(/Number two.*Ann/);
});
