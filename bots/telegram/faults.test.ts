import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cardOf } from '../chat/contract.testing.ts';
import { DAY, eventually, makeChat, type TestChat, type Visitor } from '../chat/testing.ts';
import { telegramStage, type TelegramStage } from './testing.ts';

/** What goes wrong between us and Telegram. The clock is the test's: an hour takes no time. */
interface Rig {
  t: TestChat;
  stage: TelegramStage;
  anna: Visitor;
  logged: string[];
  /** Moves the clock until it holds. */
  /** Time in which nothing is waited for. */
  passes: (ms: number) => Promise<void>;
  until: <T>(look: () => T | undefined | Promise<T | undefined>) => Promise<T>;
}

async function paired(config: object = {}): Promise<Rig> {
  const logged: string[] = [];
  const t = await makeChat({ config: { chat: config } });
  const stage = await telegramStage(t.chat, { clock: t.clock, config, log: (text) => void logged.push(text) });
  onTestFinished(() => stage.close());
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  const turn = await pacer();
  const until: Rig['until'] = (look) =>
    eventually(async () => {
      const found = await look();
      if (found !== undefined) return found;
      // The clock is no faster than the network.
      await turn();
      t.clock.advance(250);
      return undefined;
    });
  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5000) {
      await turn();
      t.clock.advance(5000);
    }
  };
  return { t, stage, anna, logged, until, passes };
}

/** Something that takes as long as a call to a server on this machine. */
async function pacer(): Promise<() => Promise<unknown>> {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return async () => (await fetch(`http://127.0.0.1:${port}`)).text();
}

const methodsOf = ({ server }: TelegramStage) => server.calls.map(({ method }) => method);
const questions = async (person: Visitor) => (await person.sees()).filter(({ text }) => text.startsWith('❓ Question'));

test('a storm of 429: nothing is sent before the time that the server names, and nothing is lost', async () => {
  const { t, stage, anna, until } = await paired();
  const { server } = stage;
  await t.day('a');
  await until(async () => ((await anna.sees()).some(({ text }) => text.includes(DAY)) ? true : undefined));
  let refused = 0;
  let quietUntil = 0;
  const early: string[] = [];
  server.fault.before = ({ method }) => {
    if (!/^(?:send|edit)/.test(method)) return undefined;
    if (t.clock.now() < quietUntil) early.push(method);
    if (refused >= 5) return undefined;
    refused += 1;
    quietUntil = t.clock.now() + 3000;
    return { code: 429, text: 'Too Many Requests: retry after 3', retryAfter: 3 };
  };
  const ids = [await t.ask(), await t.ask(), await t.ask()];
  for (const id of ids) await until(() => cardNow(anna, id));
  expect(refused).toBe(5);
  expect(early).toEqual([]);
  expect(await questions(anna)).toHaveLength(3);
});

test('another program on the same token: it is said once, and the bot goes on', async () => {
  const { stage, anna, logged, until } = await paired();
  let conflicts = 0;
  stage.server.fault.before = ({ method }) => {
    if (method !== 'getUpdates' || conflicts >= 4) return undefined;
    conflicts += 1;
    return { code: 409, text: 'Conflict: terminated by other getUpdates request' };
  };
  const said = anna.says('/today');
  await until(() => (conflicts === 4 ? true : undefined));
  const later = anna.says('/who');
  await until(() => (logged.some((line) => line.includes('connected again')) ? true : undefined));
  await Promise.all([said, later]);
  expect((await anna.sees()).at(-1)?.text).toContain('Who may speak');
  expect(logged.filter((line) => line.includes('another program listens with the same bot token'))).toHaveLength(1);
});

test('a connection that is half open is noticed within a minute, and healed', async () => {
  const { t, stage, anna, logged, until } = await paired();
  const from = t.clock.now();
  await stage.server.vanish('half-open');
  await until(() => (logged.some((line) => line.includes('no connection')) ? true : undefined));
  expect(t.clock.now() - from).toBeLessThan(60_000);
  await stage.server.heal();
  const said = anna.says('/today');
  await until(() => (logged.some((line) => line.includes('connected again')) ? true : undefined));
  await said;
  expect((await anna.sees()).at(-1)?.text).toContain('No day has begun');
});

test('ten minutes without network: what was asked meanwhile arrives, once, and the token stands in no line', async () => {
  const { t, stage, anna, logged, until, passes } = await paired();
  const { server } = stage;
  await t.day('a');
  await server.vanish();
  const ids = [await t.ask(), await t.ask()];
  await passes(10 * 60_000);
  await server.heal();
  for (const id of ids) await until(() => cardNow(anna, id));
  expect(await questions(anna)).toHaveLength(2);
  const written = JSON.stringify([logged, t.logged, t.journal.state]);
  expect(logged.join('\n')).toContain('no connection');
  expect(written).not.toContain(server.token);
  expect(written).not.toContain(server.token.split(':')[1]);
});

test('a server that is not there at the start keeps nothing from starting: the bot listens as soon as it is', async () => {
  const { t, stage, anna, logged, until } = await paired();
  const { server } = stage;
  await t.day('a');
  await server.vanish();
  const again = await t.restart();
  await stage.restart(again.chat);
  const id = await again.ask();
  expect(again.journal.state.items[id]?.status).toBe('open');
  await until(() => (logged.some((line) => line.includes('cannot be reached')) ? true : undefined));
  await server.heal();
  await until(() => {
    again.clock.advance(250);
    return cardNow(anna, id);
  });
  expect(logged.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
});

test('three hundred updates that are handed over again do nothing', async () => {
  const { t, stage, anna } = await paired();
  const { server } = stage;
  await t.day('a');
  const id = await t.ask();
  const card = await cardOf(anna, id);
  await anna.taps(card, 'New');
  const first = server.world.updates[0]?.update_id ?? 0;
  for (let n = 0; n < 100; n += 1) server.world.happen((update_id) => ({ ...server.world.updates.at(-1)!, update_id }));
  await anna.says('/tell a use tabs');
  const before = t.journal.state.seq;
  const sent = server.world.messages.length;
  for (let n = 0; n < 3; n += 1) {
    server.replay(first);
    await anna.says('/who');
  }
  expect(t.journal.state.days[DAY]?.tasks.a?.tells).toHaveLength(1);
  expect(server.world.messages.length - sent).toBeLessThanOrEqual(6);
  expect(t.journal.state.seq - before).toBeLessThanOrEqual(3);
});

test('what is still being seen to is not confirmed, and nobody waits for it', async () => {
  const { t, stage, anna, until } = await paired();
  const { server } = stage;
  const ben = stage.visitor('2', 'Ben');
  await ben.says(await t.code('viewer'));
  let held = 0;
  server.fault.before = ({ method, params }) => {
    if (method !== 'sendMessage' || String(params.chat_id) !== anna.chat || held > 0) return undefined;
    held += 1;
    return 'hang';
  };
  const room = server.world.chat(anna.chat);
  const { update_id } = server.say({ id: Number(anna.user), is_bot: false, first_name: 'Anna' }, room, '/who');
  await until(() => (held === 1 ? true : undefined));
  // Ben is answered while Anna's answer hangs; Telegram still has both.
  const other = server.say(
    { id: Number(ben.user), is_bot: false, first_name: 'Ben' },
    server.world.chat(ben.chat),
    '/today',
  );
  await until(async () => ((await ben.sees()).at(-1)?.text.includes('No day has begun') === true ? true : undefined));
  expect(server.world.confirmed).toBe(update_id);
  // Its time is over, and it is sent by the outbox.
  await until(async () => ((await anna.sees()).at(-1)?.text.includes('Who may speak') === true ? true : undefined));
  await until(() => (server.world.confirmed > other.update_id ? true : undefined));
});

test('updates of no known shape are passed over, also after a quiet week in which Telegram counts anew', async () => {
  const { t, stage, anna, until } = await paired();
  const { server } = stage;
  for (const odd of [
    { message: {} },
    { message: { chat: {}, from: {} } },
    { callback_query: { data: 'x', message: {} } },
    {},
  ])
    server.world.happen((update_id) => ({ update_id, ...odd }) as never);
  await anna.says('/today');
  expect((await anna.sees()).at(-1)?.text).toContain('No day has begun');
  const offset = () => server.calls.findLast(({ method }) => method === 'getUpdates')?.params.offset;
  expect(offset()).not.toBe(0);
  t.clock.advance(6 * 24 * 3_600_000);
  await until(() => (offset() === 0 ? true : undefined));
  await anna.says('/who');
});

test('a card whose receipt was lost comes twice: either one’s button counts, once, and the twin goes', async () => {
  const { t, stage, anna, until } = await paired();
  const { server } = stage;
  await t.day('a');
  let lost = 0;
  server.fault.before = ({ method, params }) => {
    if (method !== 'sendMessage' || lost > 0 || !String(params.text).includes('❓ Question')) return undefined;
    lost += 1;
    return 'lost';
  };
  const id = await t.ask();
  await until(async () => ((await questions(anna)).length === 2 ? true : undefined));
  const [twin, card] = await questions(anna);
  if (twin === undefined || card === undefined) throw new Error('there are not two');
  await anna.taps(twin, 'New');
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
  await until(async () => ((await questions(anna)).length === 1 ? true : undefined));
  expect((await questions(anna))[0]?.id).toBe(card.id);
  await until(async () => ((await questions(anna))[0]?.text.includes('by Anna') === true ? true : undefined));
});

test('a web hook on the bot is taken away, for it keeps everything from us', async () => {
  const { stage, anna, until } = await paired();
  let hooked = true;
  stage.server.fault.before = ({ method }) => {
    if (method === 'deleteWebhook') hooked = false;
    return method === 'getUpdates' && hooked
      ? {
          code: 409,
          text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete",
        }
      : undefined;
  };
  const said = anna.says('/today');
  await until(() => (hooked ? undefined : true));
  const later = anna.says('/who');
  await until(async () => ((await anna.sees()).at(-1)?.text.includes('Who may speak') === true ? true : undefined));
  await Promise.all([said, later]);
});

test('a hundred kilobytes of every markup character arrive whole, in parts that the server takes', async () => {
  const { t, stage, anna, until } = await paired();
  const text = '_*[]()~`>#+-=|{}.!<b>&amp;\\ ``` 🧑‍💻\n'.repeat(2800);
  expect(Buffer.byteLength(text)).toBeGreaterThan(100_000);
  const { chat } = anna;
  const pre = { type: 'pre' as const, text };
  await t.chat.outbox.post([
    { place: { channel: 'telegram', chat }, priority: 'message', content: { kind: 'text', rich: [pre] } },
  ]);
  await until(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined));
  const parts = stage.server.world.messages.filter((message) => message.entities?.[0]?.type === 'pre');
  expect(parts.length).toBeGreaterThan(20);
  const flat = (words: string) => words.replace(/\s/g, '');
  expect(flat(parts.map((part) => part.text).join(''))).toBe(flat(text));
});

test('a clock that jumps, forward and back, loses nothing', async () => {
  const { t, anna, until } = await paired();
  await t.day('a');
  t.clock.advance(-3_600_000);
  const first = await t.ask();
  await until(() => cardNow(anna, first));
  t.clock.advance(7_200_000);
  const second = await t.ask();
  await until(() => cardNow(anna, second));
  await anna.taps(await cardOf(anna, second), 'Old');
  expect(t.journal.state.items[second]?.answers).toEqual(['Old']);
});

test('a token that is refused is told with what to do, and without the token', async () => {
  const t = await makeChat();
  const refused = telegramStage(t.chat, { token: '4200000:AAwrongwrongwrongwrongwrongwrongwro' });
  await expect(refused).rejects.toThrow(/refuses the bot token.*BotFather/);
  await expect(refused).rejects.not.toThrow('wrongwrong');
});

test('a token that is revoked while the bot runs is told once, and the daemon lives', async () => {
  const { stage, anna, logged, until } = await paired();
  let on = true;
  stage.server.fault.before = () => (on ? { code: 401, text: 'Unauthorized' } : undefined);
  const said = anna.says('/today');
  await until(() => (logged.filter((line) => line.includes('refuses the bot token')).length === 1 ? true : undefined));
  on = false;
  const later = anna.says('/who');
  await until(() => (logged.some((line) => line.includes('connected again')) ? true : undefined));
  await Promise.all([said, later]);
});

test('whoever blocked the bot is told elsewhere, and is not written to at every change', async () => {
  const { t, stage, anna, logged, until } = await paired();
  const ben = stage.visitor('2', 'Ben');
  await ben.says(await t.code('operator'));
  await t.day('a');
  const { server } = stage;
  await until(async () => ((await anna.sees()).some(({ pinned }) => pinned) ? true : undefined));
  let tries = 0;
  server.fault.before = ({ method, params }) => {
    if (!/^(?:send|edit)/.test(method) || String(params.chat_id) !== anna.chat) return undefined;
    tries += 1;
    return { code: 403, text: 'Forbidden: bot was blocked by the user' };
  };
  const id = await t.ask();
  await until(() => cardNow(ben, id));
  for (let n = 0; n < 20; n += 1) {
    await t.journal.append({ type: 'task.stopped', day: DAY, task: 'a', data: { reason: `reason ${n}` } });
    await until(async () => ((await ben.sees()).some(({ text }) => text.includes(`reason ${n}`)) ? true : undefined));
  }
  expect(tries).toBeLessThan(30);
  expect(logged.concat(t.logged).filter((line) => line.includes('blocked by the user')).length).toBeLessThan(30);
});

test('a card that somebody deleted comes again while it matters', async () => {
  const { t, stage, anna, until } = await paired();
  const { server } = stage;
  await t.day('a', 'b');
  const day = await until(async () => (await anna.sees()).find(({ text }) => text.includes(DAY)));
  server.world.messages = server.world.messages.filter((message) => String(message.message_id) !== day.id);
  await t.journal.append({ type: 'task.stopped', day: DAY, task: 'a', data: { reason: 'tired' } });
  const again = await until(async () => (await anna.sees()).find(({ text, pinned }) => text.includes(DAY) && pinned));
  expect(again.id).not.toBe(day.id);
  expect(again.text).toContain('tired');
});

test('a group that became a supergroup goes on under its old name', async () => {
  const { t, stage, logged, until } = await paired({ telegram: { chats: ['-500'], projects: { app: '-500' } } });
  const { server } = stage;
  const group = server.newChat({ group: true });
  server.fault.before = ({ params }) =>
    String(params.chat_id) === '-500'
      ? {
          ...{ code: 400, text: 'Bad Request: group chat was upgraded to a supergroup chat' },
          parameters: { migrate_to_chat_id: group.id },
        }
      : undefined;
  await t.chat.outbox.post([
    {
      place: { channel: 'telegram', chat: '-500' },
      ...{ priority: 'message', content: { kind: 'text', rich: [{ type: 'text', spans: [{ text: 'hello group' }] }] } },
    },
  ]);
  const there = await until(() => server.world.messages.find(({ text }) => text === 'hello group'));
  expect(there.chat.id).toBe(group.id);
  expect(logged.join()).toContain(`-500 has a new id, ${group.id}`);
  // A person has to write it down; until then it is known, also after a restart.
  const item = await until(() => Object.values(t.journal.state.items).find(({ kind }) => kind === 'channel'));
  expect(item.questions[0]?.question).toContain(`-500 has a new id, ${group.id}`);
  expect(t.chat.moves('telegram')).toEqual([{ chat: '-500', to: String(group.id) }]);
});

test('a server without menus, pins, topics, photos and files is used for what it has', async () => {
  const { t, stage, anna, logged, until } = await paired();
  stage.server.fault.before = ({ method }) =>
    /^(?:setMyCommands|pinChatMessage|createForumTopic|sendPhoto|sendDocument)$/.test(method)
      ? { code: 404, text: 'Not Found' }
      : undefined;
  await t.day('a');
  await anna.says('/report');
  await until(async () =>
    (await anna.sees()).some(({ text }) => text.includes('cannot be sent in this chat')) ? true : undefined,
  );
  const id = await t.ask();
  await until(() => cardNow(anna, id));
  expect(methodsOf(stage).filter((method) => method === 'pinChatMessage').length).toBeLessThanOrEqual(1);
  expect(logged.join()).not.toContain(stage.server.token);
});

async function cardNow(person: Visitor, id: string) {
  return (await person.sees()).find(({ text, asks }) => text.includes(`Question ${id} ·`) && !asks);
}
