import { expect, test, vi } from 'vitest';
import {
  behind443,
  egressRig,
  everything,
  hello,
  httpServer,
  tcpServer,
  tlsOver,
} from '../../../test/support/egress-rig.ts';
import { until } from '../../../test/support/door-rig.ts';

vi.setConfig({ testTimeout: 30_000 });

test('a client reaches a listed host by TLS, its own certificate check and all, and the bytes are counted', async () => {
  const { rig } = await behind443({ list: ['docs.example.test'] });
  const tunnel = await rig.tunnel('docs.example.test:443');
  expect(tunnel.status).toBe(200);
  const tls = await tlsOver(tunnel, 'docs.example.test');
  tls.write('GET /x HTTP/1.1\r\nHost: docs.example.test\r\nConnection: close\r\n\r\n');
  expect((await everything(tls)).toString()).toContain('hello /x at docs.example.test');
  await rig.close();
  expect(rig.opened).toEqual([{ host: 'docs.example.test', port: 443 }]);
  expect(rig.refused).toEqual([]);
  const counted = rig.meter.take()?.hosts ?? [];
  expect(counted).toMatchObject([{ host: 'docs.example.test', port: 443, connections: 1 }]);
  expect(counted[0]?.sent).toBeGreaterThan(300);
  expect(counted[0]?.received).toBeGreaterThan(700);
  expect(rig.meter.take()).toBeUndefined();
});

test('HTTP goes to a listed port 80 with the Host that was judged, whatever the client says', async () => {
  const server = await httpServer((request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(`${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.rawHeaders)}`);
  });
  const rig = await egressRig({ list: ['docs.example.test:80'], ports: { 80: server.port } });
  const answer = await rig.raw(
    'GET http://docs.example.test/a?b HTTP/1.1\r\nHost: evil.test\r\nProxy-Authorization: Basic eA==\r\nX-Own: 1\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain('set-cookie: a=1\r\nset-cookie: b=2');
  expect(answer).toContain('GET /a?b ["X-Own","1","Host","docs.example.test","Connection","close"]');
  expect(rig.opened).toEqual([{ host: 'docs.example.test', port: 80 }]);
});

test('HTTP inside a tunnel to another port than 443 is served request by request, to that host alone', async () => {
  const seen: string[] = [];
  const server = await httpServer((request, response) => {
    seen.push(`${request.url ?? ''} ${request.headers.host ?? ''}`);
    request.resume().on('end', () => response.end('fine'));
  });
  const rig = await egressRig({ list: ['docs.example.test:80'], ports: { 80: server.port } });
  const { status, socket } = await rig.tunnel('docs.example.test:80');
  expect(status).toBe(200);
  socket.write('GET /one HTTP/1.1\r\nHost: evil.test\r\n\r\n');
  await until(() => seen.length === 1);
  socket.write('GET http://evil.test/two HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n');
  const all = (await everything(socket)).toString();
  expect(all.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  expect(seen).toEqual(['/one docs.example.test']);
});

test('TLS passes at another port where it is listed, another protocol does not', async () => {
  const server = await hello();
  const other = await tcpServer((socket) => void socket.write('220 ready\r\n'));
  const rig = await egressRig({ list: [`docs.example.test:${server.port}`, `mail.test:${other.port}`] });
  await tlsOver(await rig.tunnel(`docs.example.test:${server.port}`), 'docs.example.test');
  const mail = await rig.tunnel(`mail.test:${other.port}`);
  mail.socket.write('EHLO x\r\n');
  expect((await mail.rest()).toString()).not.toContain('ready');
});

test('a host that is not on record is not reached', async () => {
  const { rig, server } = await behind443({
    list: ['docs.example.test'],
    onOpened: () => Promise.reject(new Error('the disk is full')),
  });
  expect((await rig.tunnel('docs.example.test:443')).status).toBe(500);
  expect(rig.refused).toMatchObject([
    { reason: 'failed', detail: expect.stringContaining('the disk is full') as string },
  ]);
  expect([server.connections, rig.asked]).toEqual([[], []]);
});

test('a host is told of once, however many connections go there at once', async () => {
  const { rig } = await behind443({ list: ['docs.example.test'] });
  await Promise.all(Array.from({ length: 10 }, () => rig.tunnel('docs.example.test:443')));
  expect(rig.opened.length).toBe(1);
});

test('other requests at such a door go nowhere', async () => {
  const rig = await egressRig({ list: ['docs.example.test'] });
  for (const line of ['POST /v1/messages', 'POST /hook', 'GET /', 'OPTIONS *'])
    expect(await rig.raw(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 404 /);
  expect(rig.refused).toEqual([]);
});

test('closing ends what is open', async () => {
  const { rig } = await behind443({ list: ['docs.example.test'] });
  const tls = await tlsOver(await rig.tunnel('docs.example.test:443'), 'docs.example.test');
  const end = everything(tls);
  await rig.close();
  expect((await end).length).toBe(0);
});
