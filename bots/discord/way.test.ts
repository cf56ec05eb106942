import { createServer, request } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cardOf } from '../chat/contract.testing.ts';
import { eventually, makeChat } from '../chat/testing.ts';
import { checkProxy } from '../../src/base/index.ts';
import { openRest } from './rest.ts';
import { discordStage } from './testing.ts';
import { openWay } from './way.ts';

/** A forward proxy; what went through it, by host. */
async function startProxy() {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const out = request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    out.on('error', () => outgoing.destroy());
    incoming.pipe(out);
  });
  proxy.on('upgrade', (incoming, socket) => {
    seen.push(`UPGRADE ${incoming.url}`);
    const { hostname, port, pathname, search } = new URL(incoming.url ?? '');
    const upstream = connect(Number(port), hostname, () => {
      const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}`);
      upstream.write([`GET ${pathname}${search} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    for (const one of [upstream, socket]) one.on('error', () => [upstream, socket].forEach((each) => each.destroy()));
  });
  proxy.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return { seen, address: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

test('behind a proxy everything goes through it: REST, gateway, files, and a session that is resumed', async () => {
  const proxy = await startProxy();
  const config = { chat: { discord: { proxy: proxy.address } } };
  const t = await makeChat({ config });
  const stage = await discordStage(t.chat, { config });
  const { server } = stage;
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const id = await t.ask();
  await anna.taps(await cardOf(anna, id), 'New');
  expect(t.journal.state.items[id]?.answers).toEqual(['New']);
  server.gateway.cut();
  await eventually(() => (server.gateway.resumed === 1 ? true : undefined));
  const sent = server.sendFile(stage.userOf('1'), server.world.channel(anna.chat), {
    ...{ name: 'a.txt', type: 'text/plain', bytes: Buffer.from('words') },
  });
  expect(Buffer.from(await stage.platform.fetchFile(sent.attachments[0]!.url)).toString()).toBe('words');
  expect(proxy.seen.filter((line) => line.startsWith('UPGRADE'))).toHaveLength(2);
  expect(proxy.seen.filter((line) => line.includes('/attachments/'))).toHaveLength(1);
  // An edit may just be on its way.
  const passed = () => proxy.seen.filter((line) => line.includes('/api/v10/')).length;
  await eventually(() => (passed() === server.calls.length ? true : undefined));
});

test('nobody uses the way who does not know it; addresses go there and back', async () => {
  const proxy = await startProxy();
  const way = await openWay(proxy.address, () => undefined);
  onTestFinished(() => way.close());
  for (const address of ['wss://gateway.discord.gg/?v=10', 'https://discord.com/api', 'ws://127.0.0.1:1/x'])
    expect(way.back(way.through(address))).toBe(address);
  expect(way.through(way.through('https://discord.com/api'))).toBe(way.through('https://discord.com/api'));
  const guessed = new URL(way.through('https://discord.com/api')).origin;
  expect((await fetch(`${guessed}/0123456789abcdef/${encodeURIComponent('http://127.0.0.1:1')}/x`)).status).toBe(404);
  expect(proxy.seen).toEqual([]);
  await expect(openWay('socks5://127.0.0.1:1', () => undefined)).rejects.toThrow('only http and https proxies');
});

test('a Node that would pass by the proxy is refused, and an address that is none', async () => {
  expect(() => checkProxy('http://proxy:3128', 'chat.discord.proxy', '22.18.0')).toThrow('cannot use a proxy');
  expect(() => checkProxy('http://proxy:3128', 'chat.discord.proxy', '24.5.0')).not.toThrow();
  const way = await openWay(undefined, () => undefined);
  expect(() => openRest('token', 'nonsense', way)).toThrow('DISCORD_API_ROOT is not an http(s) address');
});
