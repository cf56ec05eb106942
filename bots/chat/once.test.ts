import { expect, test } from 'vitest';
import { encodeAction, taskRef, type Action } from './actions.ts';
import type { Answer, Input } from './input.ts';
import { DAY, eventually, makeChat, memoryStage } from './testing.ts';

/** What the server hands over again after a kill: the input with the same id. */
const said = (text: string): Input => ({
  ...{ channel: 'telegram', id: 'u77', user: '1', name: 'Anna', chat: 'chat-1', private: true },
  ...{ type: 'text', text, files: [] },
});

test('a kill between an effect and its mark repeats no message to an agent, and the person is told that it was done', async () => {
  const t = await makeChat();
  const anna = memoryStage(t.chat).visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  // Killed right after the effect was written: the mark that the input was seen to its end is not there.
  const by = { kind: 'person', id: 'Anna', via: 'telegram', ref: 'telegram:u77' } as const;
  await t.ctx.operator.tell({ task: 'a', text: 'use tabs' }, by);
  const again = await t.restart();
  const stage = memoryStage(again.chat);
  const answer = await again.chat.receive(said('/tell a use tabs'), stage.platform);
  expect(again.journal.state.days[DAY]?.tasks.a?.tells).toHaveLength(1);
  expect(JSON.stringify(answer)).toContain('That was done');
  expect(await again.chat.receive(said('/tell a use tabs'), stage.platform)).toEqual({ messages: [] });
});

test('what is harmless twice is done to its end after a kill', async () => {
  const t = await makeChat();
  const anna = memoryStage(t.chat).visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a', 'b');
  const by = { kind: 'person', id: 'Anna', via: 'telegram', ref: 'telegram:u77' } as const;
  await t.ctx.operator.pair({ role: 'viewer' }, by);
  const again = await t.restart();
  const stage = memoryStage(again.chat);
  // A code that nobody saw is of no use: there is another one.
  const answer = await again.chat.receive(said('/pair viewer'), stage.platform);
  expect(JSON.stringify(answer)).toMatch(/[A-Z0-9]{4}-[A-Z0-9]{4}/);
});

test('a reply that is faster than the receipt of what it replies to still answers it', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const id = await t.ask();
  // The server has it; the core is about to write that down.
  const card = await eventually(async () => (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`)));
  await anna.says('b', card);
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
});

test('an input that comes to no end is let go after ten minutes, with a word: no server hands it over again, and nothing waits behind it', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  t.ctx.operator.tell = () => {
    begun();
    return new Promise(() => undefined);
  };
  const shown: Answer[] = [];
  const show = (answer: Answer) => Promise.resolve(void shown.push(answer));
  let isOver = false;
  // Telegram's poller confirms an update, and Discord's session moves on, when this resolves.
  const taken = t.chat.receive(said('/tell a use tabs'), stage.platform, show).then(() => (isOver = true));
  const twin = t.chat.receive(said('/tell a use tabs'), stage.platform, show);
  await hasBegun;
  t.clock.advance(9 * 60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  t.clock.advance(60_000);
  await taken;
  expect(await twin).toEqual({ messages: [] });
  expect(JSON.stringify(shown)).toContain('longer than ten minutes');
  expect(t.logged.join()).toContain('still being seen to after ten minutes');
  // Whoever hands it over again is not heard: it is not done twice.
  expect(await t.chat.receive(said('/tell a use tabs'), stage.platform)).toEqual({ messages: [] });
});

const tap = (id: string, action: Action, secret: Uint8Array): Input => ({
  ...{ channel: 'telegram', id, user: '1', name: 'Anna', chat: 'chat-1', private: true },
  ...{ type: 'tap', data: encodeAction(action, secret), message: 'm1' },
});

test('a second tap whose work failed may be made again; one that worked counts once; two checkpoints are two buttons', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  await stage.visitor('1', 'Anna').says(await t.code());
  await t.day('a');
  const done: unknown[] = [];
  let fails = true;
  t.ctx.operator.rollback = (input) => {
    if (fails) return Promise.reject(new Error('index.lock exists'));
    done.push(input.checkpoint);
    return Promise.resolve({ ok: true, message: 'back' });
  };
  const sure = t.clock.now();
  const taps = async (id: string, to: string) => {
    const action: Action = { do: 'task', verb: 'rollback', ref: taskRef(DAY, 'a'), sure, to };
    return JSON.stringify(await t.chat.receive(tap(id, action, t.ctx.secret), stage.platform));
  };
  expect(await taps('b1', 'c1')).toContain('index.lock');
  fails = false;
  await taps('b2', 'c1');
  expect(await taps('b3', 'c1')).toContain('used already');
  await taps('b4', 'c2');
  expect(done).toEqual(['c1', 'c2']);
});

test('of two owners who take each other out at the same moment one stays', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const [anna, cleo] = [stage.visitor('1', 'Anna'), stage.visitor('2', 'Cleo')];
  for (const one of [anna, cleo]) await one.says(await t.code());
  await Promise.all([anna.says('/unpair cleo'), cleo.says('/unpair anna')]);
  expect(Object.keys(t.journal.state.chat.people)).toHaveLength(1);
});

test('a code that comes as the server’s own command pairs the person, not the command; /rate takes what the feedback file takes', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const base = { channel: 'discord', user: '1', name: 'Anna', chat: 'chat-1', private: true } as const;
  const give = (id: string, command: string, words: string) =>
    t.chat.receive({ ...base, id, type: 'command', command, words, files: [] }, stage.platform);
  await give('i1', 'start', await t.code());
  expect(Object.values(t.journal.state.chat.people).map(({ name }) => name)).toEqual(['Anna']);
  await t.day('a');
  const rated: unknown[] = [];
  t.ctx.operator.rate = (input) => {
    rated.push(input.stars);
    return Promise.resolve({ ok: true, message: 'rated' });
  };
  for (const [index, words] of ['a 3,5', 'a ⭐⭐⭐⭐ good', 'a 0', 'a 4/5', 'a well'].entries())
    await give(`r${index}`, 'rate', words);
  expect(rated).toEqual([3.5, 4, 0, 4]);
});
