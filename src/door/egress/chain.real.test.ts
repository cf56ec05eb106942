import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import {
  egressRig,
  everything,
  httpServer,
  httpsServer,
  tcpServer,
  tlsOver,
} from '../../../test/support/egress-rig.ts';

/** A proxy as companies have them, which says what it was asked for. */
async function companyProxy(answer: (head: string, socket: Socket) => void) {
  const heads: string[] = [];
  const proxy = await tcpServer((socket) => {
    socket.once('data', (data: Buffer) => {
      heads.push(data.toString());
      answer(data.toString(), socket);
    });
  });
  return { heads, port: proxy.port };
}

test('where Dayshift itself needs a proxy, the way goes on through that, by name, and its password stays outside', async () => {
  const server = await httpsServer((request, response) => response.end(`hello ${request.url ?? ''}`));
  const proxy = await companyProxy((_, socket) => {
    socket.write('HTTP/1.1 200 fine\r\nX: y\r\n\r\n');
    const line = connect({ port: server.port, host: '127.0.0.1' }).on('error', () => undefined);
    socket.pipe(line).pipe(socket);
  });
  const rig = await egressRig({
    list: ['docs.example.test'],
    names: { 'docs.example.test': () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) },
    named: [],
    env: { HTTPS_PROXY: `http://me:pass%20word@127.0.0.1:${proxy.port}` },
  });
  const tls = await tlsOver(await rig.tunnel('docs.example.test:443'), 'docs.example.test');
  tls.write('GET /x HTTP/1.1\r\nHost: docs.example.test\r\nConnection: close\r\n\r\n');
  expect((await everything(tls)).toString()).toContain('hello /x');
  expect(proxy.heads).toEqual([
    `CONNECT docs.example.test:443 HTTP/1.1\r\nHost: docs.example.test:443\r\nProxy-Authorization: Basic ${Buffer.from('me:pass word').toString('base64')}\r\n\r\n`,
  ]);
});

test('a proxy of Dayshift’s that refuses is told as such, and a private address is refused before it is asked', async () => {
  const proxy = await companyProxy((_, socket) => void socket.end('HTTP/1.1 407 no\r\n\r\n'));
  const rig = await egressRig({
    list: ['docs.example.test', 'inside.test'],
    names: { 'docs.example.test': ['8.8.8.8'], 'inside.test': ['10.0.0.1'] },
    named: [],
    env: { https_proxy: `127.0.0.1:${proxy.port}` },
  });
  const tunnel = await rig.tunnel('docs.example.test:443');
  expect(tunnel.status).toBe(502);
  expect((await tunnel.rest()).toString()).toContain('answered 407');
  expect((await rig.tunnel('inside.test:443')).status).toBe(403);
  expect(proxy.heads.length).toBe(1);
});

test('plain HTTP goes through Dayshift’s own proxy too, and past it where NO_PROXY says so', async () => {
  const server = await httpServer((_, response) => response.end('direct'));
  const proxy = await companyProxy((_, socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy'));
  const rig = await egressRig({
    list: ['docs.example.test:80', 'a.inside.test:80'],
    ports: { 80: server.port },
    env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'localhost, .inside.test' },
  });
  const get = (host: string) => rig.raw(`GET http://${host}/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(await get('docs.example.test')).toContain('proxy');
  expect(proxy.heads[0]).toMatch(/^GET http:\/\/docs\.example\.test\/x HTTP\/1\.1\r\n/);
  expect(await get('a.inside.test')).toContain('direct');
  expect(proxy.heads.length).toBe(1);
});

test('a proxy setting that cannot be used closes the way instead of going past it', async () => {
  const server = await httpsServer((_, response) => response.end());
  const rig = await egressRig({
    list: ['docs.example.test'],
    ports: { 443: server.port },
    env: { HTTPS_PROXY: 'socks5://127.0.0.1:1' },
  });
  expect((await rig.tunnel('docs.example.test:443')).status).toBe(502);
  expect(server.connections).toEqual([]);
});
