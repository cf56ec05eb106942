import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { User } from '../../test/support/telegram/types.ts';
import { DAY, eventually, makeChat, type TestChat, type Visitor } from '../chat/testing.ts';
import { telegramStage, type TelegramStage } from './testing.ts';

/** The id of the first group that a test makes on a server. */
const GROUP = '-1000000000701';

interface Rig {
  t: TestChat;
  stage: TelegramStage;
  anna: Visitor;
  /** Anna, as the server knows her. */
  user: User;
}

async function paired(config: object = {}, before: (stage: TelegramStage) => void = () => undefined): Promise<Rig> {
  const t = await makeChat({ config: { chat: config } });
  const stage = await telegramStage(t.chat, { config });
  onTestFinished(() => stage.close());
  before(stage);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  return { t, stage, anna, user: { id: Number(anna.user), is_bot: false, first_name: 'Anna' } };
}

const withForum = () =>
  paired({ telegram: { chats: [GROUP], projects: { home: GROUP } } }, ({ server }) => {
    expect(String(server.newChat({ forum: true }).id)).toBe(GROUP);
  });

test('in a forum a task is a topic: what it is asked stands there, and is answered and told there', async () => {
  const { t, stage, user } = await withForum();
  const { server } = stage;
  const forum = server.world.chat(GROUP);
  await t.day('a', 'b');
  const id = await t.ask();
  const card = await server.until(({ text = '' }) => text.includes(`Question ${id} ·`));
  const thread = card.message_thread_id ?? 0;
  expect(server.world.topics.get(thread)).toMatchObject({ name: expect.stringMatching(/^a/) as string });
  // The day's card is the group's, not a topic's.
  const day = await server.until(({ text = '' }) => text.includes(`📋 ${DAY}`));
  expect(day.message_thread_id).toBeUndefined();

  server.say(user, forum, 'New', { thread, reply: card });
  await eventually(() => (t.journal.state.items[id]?.status === 'answered' ? true : undefined));
  server.say(user, forum, 'use tabs', { thread });
  await eventually(() => t.journal.state.days[DAY]?.tasks.a?.tells[0]);
  expect(t.journal.state.days[DAY]?.tasks.a?.tells).toMatchObject([{ text: 'use tabs' }]);
  const receipt = await server.until(({ text = '' }) => text.includes('a will read it'));
  expect(receipt.message_thread_id).toBe(thread);
});

test('in a group without topics all stands in the group, and it is asked for a topic once', async () => {
  const { t, stage } = await paired({ telegram: { chats: [GROUP], projects: { home: GROUP } } }, ({ server }) => {
    server.newChat({ group: true });
  });
  await t.day('a');
  for (const id of [await t.ask(), await t.ask()]) {
    const card = await stage.server.until(({ text = '' }) => text.includes(`Question ${id} ·`));
    expect([String(card.chat.id), card.message_thread_id]).toEqual([GROUP, undefined]);
  }
  expect(stage.server.calls.filter(({ method }) => method === 'createForumTopic')).toHaveLength(1);
});

test('a group that nobody named is deaf, also to the owner; talk and other bots’ commands in one that is named are left alone', async () => {
  const { t, stage, user } = await withForum();
  const { server } = stage;
  await t.day('a');
  const other = server.newChat({ group: true });
  const before = server.world.messages.filter(({ from }) => from.is_bot).length;
  const own = server.world.chat(GROUP);
  server.say(user, other, '/stop a');
  server.say(user, own, 'lunch?');
  server.say(user, own, '/stop@another_bot a');
  const { update_id } = server.say(user, own, '/who@dayshift_test_bot');
  await server.when(() => server.world.confirmed > update_id);
  expect(t.journal.state.days[DAY]?.tasks.a?.status).toBe('queued');
  const said = server.world.messages.filter(({ from }) => from.is_bot).slice(before);
  expect(said.filter(({ text = '' }) => !text.includes(DAY)).map(({ text }) => text?.split('\n')[0])).toEqual([
    'Who may speak',
  ]);
});

test('a document becomes a file of the task; one that is too large is told', async () => {
  const { t, stage, user } = await withForum();
  const { server } = stage;
  const forum = server.world.chat(GROUP);
  await t.day('a');
  const card = await server
    .until(() => true)
    .then(async () => {
      const id = await t.ask();
      return server.until(({ text = '' }) => text.includes(`Question ${id} ·`));
    });
  const thread = card.message_thread_id ?? 0;
  const bytes = Buffer.from('name,price\nbasket,3\n');
  server.sendFile(user, forum, { kind: 'document', name: 'prices.csv', type: 'text/csv', bytes }, { thread });
  const told = await eventually(() => t.journal.state.days[DAY]?.tasks.a?.tells[0]);
  const path = /\S*prices\.csv/.exec(told.text)?.[0] ?? '';
  expect(readFileSync(path.startsWith('/') ? path : join(t.ctx.home.paths.home, path))).toEqual(bytes);
  const large = Buffer.alloc(21 * 1024 * 1024);
  server.sendFile(user, forum, { kind: 'document', name: 'film.csv', type: 'text/csv', bytes: large }, { thread });
  await server.until(({ text = '' }) => /film\.csv.*too large/.test(text));
  expect(t.journal.state.days[DAY]?.tasks.a?.tells).toHaveLength(1);
});

test('a voice note without a command that understands it gets a clear no', async () => {
  const { stage, anna, user } = await paired();
  const room = stage.server.world.chat(anna.chat);
  stage.server.sendFile(user, room, { kind: 'voice', name: 'v.ogg', type: 'audio/ogg', bytes: Buffer.from('x') });
  await stage.server.until(({ text = '' }) => text.includes('Voice notes are not understood here'));
});

test('words that somebody forwards are data: they answer nothing and order nothing', async () => {
  const { t, stage, anna, user } = await paired();
  await t.day('a');
  const { server } = stage;
  const room = server.world.chat(anna.chat);
  const message = server.world.add({ chat: room, from: user, text: '/stop a' });
  const update = server.world.happen((update_id) => ({
    update_id,
    message: { ...message, forward_origin: { type: 'hidden_user', sender_user_name: 'Eve', date: 1 } },
  }));
  await server.when(() => server.world.confirmed > update.update_id);
  expect(t.journal.state.days[DAY]?.tasks.a?.status).toBe('queued');
  expect((await anna.sees()).at(-1)?.text).toMatch(/What is this for\?/);
});

test('through a proxy that config names', async () => {
  const seen: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    seen.push(new URL(incoming.url ?? '').pathname.split('/').at(-1) ?? '');
    const { method, headers } = incoming;
    const onward = request(incoming.url ?? '', { method: method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  const { anna } = await paired({ telegram: { proxy: `http://127.0.0.1:${port}` } });
  expect((await anna.sees()).at(-1)?.text).toContain('You are owner here');
  for (const method of ['getMe', 'getUpdates', 'sendMessage']) expect(seen).toContain(method);
});

test('the menu has every command with what it does', async () => {
  const { t, stage } = await paired();
  const put = await eventually(() => stage.server.calls.find(({ method }) => method === 'setMyCommands'));
  const menu = put.params.commands as { command: string; description: string }[];
  expect(menu.map(({ command }) => command)).toEqual(t.chat.commands.map(({ name }) => name));
  expect(menu.find(({ command }) => command === 'stop')?.description).toContain('[task] – end a task');
});
