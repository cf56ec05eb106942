import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  egressRig,
  everything,
  helloFor,
  httpServer,
  httpsServer,
  tcpServer,
  tlsOver,
  type EgressRigOptions,
} from '../../../test/support/egress-rig.ts';
import { until } from '../../../test/support/door-rig.ts';
import { manualClock } from '../../base/index.ts';

/** Any bytes as characters. (fast-check's own unit `binary` takes seconds to make.) */
const anyBytes = fc.uint8Array({ maxLength: 12 }).map((bytes) => String.fromCharCode(...bytes));

vi.setConfig({ testTimeout: 30_000 });

const hello = () =>
  httpsServer((request, response) => response.end(`hello ${request.url ?? ''} at ${request.headers.host ?? ''}`));

/** A rig with an https server behind port 443. */
async function behind443(options: EgressRigOptions) {
  const server = await hello();
  return { server, rig: await egressRig({ ports: { 443: server.port }, ...options }) };
}

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

test.each([
  ['evildocs.example.test:443', 403, 'not_listed'],
  ['docs.example.test.evil.test:443', 403, 'not_listed'],
  ['docs.example.test:80', 403, 'not_listed'],
  ['docs.example.test:8443', 403, 'not_listed'],
  ['wide.test:443', 403, 'not_listed'],
  ['xn--dcs-kna.example.test:443', 403, 'not_listed'],
  ['127.0.0.1:443', 403, 'address'],
  ['127.1:443', 403, 'address'],
  ['0x7f000001:443', 403, 'address'],
  ['2130706433:443', 403, 'address'],
  ['017700000001:443', 403, 'address'],
  ['[::1]:443', 403, 'address'],
  ['[::ffff:7f00:1]:443', 403, 'address'],
  ['docs.example.test@evil.test:443', 400, 'malformed'],
  ['user:pw@docs.example.test:443', 400, 'malformed'],
  ['docs.example.test', 400, 'malformed'],
  ['docs.example.test:0', 400, 'malformed'],
])('CONNECT %s is refused with a word, and nobody is asked for its address', async (authority, status, reason) => {
  const { rig, server } = await behind443({ list: ['docs.example.test', '*.wide.test'] });
  const tunnel = await rig.tunnel(authority);
  expect(tunnel.status).toBe(status);
  expect((await tunnel.rest()).toString()).toMatch(/^Dayshift kept this in: /);
  expect(rig.refused).toMatchObject([{ reason }]);
  expect([rig.asked, rig.opened, server.connections]).toEqual([[], [], []]);
});

test.each([
  ['loopback', '127.0.0.1'],
  ['loopback', '::1'],
  ['private', '10.1.2.3'],
  ['private', '172.20.0.1'],
  ['private', '192.168.0.10'],
  ['private', '100.64.1.1'],
  ['private', 'fd12:3456::1'],
  ['link local', '169.254.169.254'],
  ['link local', 'fe80::1'],
  ['multicast', '224.0.0.251'],
  ['unspecified', '0.0.0.0'],
  ['unspecified', '::'],
  ['reserved', '203.0.113.7'],
  ['reserved', '::ffff:127.0.0.1'],
  ['reserved', '64:ff9b::7f00:1'],
  ['loopback', '8.8.4.4'], // stands for an own public address
])('a listed name that means a %s address (%s) is refused, also among good ones', async (kind, address) => {
  const { rig, server } = await behind443({
    list: ['docs.example.test'],
    names: { 'docs.example.test': ['8.8.8.8', address] },
    named: [],
    own: ['8.8.4.4'],
  });
  expect((await rig.tunnel('docs.example.test:443')).status).toBe(403);
  expect(rig.refused).toEqual([{ host: 'docs.example.test', port: 443, reason: 'not_public', detail: kind }]);
  expect(server.connections).toEqual([]);
});

test('a host that config names may lie on a private address, its neighbours may not', async () => {
  const { rig } = await behind443({ list: ['*.wide.test'], named: ['a.wide.test'] });
  await tlsOver(await rig.tunnel('a.wide.test:443'), 'a.wide.test');
  expect((await rig.tunnel('b.wide.test:443')).status).toBe(403);
  expect(rig.refused).toMatchObject([{ host: 'b.wide.test', reason: 'not_public' }]);
});

test('not even a named host may lie on an address that is nobody’s', async () => {
  const { rig } = await behind443({ list: ['docs.example.test'], names: { 'docs.example.test': ['0.0.0.0'] } });
  expect((await rig.tunnel('docs.example.test:443')).status).toBe(403);
});

test('the address that was judged is the one that is connected to, though the name means another by then', async () => {
  const server = await hello();
  const answers = [['127.0.0.1'], ['169.254.169.254']];
  const rig = await egressRig({
    list: ['docs.example.test'],
    ports: { 443: server.port },
    names: { 'docs.example.test': () => answers.shift() ?? [] },
  });
  await tlsOver(await rig.tunnel('docs.example.test:443'), 'docs.example.test');
  expect(rig.asked).toEqual(['docs.example.test']);
  expect(server.connections.length).toBe(1);
});

test('a name that does not resolve, a host that does not listen, and a resolver that never answers are told apart', async () => {
  const clock = manualClock();
  const rig = await egressRig({
    list: ['gone.test', 'shut.test:9', 'slow.test'],
    names: {
      'gone.test': () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
      'slow.test': () => new Promise<string[]>(() => undefined),
    },
    clock,
  });
  expect((await rig.tunnel('gone.test:443')).head).toContain('502 The name does not resolve');
  expect((await rig.tunnel('shut.test:9')).head).toContain('502 The host does not answer');
  const slow = rig.tunnel('slow.test:443');
  await until(() => rig.asked.includes('slow.test'));
  clock.advance(10_000);
  expect((await slow).status).toBe(502);
  expect(rig.refused.map(({ reason }) => reason)).toEqual(['no_address', 'unreachable', 'unreachable']);
});

test.each([
  ['another server', 'other.test', 'other_name'],
  ['a look-alike', 'evildocs.example.test', 'other_name'],
  ['nobody', '', 'no_name'],
])(
  'TLS that asks for %s than was connected to is cut before a byte of it is passed on',
  async (_, servername, reason) => {
    const { rig, server } = await behind443({ list: ['docs.example.test'] });
    const tunnel = await rig.tunnel('docs.example.test:443');
    await expect(tlsOver(tunnel, servername)).rejects.toThrow(/unrecognized name|closed|ECONNRESET/i);
    expect(rig.refused).toMatchObject([{ host: 'docs.example.test', port: 443, reason }]);
    await rig.close();
    expect(server.connections[0]?.bytesRead).toBe(0);
  },
);

test('TLS that asks for the right server in other letters passes', async () => {
  const { rig } = await behind443({ list: ['docs.example.test'] });
  await tlsOver(await rig.tunnel('DOCS.example.test.:443'), 'docs.EXAMPLE.test');
  expect(rig.opened).toEqual([{ host: 'docs.example.test', port: 443 }]);
});

test.each([
  ['HTTP', 'GET / HTTP/1.1\r\nHost: docs.example.test\r\n\r\n'],
  ['SSH', 'SSH-2.0-x\r\n'],
  ['a database', '\0\0\0\x08\x04\xd2\x16\x2f'],
  ['a broken hello', '\x16\x03\x01\0\x04\x02\0\0\0'],
])('%s through a tunnel to 443 is cut, also when it comes with the CONNECT', async (_, bytes) => {
  const { rig, server } = await behind443({ list: ['docs.example.test'] });
  const early = await rig.tunnel('docs.example.test:443', bytes);
  expect((await early.rest()).length).toBeLessThan(8);
  const late = await rig.tunnel('docs.example.test:443');
  late.socket.write(bytes);
  expect((await late.rest()).length).toBeLessThan(8);
  expect(rig.refused.map(({ reason }) => reason)).toEqual(['not_tls', 'not_tls']);
  await rig.close();
  expect(server.connections.map((each) => each.bytesRead)).toEqual([0, 0]);
});

test('a client that opens a tunnel and says nothing is cut after a while, one that leaves is forgotten', async () => {
  const clock = manualClock();
  const { rig } = await behind443({ list: ['docs.example.test'], clock, limits: { connections: 1 } });
  const silent = await rig.tunnel('docs.example.test:443');
  clock.advance(10_000);
  await silent.rest();
  expect(rig.refused).toMatchObject([{ reason: 'not_tls', detail: 'it said nothing' }]);
  const leaving = await rig.tunnel('docs.example.test:443');
  leaving.socket.destroy();
  await until(() => rig.meter.admit() === undefined);
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

test.each([
  ['GET http://evil.test/', 403, 'not_listed'],
  ['GET http://docs.example.test:8080/', 403, 'not_listed'],
  ['GET http://127.0.0.1/', 403, 'address'],
  ['GET http://169.254.169.254/latest/meta-data', 403, 'address'],
  ['GET http://docs.example.test@evil.test/', 400, 'malformed'],
  ['GET https://docs.example.test/', 400, 'malformed'],
  ['GET ftp://docs.example.test/', 400, 'malformed'],
  ['TRACE http://docs.example.test/', 400, 'malformed'],
])('%s is refused with %i', async (line, status, reason) => {
  const server = await httpServer((_, response) => response.end('x'));
  const rig = await egressRig({ list: ['docs.example.test:80'], ports: { 80: server.port } });
  expect(await rig.raw(`${line} HTTP/1.1\r\nHost: docs.example.test\r\nConnection: close\r\n\r\n`)).toMatch(
    new RegExp(`^HTTP/1.1 ${status} `),
  );
  expect(rig.refused).toMatchObject([{ reason }]);
  expect(server.connections).toEqual([]);
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

test('a request body and an answer pass however large, no faster than the other side takes them', async () => {
  const size = 8 * 1024 * 1024;
  let got = 0;
  const server = await httpServer((request, response) => {
    request.on('data', (chunk: Buffer) => (got += chunk.length));
    request.on('end', () => response.end(Buffer.alloc(size, 'y')));
  });
  const rig = await egressRig({ list: ['docs.example.test:80'], ports: { 80: server.port } });
  const head = `POST http://docs.example.test/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`;
  const answer = await rig.raw(Buffer.concat([Buffer.from(head), Buffer.alloc(size, 'x')]));
  expect(answer.length).toBeGreaterThan(size);
  expect(got).toBe(size);
});

test('a reader that stops reading stops the host from sending', async () => {
  let written = 0;
  const server = await httpsServer((_, response) => {
    const more = (): void => {
      while (written < 256 * 1024 * 1024) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) {
          response.once('drain', more);
          return;
        }
      }
    };
    more();
  });
  const rig = await egressRig({ list: ['docs.example.test'], ports: { 443: server.port } });
  const tls = await tlsOver(await rig.tunnel('docs.example.test:443'), 'docs.example.test');
  tls.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  tls.once('data', () => tls.pause());
  let before = -1;
  await until(() => {
    const still = written > 0 && written === before;
    before = written;
    return still;
  });
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

test('when a task has moved what it may, its connections end and no new one is made', async () => {
  const server = await httpsServer((_, response) => response.end(Buffer.alloc(3_000_000)));
  const rig = await egressRig({
    list: ['docs.example.test'],
    ports: { 443: server.port },
    limits: { bytes: 1_000_000 },
  });
  const tls = await tlsOver(await rig.tunnel('docs.example.test:443'), 'docs.example.test');
  tls.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect((await everything(tls)).length).toBeLessThan(2_000_000);
  expect((await rig.tunnel('docs.example.test:443')).head).toContain('403 This task has moved all the data it may');
  expect(rig.refused).toMatchObject([{ reason: 'used_up' }]);
});

test('what is sent out has a line of its own', async () => {
  const server = await httpServer((request, response) => request.resume().on('end', () => response.end('ok')));
  const rig = await egressRig({
    list: ['docs.example.test:80'],
    ports: { 80: server.port },
    limits: { sent: 100_000 },
  });
  const size = 5_000_000;
  const head = `POST http://docs.example.test/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`;
  expect(await rig.raw(Buffer.concat([Buffer.from(head), Buffer.alloc(size)]))).not.toContain('200 OK');
  const sent = rig.meter.take()?.hosts[0]?.sent ?? 0;
  expect(sent).toBeGreaterThanOrEqual(100_000);
  expect(sent).toBeLessThan(1_000_000);
});

test('connections at once and new ones in a minute are limited, and free again afterwards', async () => {
  const clock = manualClock();
  const { rig } = await behind443({ list: ['docs.example.test'], clock, limits: { connections: 2, perMinute: 4 } });
  const open = await Promise.all([rig.tunnel('docs.example.test:443'), rig.tunnel('docs.example.test:443')]);
  expect((await rig.tunnel('docs.example.test:443')).head).toContain('503 Too many connections');
  for (const { socket } of open) socket.destroy();
  const status = async () => {
    const { status, socket } = await rig.tunnel('docs.example.test:443');
    socket.destroy();
    return status;
  };
  for (let made = 2; made < 4;) if ((await status()) === 200) made += 1;
  let last = 503;
  while (last === 503) last = await status();
  expect(last).toBe(429);
  clock.advance(60_000);
  expect(await status()).toBe(200);
});

test('a connection without a byte ends after its time, one whose other side is done ends sooner', async () => {
  const clock = manualClock();
  const { rig, server } = await behind443({ list: ['docs.example.test'], clock });
  const tls = await tlsOver(await rig.tunnel('docs.example.test:443'), 'docs.example.test');
  clock.advance(300_000);
  expect(tls.destroyed).toBe(false);
  clock.advance(120_000);
  await everything(tls);
  let over = false;
  const ends = await tcpServer(
    (socket) =>
      void socket
        .resume()
        .on('close', () => (over = true))
        .end(),
  );
  const half = await egressRig({ list: [`docs.example.test:${ends.port}`], clock });
  const tunnel = await half.tunnel(`docs.example.test:${ends.port}`);
  tunnel.socket.write(await helloFor('docs.example.test'));
  await until(() => (ends.connections[0]?.bytesRead ?? 0) > 0);
  await tunnel.rest();
  clock.advance(50_000);
  expect(over).toBe(false);
  clock.advance(50_000);
  await until(() => over);
  expect(server.connections.length).toBe(1);
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

test('whatever bytes come, the door stays up and nothing unlisted is reached', async () => {
  const { rig, server } = await behind443({ list: ['docs.example.test'] });
  const piece = fc.constantFrom(
    'CONNECT ',
    'GET ',
    'docs.example.test',
    'evil.test',
    ':443',
    ':80',
    ' HTTP/1.1',
    '\r\n',
    '\r\n\r\n',
    'http://',
    '@',
    '\0',
    'Host: x',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\n',
    '127.0.0.1',
    '\x16\x03\x01\x00\xff',
    'é',
  );
  const bytes = fc.array(fc.oneof(piece, anyBytes), { maxLength: 12 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(bytes, async (text) => {
      await rig.raw(Buffer.concat([Buffer.from(text), Buffer.from('\r\n\r\n\r\nx x x\r\n\r\n')]));
    }),
    { numRuns: 300 },
  );
  expect(rig.opened.every(({ host, port }) => host === 'docs.example.test' && port === 443)).toBe(true);
  expect(server.connections.every((socket) => socket.bytesRead === 0)).toBe(true);
  expect((await rig.tunnel('docs.example.test:443')).status).toBe(200);
});
