/** What an address is, as far as it matters who may be reached. Only `public` ones lie out in the world. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'multicast'
  | 'unspecified'
  /** For documentation, tests, translation to IPv4, or nothing yet. */
  | 'reserved'
  /** No address at all. */
  | 'unknown';

type Range = readonly [first: string, bits: number, kind: Exclude<AddressKind, 'public' | 'unknown'>];

/** IANA's registry of special-purpose addresses, IPv4. */
const ranges4: readonly Range[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link_local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

/** The same for IPv6; whatever lies outside of 2000::/3 and is not named here is reserved too. */
const ranges6: readonly Range[] = [
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['fe80::', 10, 'link_local'],
  ['fec0::', 10, 'private'],
  ['ff00::', 8, 'multicast'],
  // IETF protocols, Teredo and ORCHID among them; documentation; 6to4, which carries IPv4; documentation again.
  ['2001::', 23, 'reserved'],
  ['2001:db8::', 32, 'reserved'],
  ['2002::', 16, 'reserved'],
  ['3fff::', 20, 'reserved'],
];

/** What kind of address `text` is. IPv4 inside IPv6 (mapped, NAT64) is reserved: a name has no need of it. */
export function kindOf(text: string): AddressKind {
  const four = parse4(text);
  if (four !== undefined) return kind4(four);
  const six = parse6(text);
  if (six === undefined) return 'unknown';
  for (const [first, bits, kind] of ranges6) if (within(six, parse6(first) ?? 0n, 128, bits)) return kind;
  return six >> 125n === 1n ? 'public' : 'reserved';
}

function kind4(value: bigint): AddressKind {
  for (const [first, bits, kind] of ranges4) if (within(value, parse4(first) ?? 0n, 32, bits)) return kind;
  return 'public';
}

function within(value: bigint, first: bigint, width: number, bits: number): boolean {
  const shift = BigInt(width - bits);
  return value >> shift === first >> shift;
}

/** Four decimal numbers without leading zeros, as resolvers write them. */
function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** Without a zone: an address with one is meant for a single link. */
function parse6(text: string): bigint | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = tail === null ? undefined : parse4(tail[2] ?? '');
  if (tail !== null && four === undefined) return undefined;
  const plain =
    four === undefined ? text : `${tail?.[1] ?? ''}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
