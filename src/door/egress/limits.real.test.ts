import { expect, test, vi } from 'vitest';
import {
  behind443,
  egressRig,
  everything,
  helloFor,
  httpServer,
  httpsServer,
  tcpServer,
  tlsOver,
} from '../../../test/support/egress-rig.ts';
import { until } from '../../../test/support/door-rig.ts';
import { manualClock } from '../../base/index.ts';

vi.setConfig({ testTimeout: 30_000 });

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
