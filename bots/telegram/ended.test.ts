import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeChat } from '../chat/testing.ts';
import { startBot } from './index.ts';

test('a bot that is ended while Telegram is about to say who it is does not come up any more', async () => {
  const t = await makeChat();
  const asked: ServerResponse[] = [];
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(request.url?.split('/').at(-1) ?? '');
    asked.push(response);
    if (asked.length === 1) response.writeHead(502).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const bot = await startBot({
    ...{ chat: t.chat, token: '4:old', clock: t.clock, log: t.ctx.log, redact: t.ctx.redact },
    env: { TELEGRAM_API_ROOT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    ...{ config: t.ctx.home.config.chat, folder: t.ctx.home.paths.own },
  });
  await expect
    .poll(() => {
      t.clock.advance(1000);
      return asked.length > 1;
    })
    .toBe(true);
  await bot.stop();
  const me = { id: 4, is_bot: true, first_name: 'old', username: 'oldbot' };
  const last = asked[1]!;
  // The bot closes its end of the connection when it has read the whole answer: what follows from it is done by then.
  const read = once(last.socket!, 'close');
  last.setHeader('connection', 'close').setHeader('content-type', 'application/json');
  last.end(JSON.stringify({ ok: true, result: me }));
  await read;
  expect(t.logged.join()).not.toContain('listens');
  expect(calls.filter((call) => call !== 'getMe')).toEqual([]);
});
