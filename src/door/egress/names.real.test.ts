import { expect, test, vi } from 'vitest';
import { behind443, egressRig, hello, tlsOver } from '../../../test/support/egress-rig.ts';
import { until } from '../../../test/support/door-rig.ts';
import { manualClock } from '../../base/index.ts';

vi.setConfig({ testTimeout: 30_000 });

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
