import { expect, onTestFinished, test } from 'vitest';
import { cardOf } from './chat/contract.testing.ts';
import { rich } from './chat/rich/index.ts';
import { DAY, eventually, makeChat, type Visitor } from './chat/testing.ts';
import { discordStage } from './discord/testing.ts';
import { telegramStage } from './telegram/testing.ts';

/** One core with both bots, and Anna in each chat. */
async function both(config: object = {}) {
  const logged: string[] = [];
  const t = await makeChat({ config: { chat: config } });
  const telegram = await telegramStage(t.chat, { clock: t.clock, config, log: (text) => void logged.push(text) });
  onTestFinished(() => telegram.close());
  const discord = await discordStage(t.chat, { config: { chat: config } });
  const bus = telegram.visitor('1', 'Anna');
  const desk = discord.visitor('1', 'Anna');
  await bus.says(await t.code());
  await desk.says(await t.code('owner'));
  const until = <T>(look: () => T | undefined | Promise<T | undefined>) =>
    eventually(async () => {
      const found = await look();
      // The clock is no faster than the network.
      if (found === undefined) await fetch(telegram.server.root);
      if (found === undefined) t.clock.advance(1000);
      return found;
    });
  return { t, telegram, discord, bus, desk, logged, until };
}

const seen = async (person: Visitor, text: string) => (await person.sees()).find((one) => one.text.includes(text));

test('two taps at once from two channels: one counts, the other is told, and both cards say whose it was within a second', async () => {
  const { t, bus, desk } = await both();
  await t.day('a');
  const id = await t.ask();
  const [onBus, onDesk] = [await cardOf(bus, id), await cardOf(desk, id)];
  const from = t.clock.now();
  const told = await Promise.all([bus.taps(onBus, 'New'), desk.taps(onDesk, 'Old')]);
  const { answers } = t.journal.state.items[id] ?? {};
  expect(answers).toHaveLength(1);
  // Discord says nothing beside the tap that counted: the card does.
  expect(told.join()).toMatch(/answered already by Anna/);
  const over = async (person: Visitor) => {
    const card = await cardOf(person, id);
    return card.buttons.length === 0 && card.text.includes(`${String(answers)} by Anna`) ? true : undefined;
  };
  await eventually(() => over(bus));
  await eventually(() => over(desk));
  expect(t.clock.now() - from).toBeLessThan(1000);
});

test('a token that Telegram takes back is told on Discord, with what to do, once; it is withdrawn when Telegram works again', async () => {
  const { telegram, bus, desk, logged, until } = await both();
  let on = true;
  telegram.server.fault.before = () => (on ? { code: 401, text: 'Unauthorized' } : undefined);
  let heard = 0;
  const says = (text: string) => void bus.says(text).then(() => (heard += 1));
  says('/today');
  const card = await until(() => seen(desk, 'Telegram refuses the bot token'));
  expect(card.text).toMatch(/Channel q\d+[^]*BotFather/);
  expect(card.text).not.toContain(telegram.server.token);
  on = false;
  // The clock goes on while it is waited for: a look for updates that was refused comes again later.
  await until(() => (heard === 1 ? true : undefined));
  // The server answers a look for updates as soon as there is one.
  says('/who');
  await until(() => (logged.some((line) => line.includes('connected again')) ? true : undefined));
  await until(() => (heard === 2 ? true : undefined));
  await until(() => seen(desk, 'Withdrawn: it works again'));
  expect((await desk.sees()).filter(({ text }) => text.includes('Channel q'))).toHaveLength(1);
  expect(await seen(bus, 'refuses')).toBeUndefined();
});

test('another poller of the bot is told in every chat, once, however often the two cut each other off', async () => {
  const { telegram, bus, desk, until } = await both();
  let other = true;
  let cut = 0;
  telegram.server.fault.before = ({ method }) => {
    if (method !== 'getUpdates' || !other) return undefined;
    cut += 1;
    return { code: 409, text: 'Conflict: terminated by other getUpdates request' };
  };
  const heard = async (text: string) => {
    let done = false;
    void bus.says(text).then(() => (done = true));
    await until(() => (done ? true : undefined));
  };
  for (let turn = 1; turn < 4; turn += 1) {
    await until(() => (cut >= 2 * turn ? true : undefined));
    // The other one has just been cut off itself.
    other = false;
    await heard('/who');
    other = true;
  }
  for (const person of [bus, desk]) {
    await until(() => seen(person, 'another program listens with the same bot token'));
    expect((await person.sees()).filter(({ text }) => text.includes('another program'))).toHaveLength(1);
  }
  other = false;
  await heard('/today');
  await until(() => seen(desk, 'Withdrawn: it works again'));
});

test('rights that the bot lacks in a project’s group are asked about once each, in people’s own chats, and withdrawn when they are given', async () => {
  const group = '-1000000000703';
  const { t, telegram, desk, until } = await both({ telegram: { projects: { home: group } } });
  const { server } = telegram;
  expect(String(server.newChat({ forum: true }).id)).toBe(group);
  server.world.rights = { can_pin_messages: false, can_manage_topics: false };
  await t.day('a');
  await t.ask();
  await until(() => seen(desk, 'may not pin the day’s card in the chat of home'));
  await until(() => seen(desk, 'may not open a place of its own for a task'));
  await t.ask();
  await until(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined));
  const items = () => Object.values(t.journal.state.items).filter(({ kind }) => kind === 'channel');
  expect(items().map(({ about }) => about)).toMatchObject([{ problem: 'pin' }, { problem: 'topics' }]);
  server.world.rights = { can_pin_messages: true, can_manage_topics: true };
  // The next day's card is pinned: that is how it shows.
  server.world.messages = server.world.messages.filter(({ text = '' }) => !text.includes(DAY));
  await t.journal.append({ type: 'task.stopped', day: DAY, task: 'a', data: { reason: 'tired' } });
  await until(() => (items()[0]?.status === 'withdrawn' ? true : undefined));
});

test('whoever blocked the bot is named to the others; “I see to it” is heard, and it is not asked again', async () => {
  const { t, telegram, bus, desk, until } = await both();
  telegram.server.fault.before = ({ method, params }) =>
    method.startsWith('send') && String(params.chat_id) === bus.chat
      ? { code: 403, text: 'Forbidden: bot was blocked by the user' }
      : undefined;
  await t.day('a');
  const card = await until(() => seen(desk, 'may not write in Anna’s own chat'));
  await desk.taps(card, 'I see to it');
  const item = () => Object.values(t.journal.state.items).find(({ kind }) => kind === 'channel');
  expect(item()).toMatchObject({ status: 'delivered', answers: ['I see to it'] });
  const id = await t.ask();
  await cardOf(desk, id);
  await until(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined));
  expect(Object.values(t.journal.state.items).filter(({ kind }) => kind === 'channel')).toHaveLength(1);
});

test('what is owed to a Discord channel that fails outlives a restart: it goes elsewhere after ten minutes, and arrives when Discord is well', async () => {
  const { t, telegram, discord, bus, desk, until } = await both();
  const sick = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && path.endsWith('/messages') ? { status: 503, message: 'upstream' } : undefined;
  discord.server.fault.before = sick;
  const place = { channel: 'discord', chat: desk.chat } as const;
  await t.chat.outbox.post([
    { place, priority: 'alert', content: { kind: 'text', rich: rich('the disk is full') } },
    { place, priority: 'message', content: { kind: 'text', rich: rich('a is done') } },
  ]);
  await until(() => (Object.values(t.journal.state.chat.pending).some(({ failed }) => failed) ? true : undefined));
  const again = await t.restart();
  await telegram.restart(again.chat);
  await discord.restart(again.chat);
  const goesOn = async <T>(look: () => Promise<T | undefined>) =>
    until(async () => {
      again.clock.advance(1000);
      return look();
    });
  await goesOn(() => seen(bus, 'the disk is full'));
  expect(await seen(desk, 'the disk is full')).toBeUndefined();
  discord.server.fault.before = undefined;
  await goesOn(() => seen(desk, 'the disk is full'));
  await goesOn(() => seen(desk, 'a is done'));
  expect((await bus.sees()).filter(({ text }) => text.includes('a is done'))).toEqual([]);
  await goesOn(() => Promise.resolve(Object.keys(again.journal.state.chat.pending).length === 0 ? true : undefined));
});
