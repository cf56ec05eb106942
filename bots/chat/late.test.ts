import { expect, test } from 'vitest';
import type { Channel, Place } from '../../src/journal/index.ts';
import { createPurse } from '../../src/outbox/index.ts';
import { startChat } from './chat.ts';
import type { Platform } from './platform.ts';
import { rich } from './rich/index.ts';
import { DAY, eventually, makeChat, memoryStage, type TestChat } from './testing.ts';

const on = (channel: Channel, user: string): Place => ({ channel, chat: `chat-${user}` });

/** Anna on Telegram and Bert on Discord, and a core that knows of both bots, none of which is up. */
async function bothPaired() {
  const t = await makeChat();
  const by = { kind: 'person', via: 'cli' } as const;
  for (const [channel, user] of [
    ['telegram', '1'],
    ['discord', '2'],
  ] as const) {
    const { data } = await t.ctx.operator.pair({ role: 'owner' }, by);
    const { platform } = memoryStage(t.chat);
    const origin = { channel, user, name: user, chat: `chat-${user}`, private: true, id: `pair-${user}` };
    await t.chat.receive({ ...origin, type: 'text', text: String(data?.code), files: [] }, platform);
  }
  await t.chat.end();
  const chat = startChat({ ...t.ctx, channels: ['telegram', 'discord'] });
  return { t, chat };
}

function bot(channel: Channel, t: TestChat): Platform & { texts(): string[] } {
  const { platform } = memoryStage(t.chat);
  const mine: Platform = { ...platform, channel };
  return {
    ...mine,
    texts: () => platform.chatOf(channel === 'telegram' ? 'chat-1' : 'chat-2').map(({ text }) => text),
  };
}

test('what happens before a bot first comes up is told there when it does', async () => {
  const { t, chat } = await bothPaired();
  const [telegram, discord] = [bot('telegram', t), bot('discord', t)];
  chat.join(telegram);
  await t.day('a');
  await t.journal.append({ type: 'day.warned', day: DAY, data: { message: 'BIG WARNING' } });
  // The clock stands still: what waits for a bot goes elsewhere after ten minutes of it.
  await eventually(() => telegram.texts().find((text) => text.includes('BIG WARNING')));
  chat.join(discord);
  await eventually(() => discord.texts().find((text) => text.includes('BIG WARNING')));
  expect(telegram.texts().filter((text) => text.includes('BIG WARNING'))).toHaveLength(1);
  await chat.end();
});

test('a question for a bot that does not come up goes elsewhere after ten minutes', async () => {
  const { t, chat } = await bothPaired();
  const telegram = bot('telegram', t);
  chat.join(telegram);
  await chat.outbox.post([
    { place: on('discord', '2'), priority: 'alert', content: { kind: 'text', rich: rich('look at this') } },
  ]);
  for (let minute = 0; minute < 12; minute += 1) {
    t.clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => telegram.texts().find((text) => text.includes('look at this')), t.clock);
  await chat.end();
});

test('a message that cannot be put into words is reported, and what stands behind it goes out', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  const place = on('telegram', '1');
  // Not a state that can be; a fault in a card would look like this.
  await t.day('a');
  Object.defineProperty(t.journal.state.days, '2026-01-01', {
    enumerable: false,
    get: () => {
      throw new Error('a fault in a card');
    },
  });
  await t.chat.outbox.post([
    { place, priority: 'reply', content: { kind: 'task', day: '2026-01-01', task: 'a' } },
    { place, priority: 'message', content: { kind: 'text', rich: rich('behind it') } },
  ]);
  await eventually(async () => (await anna.sees()).find(({ text }) => text === 'behind it'), t.clock);
  expect(Object.values(t.journal.state.chat.pending).map(({ content }) => content.kind)).not.toContain('task');
  expect(t.logged.join('\n')).toContain('could not be put into words: a fault in a card');
});

test('a clock that is set back by an hour mutes nothing', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  stage.fails('unreachable', 1);
  const id = await t.ask();
  await eventually(() => (Object.values(t.journal.state.chat.pending).some(({ failed }) => failed) ? true : undefined));
  const began = t.clock.now();
  t.clock.setBack(3_600_000);
  await eventually(async () => (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`)), t.clock);
  expect(t.clock.now()).toBeLessThan(began - 3_500_000);
});

test('a flood wait ends where the clock is set back', () => {
  const purse = createPurse();
  const kind = { group: false, priority: 'question' } as const;
  purse.still(30_000, 1_000_000);
  expect(purse.take('1', kind, 1_010_000)).toBe(20_000);
  expect(purse.take('1', kind, 500_000)).toBe(0);
});

test('cards of what is over long since are not looked at again, open ones are', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const [old, open] = [await t.ask(), await t.ask()];
  for (const id of [old, open])
    await eventually(async () => (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`)), t.clock);
  await t.ctx.operator.answer({ item: old, text: 'B' }, { kind: 'person', via: 'cli' });
  await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('✅')), t.clock);
  t.clock.advance(8 * 24 * 3_600_000);
  await t.journal.append({ type: 'day.started', day: DAY, data: {} });
  const slots = Object.keys(t.journal.state.chat.slots);
  expect(slots).toContain(`telegram|chat-1|item:${open}`);
  expect(slots).not.toContain(`telegram|chat-1|item:${old}`);
});
