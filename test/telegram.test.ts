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
    async sees(text) {
      const fits = ({ chat, text: words = '' }: Message) =>
        chat.id === room.id && (typeof text === 'string' ? words.includes(text) : text.test(words));
      const found = () => server.world.messages.findLast((one) => one.from.is_bot && fits(one));
      await poll(found).catch(() => {
        throw new Error(`Ann never saw ${String(text)}:\n${pageOf(server, room)}`);
      });
      return found()!;
    },
  };
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  const { stdout } = await home.cli('pair', '--json');
  const { code } = JSON.parse(stdout) as { code: string };
  server.say(ann, room, `/start ${code}`);
  await rig.sees('You are owner here');
  return rig;
}

test('Ann pairs, starts the day, is asked, taps, and the agent goes on with her answer to the end', async () => {
  const more = ['one', 'two'].map((n) => ({
    task: `write-greeting-${n}`,
    turns: [{ tools: [bash(`echo ${n} > ${n}.txt`)] }, { say: 'Done.' }],
  }));
  const { home, server, ann, room, sees } = await withAnn({ script: { tasks: [...asking.tasks, ...more] } });
  server.say(ann, room, `/start ${DAY}`);
  const question = await sees(/Question q\d+ · a/);
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
  expect(await sees(/Number two.*by Ann/)).toMatchObject({ message_id: question.message_id });
  expect(question.reply_markup?.inline_keyboard ?? []).toEqual([]);

  // Two sentences become tasks of today: one waits for the day, the other begins it.
  server.say(ann, room, '/add Write the greeting one');
  server.tap(ann, await sees('A new task'), 'Add to today');
  await sees(/write-greeting-one is in tasks/);
  server.say(ann, room, '/add Write the greeting two');
  server.tap(ann, await sees('A new task'), 'Start now');
  for (const { task: id } of more) await home.until((event) => event.type === 'task.done' && event.task === id);
});

test('a day from the pocket: a question, an approval, a cost alert, a stop, the report, stars', async () => {
  const usd = (dollars: number) => ({ input: dollars * 250_000 });
  const { home, server, ann, room, sees } = await withAnn({
    tasks: `concurrency: 4\n${tasks(task('ask'), task('clear'), task('dear', 'max_cost_usd: 0.5'), task('long'))}`,
    script: {
      tasks: [
        { task: 'ask', turns: [{ tools: [askTool()] }, { tools: [bash('echo "{{last_answer}}" > answer.txt')] }] },
        { task: 'clear', turns: [{ tools: [bash('rm -r src')] }, { say: 'Done.' }] },
        {
          task: 'dear',
          turns: [
            { tools: [bash('echo 1 > one.txt')], usage: usd(0.45) },
            { tools: [bash('echo 2 > two.txt')], usage: usd(0.01) },
          ],
        },
        { task: 'long', turns: [{ tools: [bash('until [ -e ../out/go ]; do sleep 0.1; done')] }] },
      ],
    },
  });
  await home.git('config', 'user.name', 'Ann');
  await home.git('config', 'user.email', 'ann@example.com');
  server.say(ann, room, `/start ${DAY}`);
  const approval = await sees(/Approval q\d+ · clear/);
  const question = await sees(/Question q\d+ · ask/);
  await sees('75 % of the budget of dear');
  const budget = await sees(/Budget q\d+ · dear/);
  server.tap(ann, approval, 'Allow it this once');
  server.say(ann, room, 'the second', { reply: question });
  // No room for the first turn once more: what was answered while it was held is not asked for again.
  server.say(ann, room, 'raise to $0.95', { reply: budget });
  const done = { ask: await sees('ask is done'), clear: await sees('clear is done'), dear: await sees('dear is done') };
  server.say(ann, room, '/stop long');
  await sees('long is stopped');
  const report = await sees(/2026-11-23 · .* done and proven/);
  await server.until(({ photo }) => photo !== undefined);
  await server.until(({ document }) => document?.file_name === `${DAY}-report.html`);
  const { answered } = server.tap(ann, report, '4');
  expect(await answered).toContain('★★★★');
  const say = await sees('What should be different?');
  server.tap(ann, say, 'Say it');
  server.say(ann, room, 'Never touch migrations/', { reply: await sees('Reply to this message') });
  await sees('Noted');
  expect(readFileSync(join(home.paths.feedback, `${DAY}.md`), 'utf8')).toMatch(
    /## ask[^]*Rating: 4\/5[^]*Never touch migrations\//,
  );
  const { stopped, spent } = await dayOf(home);
  expect(stopped).toEqual(['long']);
  expect(spent).toBeLessThan(0.6);

  // The evening's buttons: into the checkout, onto the branch, a branch of its own, a pull request; what was learned.
  server.tap(ann, await sees(/Lesson q\d+/), 'Keep');
  server.tap(ann, done.ask, 'Apply');
  await sees('Applied ask');
  server.tap(ann, done.dear, 'Commit');
  const commit = await sees('A commit on your branch');
  const yes = structuredClone(commit);
  server.tap(ann, yes, 'Commit it');
  await sees('Committed dear');
  expect(await server.tap(ann, yes, 'Commit it').answered).toContain('used already');
  server.tap(ann, done.clear, 'Branch');
  server.tap(ann, await sees('A branch of its own'), 'Make the branch');
  await sees(/branch .*clear/i);
  server.tap(ann, done.ask, 'Pull request');
  const open = await sees('a pull request with these words?');
  server.tap(ann, open, 'Open it');
  // The project has no remote: the same message says so.
  await poll(() => (open.text?.includes('pull request with these words') === true ? undefined : true));
  expect(open.text).toMatch(/remote/);
  expect(await home.git('log', '--format=%s')).toMatch(/^.*dear.*\nstart$/i);
  expect(await home.git('show', '--name-only', '--format=', 'HEAD')).toBe('one.txt\ntwo.txt');
  expect(readFileSync(join(home.project, 'answer.txt'), 'utf8')).toContain('the second');
  expect(await home.git('branch', '--list', '*clear*')).not.toBe('');
  expect(Object.values((await home.state()).lessons.byId).map(({ status }) => status)).toEqual(['active']);
});

test('killed while it tells what was done, while it is asked, and between a tap and its delivery: all counts, and counts once', async () => {
  const rig = await withAnn({ script: asking });
  const { home, server, ann, room, sees } = rig;
  /** Kills the daemon at its next call of that kind. */
  const killAt = (fits: (method: string, text: unknown) => boolean) =>
    new Promise<void>((resolve) => {
      server.fault.before = ({ method, params }) => {
        if (!fits(method, params.text)) return undefined;
        server.fault.before = undefined;
        resolve(rig.kill());
        return 'hang';
      };
    });
  server.say(ann, room, `/start ${DAY}`);
  const question = await sees(/Question q\d+ · a/);
  await home.until((event) => event.type === 'task.parked');

  // The message to the agent is in the journal, its receipt is not at Ann's.
  const first = killAt((method, text) => method === 'sendMessage' && String(text).includes('will read it'));
  server.say(ann, room, '/tell a use tabs');
  await first;
  await rig.start();
  await sees('That was done');

  // Ann taps while nobody is there; the answer is taken, and the tap is not acknowledged.
  await rig.kill();
  server.tap(ann, question, 'Number two');
  const second = killAt((method) => method === 'answerCallbackQuery');
  await rig.start();
  await second;
  await rig.start();
  await home.until((event) => event.type === 'day.reported');

  expect((await home.of('tell.sent')).map(({ data }) => data.text)).toEqual(['use tabs']);
  expect((await home.of('item.answered')).map(({ data }) => data.answers)).toEqual([['Number two']]);
  expect(await home.of('item.refused')).toEqual([]);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+Number two');
  // Nothing is handed over a third time.
  await poll(() => (server.world.confirmed > (server.world.updates.at(-1)?.update_id ?? 0) ? true : undefined));
  const asked = server.world.messages.filter(({ text = '' }) => text.startsWith('❓ Question'));
  expect(asked).toHaveLength(1);
});

/** Which tasks were stopped, and what the one with the small budget cost. */
async function dayOf(home: TestHome) {
  const { tasks: all = {} } = (await home.state()).days[DAY] ?? {};
  const stopped = Object.values(all).flatMap(({ spec, status }) => (status === 'stopped' ? [spec.id] : []));
  return { stopped, spent: all.dear?.spentUsd };
}

/** What stands in a chat, as somebody reads it. */
function pageOf(server: TelegramServer, room: Chat): string {
  return server.world.messages
    .filter(({ chat }) => chat.id === room.id)
    .map((message) => {
      const rows = (message.reply_markup?.inline_keyboard ?? []).map((row) =>
        row.map(({ text }) => `[${text}]`).join(' '),
      );
      const pin = server.world.pinned.get(room.id) === message.message_id ? ' (pinned)' : '';
      const words = message.text ?? message.document?.file_name ?? 'a picture';
      return [`${message.from.first_name}${pin}: ${words}`, ...rows].join('\n');
    })
    .join('\n\n');
}
