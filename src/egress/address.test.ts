import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kindOf } from './index.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['172.15.255.255', 'public'],
  ['172.32.0.0', 'public'],
  ['100.63.255.255', 'public'],
  ['100.128.0.0', 'public'],
  ['223.255.255.255', 'public'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['169.254.169.254', 'link_local'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'reserved'],
  ['240.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.80', 'reserved'],
  ['198.19.0.1', 'reserved'],
  ['2606:4700::6810:84e5', 'public'],
  ['2a00:1450:4001:80b::200e', 'public'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['fd00::1', 'private'],
  ['fc00::', 'private'],
  ['fec0::1', 'private'],
  ['fe80::1', 'link_local'],
  ['fe80::1%eth0', 'unknown'],
  ['ff02::1', 'multicast'],
  ['::ffff:8.8.8.8', 'reserved'],
  ['::ffff:127.0.0.1', 'reserved'],
  ['::ffff:7f00:1', 'reserved'],
  ['::127.0.0.1', 'reserved'],
  ['64:ff9b::8.8.8.8', 'reserved'],
  ['64:ff9b:1::a00:1', 'reserved'],
  ['2002:7f00:1::', 'reserved'],
  ['2001:0:1::', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['100::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['', 'unknown'],
  ['localhost', 'unknown'],
  ['127.1', 'unknown'],
  ['0177.0.0.1', 'unknown'],
  ['1.2.3.256', 'unknown'],
  ['1:2:3:4:5:6:7', 'unknown'],
  ['1:2:3:4:5:6:7:8:9', 'unknown'],
  ['::1::', 'unknown'],
  ['12345::', 'unknown'],
  [':::', 'unknown'],
])('%s is %s', (address, kind) => {
  expect(kindOf(address)).toBe(kind);
});

test('what Node takes for no address, or for one that is not public, is never public here', () => {
  // One for each family: a list of Node's takes an IPv4 address for its IPv6 form too.
  const closed = { 4: new BlockList(), 6: new BlockList() };
  const four: [string, number][] = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['224.0.0.0', 3],
  ];
  for (const [net, bits] of four) closed[4].addSubnet(net, bits, 'ipv4');
  for (const [net, bits] of [
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
    ['::', 8],
  ] as [string, number][])
    closed[6].addSubnet(net, bits, 'ipv6');
  const anything = fc.oneof(
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6(),
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.'.split(/(?=.)/)) }),
  );
  fc.assert(
    fc.property(anything, (address) => {
      const kind = kindOf(address);
      const family = isIP(address);
      if (family === 0) expect([address, kind]).toEqual([address, 'unknown']);
      else if (!address.includes('%')) expect([address, kind]).not.toEqual([address, 'unknown']);
      if (family === 4 && closed[4].check(address, 'ipv4')) expect([address, kind]).not.toEqual([address, 'public']);
      if (family === 6 && closed[6].check(address, 'ipv6')) expect([address, kind]).not.toEqual([address, 'public']);
    }),
    { numRuns: 3_000 },
  );
});
