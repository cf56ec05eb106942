import { expect, test } from 'vitest';
import { manualClock } from '../../src/base/index.ts';
import { readEvents } from '../../src/journal/index.ts';
import { startDiscord } from '../../test/support/discord/server.ts';
import { cardOf } from '../chat/contract.testing.ts';
import { rich } from '../chat/rich/index.ts';
import { DAY, eventually, makeChat, which, type TestChat, type Visitor } from '../chat/testing.ts';
import { discordStage } from './testing.ts';

type Options = NonNullable<Parameters<typeof discordStage>[1]>;

/** Anna has paired, and a day with task a runs. */
async function atWork(options: Options = {}, discord: object = {}) {
  const config = { chat: { discord } };
  const t = await makeChat({ config });
  const stage = await discordStage(t.chat, { config, ...options });
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  return { t, stage, anna, server: stage.server };
}

/** Moves the core's time on until something is there. */
const inTime = <T>(t: TestChat, look: () => T | undefined | Promise<T | undefined>) =>
  eventually(() => {
    t.clock.advance(500);
    return look();
  });

/** The card of a question, as soon as the core's time lets it come. */
const laterCard = (t: TestChat, person: Visitor, id: string) =>
  inTime(t, async () => (await person.sees()).find(({ text }) => text.includes(`Question ${id} ·`)));

test('a day’s card that somebody deleted comes again with the next change, and is pinned', async () => {
  const { t, anna, server } = await atWork();
  const pinned = async () => (await anna.sees()).filter((one) => one.pinned);
  const card = await eventually(async () => (await pinned())[0]);
  server.world.messages = server.world.messages.filter(({ id }) => id !== card.id);
  await t.journal.append({ type: 'task.stopped', day: DAY, task: 'a', data: { reason: 'tired' } });
  t.clock.advance(5000);
  await inTime(t, async () => (await pinned()).find(({ text }) => text.includes('tired')));
  expect(await pinned()).toHaveLength(1);
});

test('the card of a day that ended while nobody was there says so after a restart', async () => {
  const { t, stage, anna } = await atWork();
  const card = async () => (await anna.sees()).find((one) => one.pinned);
  await eventually(card);
  await stage.close();
  await t.journal.append({ type: 'day.reported', day: DAY, data: { path: 'report.md' } });
  const again = await t.restart();
  await stage.restart(again.chat);
  await inTime(again, async () => ((await card())?.text.includes('over') === true ? true : undefined));
});

test('an open question whose card was deleted comes again, once', async () => {
  const { t, anna, server } = await atWork();
  const id = await t.ask([which, { ...which, question: 'And where?' }]);
  const card = await cardOf(anna, id);
  server.world.messages = server.world.messages.filter((one) => one.id !== card.id);
  await t.ctx.operator.answer({ item: id, text: 'New', question: 0 }, { kind: 'person', via: 'cli' });
  const again = await laterCard(t, anna, id);
  expect(again.text).toMatch(/New[\s\S]*And where/);
  await anna.taps(again, 'Old');
  expect(t.journal.state.items[id]?.answers).toEqual(['New', 'Old']);
  expect((await anna.sees()).filter(({ text }) => text.includes(`Question ${id} ·`))).toHaveLength(1);
});

test('a task is a thread in its project’s channel; one that fell asleep is woken, one that was locked gets a successor', async () => {
  const server = await startDiscord();
  const channel = server.newChannel('app');
  const { t, stage } = await atWork({ server }, { projects: { home: channel.id }, channels: [channel.id] });
  const inThreads = (id: string) =>
    server.world.messages.find(
      (one) => one.content.includes(`Question ${id}**`) && server.world.channel(one.channel_id).type === 11,
    );
  const first = await t.ask();
  const card = await eventually(() => inThreads(first));
  const thread = server.world.channel(card.channel_id);
  expect(thread).toMatchObject({ parent_id: channel.id, name: expect.stringContaining('a') as string });
  const sleep = { archived: true, auto_archive_duration: 1440, archive_timestamp: '' };
  thread.thread_metadata = { ...sleep, locked: false };
  const tapped = server.tap(stage.userOf('1'), card, 'New');
  await stage.seenTo(`i${tapped.id}`);
  await inTime(t, () => (card.components.length === 0 ? true : undefined));
  expect(thread.thread_metadata.archived).toBe(false);
  thread.thread_metadata = { ...sleep, locked: true };
  const second = await t.ask();
  const other = await inTime(t, () => inThreads(second));
  expect(other.channel_id).not.toBe(thread.id);
});

test('what is said in a task’s thread goes to the task; others’ channels are deaf', async () => {
  const server = await startDiscord();
  const [app, elsewhere] = [server.newChannel('app'), server.newChannel('elsewhere')];
  const { t, stage } = await atWork({ server }, { projects: { home: app.id }, channels: [app.id] });
  const anna = stage.userOf('1');
  const said = server.slash(anna, app, 'status', {});
  await stage.seenTo(`i${said.id}`);
  expect(said.replies[0]?.content).toContain(DAY);
  const deaf = server.slash(anna, elsewhere, 'stop', {});
  await stage.seenTo(`i${deaf.id}`);
  expect(deaf.callback?.data).toMatchObject({ flags: 64 });
  const id = await t.ask();
  await stage.seenTo(`m${server.say(anna, elsewhere, `${id} New`).id}`);
  expect(t.journal.state.items[id]?.status).toBe('open');
  await stage.seenTo(`m${server.say(anna, app, `<@${server.world.bot.id}> ${id} New`).id}`);
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
});

test('a permission that is missing is named, and what it was needed for is done another way', async () => {
  const server = await startDiscord();
  const channel = server.newChannel('app');
  server.world.forbidden.add('thread').add('pin');
  const { t, stage } = await atWork({ server }, { projects: { home: channel.id }, channels: [channel.id] });
  const id = await t.ask();
  const card = await eventually(() => server.world.messages.find((one) => one.content.includes(`Question ${id}**`)));
  expect(card.channel_id).toBe(channel.id);
  await eventually(() => (t.logged.some((line) => line.includes('Pin Messages')) ? true : undefined));
  server.world.forbidden.add('send');
  await t.ask();
  await inTime(t, () => (t.logged.some((line) => line.includes('Send Messages')) ? true : undefined));
  expect(stage.logged).toEqual(['discord: @dayshift listens', 'discord: its commands are registered']);
});

test('every call for a message forbids mentions, previews and pings, whatever stands in it', async () => {
  const { t, anna, server } = await atWork();
  const id = await t.ask([{ ...which, question: '@everyone <@1> <@&2> <#3> https://evil.example/?secret' }]);
  await anna.taps(await cardOf(anna, id), 'New');
  await anna.says('/status @here');
  const sent = server.calls.filter(({ path, method }) => path.includes('messages') && /POST|PATCH/.test(method));
  expect(sent.length).toBeGreaterThan(4);
  for (const { body } of sent)
    expect(body).toMatchObject({ allowed_mentions: { parse: [], replied_user: false }, flags: 4 });
});

test('100 KB with every markup character arrive whole and in order, no part too long', async () => {
  const { t, anna, server } = await atWork();
  const unit = '*_~`|[](<>)#-+>\\@everyone "quoted" 🧑‍💻 ```code``` ';
  const text = Array.from({ length: 100_000 / 50 }, (_, index) => `${index} ${unit}`).join('\n');
  const place = { channel: 'discord' as const, chat: anna.chat };
  await t.chat.outbox.post([{ place, priority: 'message', content: { kind: 'text', rich: rich(text) } }]);
  await inTime(t, () => server.world.messages.find(({ content }) => /^1999 /m.test(content)));
  const shown = (await anna.sees()).map((one) => one.text).join('\n');
  const numbers = [...shown.matchAll(/^(\d+) \*_~/gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 2000 }, (_, index) => index));
});

test('a storm of 429 loses nothing, and is obeyed', async () => {
  const { t, stage, anna, server } = await atWork();
  stage.fails('flood', 5);
  const ids = [await t.ask(), await t.ask(), await t.ask()];
  for (const id of ids) await laterCard(t, anna, id);
  const posts = server.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));
  expect(posts.length).toBeLessThan(25);
});

test('a global 429 stills every chat', async () => {
  const { t, anna, server } = await atWork();
  await eventually(async () => ((await anna.sees()).some((one) => one.pinned) ? true : undefined));
  let asked = 0;
  server.fault.before = ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/messages')) return undefined;
    asked += 1;
    return asked === 1
      ? { status: 429, message: 'You are being rate limited.', retryAfter: 0.02, global: true }
      : undefined;
  };
  const id = await t.ask();
  await laterCard(t, anna, id);
  expect(asked).toBe(2);
});

test('a message that Discord took and whose answer was lost stands there once', async () => {
  const { t, anna, server } = await atWork();
  let lost = 0;
  server.fault.before = ({ method, path, body }) => {
    const isCard = method === 'POST' && path.endsWith('/messages') && String(body.content).includes('Question');
    return isCard && (lost += 1) <= 2 ? 'lost' : undefined;
  };
  const id = await t.ask();
  await inTime(t, () =>
    t.journal.state.chat.slots[`discord|${anna.chat}|item:${id}`] === undefined ? undefined : true,
  );
  expect(lost).toBeGreaterThan(2);
  expect((await anna.sees()).filter(({ text }) => text.includes(`Question ${id} ·`))).toHaveLength(1);
});

test('300 inputs that are handed over a second time do nothing', async () => {
  const server = await startDiscord();
  const channel = server.newChannel('app');
  const { t, stage } = await atWork({ server }, { channels: [channel.id] });
  const anna = stage.userOf('1');
  const id = await t.ask();
  const all = Array.from({ length: 299 }, (_, index) => server.say(anna, channel, `words ${index}`));
  all.push(server.say(anna, channel, `${id} New`));
  await stage.seenTo(`m${all.at(-1)?.id ?? ''}`);
  const before = await handled(t);
  expect(before).toBeGreaterThanOrEqual(300);
  await stage.close();
  stage.forget();
  const again = await t.restart();
  await stage.restart(again.chat);
  await stage.seenTo(`m${all.at(-1)?.id ?? ''}`);
  expect(await handled(again)).toBe(before);
  expect(server.world.messages.filter(({ content }) => content.includes('answered: B) New'))).toHaveLength(1);
});

async function handled(t: TestChat): Promise<number> {
  let found = 0;
  for await (const { type } of readEvents(t.ctx.home.paths.journal, {})) if (type === 'input.handled') found += 1;
  return found;
}

test('a tap is acknowledged before anything is done with it', async () => {
  const t = await makeChat();
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const slow = {
    ...t.chat,
    receive: async (...args: Parameters<typeof t.chat.receive>) => {
      await gate;
      return t.chat.receive(...args);
    },
  };
  const stage = await discordStage(slow);
  const anna = stage.userOf('1', 'Anna');
  const channel = stage.server.newChannel('x');
  const asked = stage.server.slash(anna, channel, 'help');
  await stage.server.when(() => asked.callback !== undefined);
  expect(asked.callback?.type).toBe(5);
  go();
  await stage.seenTo(`i${asked.id}`);
});

test('an interaction that ran out counts all the same, and is answered in the channel', async () => {
  const { t, stage, anna, server } = await atWork();
  const id = await t.ask();
  const card = await cardOf(anna, id);
  server.fault.before = ({ path }) =>
    path.endsWith('/callback') ? { status: 404, code: 10_062, message: 'Unknown interaction' } : undefined;
  const message = server.world.messages.find((one) => one.id === card.id)!;
  await stage.seenTo(`i${server.tap(stage.userOf('1'), message, 'New').id}`);
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
  // Fifteen minutes later its follow-ups are refused too.
  server.fault.before = ({ path }) =>
    path.startsWith('/webhooks/') ? { status: 404, code: 10_015, message: 'Unknown Webhook' } : undefined;
  const channel = server.world.channel(message.channel_id);
  await stage.seenTo(`i${server.slash(stage.userOf('1'), channel, 'help').id}`);
  expect((await anna.sees()).at(-1)?.text).toContain('What you can do here');
});

test('a form that comes too late asks for a reply instead', async () => {
  const { t, stage, anna, server } = await atWork();
  const id = await t.ask();
  const card = await cardOf(anna, id);
  server.fault.before = ({ path }) =>
    path.endsWith('/callback') ? { status: 404, code: 10_062, message: 'Unknown interaction' } : undefined;
  const message = server.world.messages.find((one) => one.id === card.id)!;
  await stage.seenTo(`i${server.tap(stage.userOf('1'), message, 'Something else').id}`);
  const prompt = await inTime(t, async () => (await anna.sees()).find(({ text }) => text.includes('reply to this')));
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined));
  await anna.says('A cursor', prompt);
  expect(t.journal.state.items[id]?.answers).toEqual(['A cursor']);
});

test('a connection that is cut is resumed: what was said meanwhile is heard once', async () => {
  const { t, stage, server } = await atWork();
  const id = await t.ask();
  server.gateway.cut();
  const said = server.say(stage.userOf('1'), 'direct', `${id} New`);
  await stage.seenTo(`m${said.id}`);
  expect(server.gateway).toMatchObject({ identified: 1, resumed: 1 });
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
});

test('a session that is gone is begun anew: what was written meanwhile is fetched, once', async () => {
  const { t, stage, server } = await atWork();
  const id = await t.ask();
  await stage.close();
  server.gateway.invalidate(false);
  // Nobody is there: the gateway keeps this for nobody.
  const said = server.say(stage.userOf('1'), 'direct', `${id} New`);
  const again = await t.restart();
  await stage.restart(again.chat);
  await stage.seenTo(`m${said.id}`);
  expect(server.gateway).toMatchObject({ identified: 2, resumed: 0 });
  expect(again.journal.state.items[id]?.answers).toEqual(['New']);
  // What was heard before is not heard again.
  expect(server.world.messages.filter(({ content }) => content.includes('You are owner here'))).toHaveLength(1);
});

test('without network it comes back by itself, with what waited and what was written', async () => {
  const clock = manualClock();
  const { t, stage, anna, server } = await atWork({ clock });
  await server.vanish();
  const id = await t.ask();
  await inTime(t, () => (Object.keys(t.journal.state.chat.pending).length > 0 ? true : undefined));
  await server.heal();
  await eventually(async () => {
    clock.advance(1000);
    t.clock.advance(1000);
    return (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`));
  });
  await eventually(() => {
    clock.advance(1000);
    return server.gateway.connected ? true : undefined;
  });
  await stage.seenTo(`m${server.say(stage.userOf('1'), 'direct', `${id} New`).id}`);
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
});

test('a connection that is half open is noticed within a minute, and made anew', async () => {
  const clock = manualClock();
  const { stage, server } = await atWork({ clock });
  server.gateway.freeze();
  clock.advance(20_000);
  clock.advance(20_000);
  await eventually(() => (stage.logged.some((line) => line.includes('dead')) ? true : undefined));
  server.gateway.heal();
  await eventually(() => (server.gateway.resumed === 1 ? true : undefined));
});

test('a token that is refused is told with what to do, at the start and later; nothing else is tried', async () => {
  const t = await makeChat();
  const stage = await discordStage(t.chat, { token: 'x.y.wrong' });
  expect(stage.logged).toHaveLength(1);
  expect(stage.logged[0]).toMatch(/DISCORD_BOT_TOKEN is not accepted.*Reset Token/);
  expect(stage.logged[0]).not.toContain('wrong');
  const { calls } = stage.server;
  expect(calls.length).toBeLessThan(3);
});

test('an intent that is off is told with the switch to turn on; direct messages, buttons and commands still work', async () => {
  const server = await startDiscord({ messageContent: false });
  const { t, stage, anna } = await atWork({ server });
  expect(stage.logged.join('\n')).toContain('Message Content Intent');
  const id = await t.ask();
  await anna.taps(await cardOf(anna, id), 'New');
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
});

test('commands are registered when they changed, and only then', async () => {
  const { t, stage, server } = await atWork();
  const registered = () =>
    server.calls.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands')).length;
  expect(registered()).toBe(1);
  expect(server.world.commands.map(({ name }) => name)).toEqual(t.chat.commands.map(({ name }) => name));
  const again = await t.restart();
  await stage.restart(again.chat);
  await stage.seenTo(`m${server.say(stage.userOf('1'), 'direct', '/help').id}`);
  expect(registered()).toBe(1);
});

test('the first word of a command is completed for those who are known, for nobody else', async () => {
  const { t, stage, anna, server } = await atWork();
  await t.ask();
  const channel = server.world.channel(anna.chat);
  const choices = async (who: string, name: string, option: string, typed: string) => {
    const asked = server.complete(stage.userOf(who), channel, name, option, typed);
    await server.when(() => asked.callback !== undefined);
    return (asked.callback?.data.choices as { value: string }[]).map(({ value }) => value);
  };
  expect(await choices('1', 'status', 'task', '')).toEqual(['a']);
  expect(await choices('1', 'answer', 'item', 'q')).toEqual(['q1']);
  expect(await choices('1', 'report', 'day', '2026')).toEqual([DAY]);
  expect(await choices('9', 'status', 'task', '')).toEqual([]);
});

test('the words of a slash command stand in the order of its usage, whatever was filled in first', async () => {
  const { t, stage, anna, server } = await atWork();
  const id = await t.ask();
  const channel = server.world.channel(anna.chat);
  const asked = server.slash(stage.userOf('1'), channel, 'answer', { answer: 'New', item: id });
  await stage.seenTo(`i${asked.id}`);
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
});

test('a tap made while the bot was away is handed over after a restart and counts once', async () => {
  const { t, stage, anna, server } = await atWork();
  const id = await t.ask();
  const card = await cardOf(anna, id);
  const message = server.world.messages.find((one) => one.id === card.id)!;
  await stage.close();
  server.tap(stage.userOf('1'), message, 'New');
  const again = await t.restart();
  await stage.restart(again.chat);
  await eventually(() => (again.journal.state.items[id]?.status === 'answered' ? true : undefined));
  expect(server.gateway).toMatchObject({ identified: 1, resumed: 1 });
});

test('forwarded words are no order, words of other bots are nothing', async () => {
  const { t, stage, server, anna } = await atWork();
  const id = await t.ask();
  const who = stage.userOf('1');
  const forwarded = server.forward(who, 'direct', `${id} New`);
  await stage.seenTo(`m${forwarded.id}`);
  expect(t.journal.state.items[id]?.status).toBe('open');
  expect((await anna.sees()).at(-1)?.text).toContain('New');
});
