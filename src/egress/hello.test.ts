import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHello } from './index.ts';

/** What a real client sends first. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }).on(
    'error',
    () => undefined,
  );
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return bytes;
  } finally {
    client.destroy();
    server.close();
  }
}

const real = await helloOf({ servername: 'docs.example.org' });

/** The same message in records of at most `size` bytes. */
function split(bytes: Buffer, size: number): Buffer {
  const message = bytes.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part);
  }
  return Buffer.concat(records);
}

/** A hello with just these extensions. */
function made(extensions: [type: number, content: Buffer][]): Buffer {
  const u16 = (n: number) => Buffer.from([n >> 8, n & 255]);
  const list = Buffer.concat(extensions.flatMap(([type, content]) => [u16(type), u16(content.length), content]));
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32),
    Buffer.from([0]),
    u16(2),
    u16(0x1301),
    Buffer.from([1, 0]),
    u16(list.length),
    list,
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([22, 3, 1]), u16(message.length), message]);
}

function serverName(...names: string[]): Buffer {
  const list = Buffer.concat(
    names.map((name) => Buffer.from([0, name.length >> 8, name.length & 255, ...Buffer.from(name, 'latin1')])),
  );
  return Buffer.concat([Buffer.from([list.length >> 8, list.length & 255]), list]);
}

test('the name in the hello of a real client is found, whatever versions it offers', async () => {
  expect(readHello(real)).toEqual({ kind: 'hello', name: 'docs.example.org', hidden: false });
  const old = await helloOf({ servername: 'docs.example.org', maxVersion: 'TLSv1.2' });
  expect(readHello(old)).toEqual({ kind: 'hello', name: 'docs.example.org', hidden: false });
});

test('a client that names nobody is seen to do so', async () => {
  expect(readHello(await helloOf({ servername: '' }))).toEqual({ kind: 'hello', name: undefined, hidden: false });
});

test('a hello that comes in pieces, of the network’s or of its own, is read when it is whole and not before', () => {
  for (const bytes of [real, split(real, 200)]) {
    for (let length = 0; length < bytes.length; length += 1) {
      const part = readHello(bytes.subarray(0, length));
      if (part.kind !== 'more' || part.need <= length) expect([length, part]).toEqual('more');
    }
    expect(readHello(bytes)).toEqual({ kind: 'hello', name: 'docs.example.org', hidden: false });
  }
});

test('a hello in a hundred crumbs is not put together', () => {
  expect(readHello(split(real, 2)).kind).toBe('broken');
});

test('an encrypted name is seen, whatever stands outside', () => {
  const name: [number, Buffer] = [0, serverName('docs.example.org')];
  expect(readHello(made([name, [0xfe0d, Buffer.alloc(40)]]))).toMatchObject({ name: 'docs.example.org', hidden: true });
  expect(readHello(made([name, [0xffce, Buffer.alloc(40)]]))).toMatchObject({ hidden: true });
});

test('two names, two lists of names, or a name of another kind are no hello', () => {
  expect(readHello(made([[0, serverName('docs.example.org', 'evil.test')]])).kind).toBe('broken');
  const twice: [number, Buffer][] = [
    [0, serverName('docs.example.org')],
    [0, serverName('evil.test')],
  ];
  expect(readHello(made(twice)).kind).toBe('broken');
  expect(readHello(made([[0, Buffer.from([0, 4, 1, 0, 1, 97])]])).kind).toBe('broken');
});

test.each([
  ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['PostgreSQL', '\0\0\0\x08\x04\xd2\x16\x2f'],
  ['SSL 2', '\x80\x2e\x01\x00\x02'],
  ['application data', '\x17\x03\x03\x00\x05hello'],
])('%s is not TLS', (_, bytes) => {
  expect(readHello(Buffer.from(bytes, 'latin1')).kind).toBe('not_tls');
});

test('a handshake of a server’s is no hello', () => {
  expect(readHello(Buffer.from([22, 3, 3, 0, 4, 2, 0, 0, 0])).kind).toBe('broken');
});

test('no bytes throw, and whatever name is read stood in them', () => {
  const flipped = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 4 }).map((flips) => {
    const bytes = Buffer.from(real);
    for (const [at, byte] of flips) bytes[at] = byte;
    return bytes;
  });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
    fc.uint8Array({ maxLength: 200 }).map((rest) => Buffer.concat([Buffer.from([22, 3, 1, 0, rest.length]), rest])),
    fc
      .array(
        fc.tuple(
          fc.constantFrom(0, 0, 16, 43, 0xfe0d),
          fc.uint8Array({ maxLength: 20 }).map((all) => Buffer.from(all)),
        ),
        { maxLength: 4 },
      )
      .map(made),
    flipped,
    fc.tuple(flipped, fc.nat(600)).map(([all, end]) => all.subarray(0, end)),
  );
  fc.assert(
    fc.property(bytes, (all) => {
      const found = readHello(all);
      if (found.kind === 'hello' && found.name !== undefined)
        expect(all.includes(Buffer.from(found.name, 'latin1'))).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});
