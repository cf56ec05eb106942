import { expect, test } from 'vitest';
import { startDiscord } from '../../test/support/discord/server.ts';
import { startTelegram } from '../../test/support/telegram/server.ts';
import { configSchema } from '../home/schema.ts';
import { discord, telegram } from './chats.ts';
import type { Check, Finding } from './types.ts';

const look = async (check: Check, env: Record<string, string>, chat: object = {}): Promise<Finding[]> =>
  [await check({ env, config: configSchema.parse({ chat }) })].flat();

test('Telegram’s token is tried on the server: none, good, refused, nobody there, something else there', async () => {
  expect(await look(telegram, {})).toMatchObject([{ ok: 'ok', found: expect.stringContaining('off') as string }]);
  const server = await startTelegram();
  const env = { TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: `${server.root}/` };
  expect(await look(telegram, env)).toMatchObject([
    { ok: 'ok', found: expect.stringMatching(/^@\w+ answers/) as string },
  ]);
  // A bot that runs is not disturbed.
  expect(server.calls.map(({ method }) => method)).toEqual(['getMe']);
  const wrong = await look(telegram, { ...env, TELEGRAM_BOT_TOKEN: '4200000:AAwrong' });
  expect(wrong).toMatchObject([{ ok: 'warn', found: expect.stringContaining('refuses the bot token') as string }]);
  expect(wrong[0]?.remedy).toContain('BotFather');
  server.fault.before = () => ({ code: 502, text: 'Bad Gateway' });
  expect(await look(telegram, env)).toMatchObject([{ ok: 'warn', found: expect.stringContaining('502') as string }]);
  await server.vanish();
  const away = await look(telegram, env);
  expect(away).toMatchObject([{ ok: 'warn', found: expect.stringContaining('cannot be reached') as string }]);
  expect(JSON.stringify([wrong, away])).not.toMatch(new RegExp(`AAwrong|${server.token}`));
});

test('what the bot may not do in a group that config names is found, and a group that is not there', async () => {
  const server = await startTelegram();
  const env = { TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.root };
  const forum = server.newChat({ forum: true });
  const chat = { telegram: { projects: { app: String(forum.id) }, chats: ['-42'] } };
  server.world.rights = { can_pin_messages: true, can_manage_topics: false };
  const found = await look(telegram, env, chat);
  expect(found.map(({ ok }) => ok)).toEqual(['ok', 'warn', 'warn']);
  expect(found.map((one) => one.found).join('\n')).toMatch(/-42 is not there[^]*may not manage topics/);
  server.world.rights = { can_pin_messages: true, can_manage_topics: true };
  expect(
    (await look(telegram, env, { telegram: { projects: { app: String(forum.id) } } })).map(({ ok }) => ok),
  ).toEqual(['ok', 'ok']);
});

test('Discord’s token is tried on the server, the switch for content and the channels that config names too', async () => {
  const server = await startDiscord();
  const env = { DISCORD_BOT_TOKEN: server.token, DISCORD_API_ROOT: server.root };
  expect(await look(discord, env)).toMatchObject([{ ok: 'ok', found: expect.stringContaining('answers') as string }]);
  const wrong = await look(discord, { ...env, DISCORD_BOT_TOKEN: 'x.y.wrong' });
  expect(wrong).toMatchObject([{ ok: 'warn', remedy: expect.stringContaining('Reset Token') as string }]);
  expect(JSON.stringify(wrong)).not.toContain('x.y.wrong');
  const channel = server.newChannel('app');
  const chat = { discord: { channels: [channel.id, '77'] } };
  expect((await look(discord, env, chat)).at(-1)).toMatchObject({
    ok: 'warn',
    found: expect.stringContaining('77') as string,
  });
  server.world.mayRead = false;
  expect(await look(discord, env)).toMatchObject([
    { ok: 'warn', remedy: expect.stringContaining('Message Content') as string },
  ]);
  await server.vanish();
  expect(await look(discord, env)).toMatchObject([
    { ok: 'warn', found: expect.stringContaining('cannot be reached') as string },
  ]);
});
