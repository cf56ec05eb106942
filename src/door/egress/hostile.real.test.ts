import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { behind443, egressRig, httpServer } from '../../../test/support/egress-rig.ts';
import { until } from '../../../test/support/door-rig.ts';
import { manualClock } from '../../base/index.ts';

/** Any bytes as characters. (fast-check's own unit `binary` takes seconds to make.) */
const anyBytes = fc.uint8Array({ maxLength: 12 }).map((bytes) => String.fromCharCode(...bytes));

vi.setConfig({ testTimeout: 30_000 });

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

test('a proxy with a token lets nobody out who does not show it, and writes nothing down of them', async () => {
  const server = await httpServer((_, response) => response.end('x'));
  const rig = await egressRig({ list: ['docs.example.test:80'], ports: { 80: server.port }, token: 'letmein' });
  const shown = (text: string) => `Proxy-Authorization: ${text}\r\n`;
  const basic = (text: string) => shown(`Basic ${Buffer.from(text).toString('base64')}`);
  const ask = (line: string, header: string) =>
    rig.raw(`${line} HTTP/1.1\r\nHost: docs.example.test\r\nConnection: close\r\n${header}\r\n`);
  const lines = ['GET http://docs.example.test/', 'CONNECT docs.example.test:80', 'GET http://evil.test/'];
  for (const header of ['', basic('dayshift:letmeinn'), basic('letmein'), basic('dayshift:'), shown('Bearer letmein')])
    for (const line of lines) expect(await ask(line, header)).toMatch(/^HTTP\/1.1 407 [^]*\r\n\r\n$/);
  expect(await ask('GET /', basic('dayshift:letmein'))).toMatch(/^HTTP\/1.1 404 [^]*\r\n\r\n(?:0\r\n\r\n)?$/);
  expect([rig.refused, rig.opened, rig.asked, server.connections]).toEqual([[], [], [], []]);
  expect(await ask(lines[0]!, basic('dayshift:letmein'))).toMatch(/^HTTP\/1.1 200 /);
  expect(await ask(lines[2]!, basic('dayshift:letmein'))).toMatch(/^HTTP\/1.1 403 /);
});
