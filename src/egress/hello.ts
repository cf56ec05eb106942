/** What the first bytes of a client are. */
export type Hello =
  /** A beginning of a TLS handshake so far: ask again once there are `need` bytes. */
  | { kind: 'more'; need: number }
  /** `name`: the server's name that it asks for, as it stands there; undefined where it names none. `hidden`: it names another one encrypted. */
  | { kind: 'hello'; name: string | undefined; hidden: boolean }
  | { kind: 'not_tls' }
  /** It begins like a handshake and is none. */
  | { kind: 'broken' };

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
/** Encrypted Client Hello, and its earlier form that encrypted the name alone. */
const hidingExtensions = new Set([0xfe0d, 0xffce]);
/** Largest hello that is read, in bytes; with post-quantum keys they are below 4 KB. */
const longestHello = 16_384;
/** Largest content of a TLS record, in bytes. */
const longestRecord = 16_384;
/** A hello may be split over records; nobody splits it over more than two or three. */
const mostRecords = 16;

/** Reads the ClientHello that a TLS connection begins with, as far as the server's name. Never throws. */
export function readHello(bytes: Uint8Array): Hello {
  const message = unwrapped(bytes);
  if (!(message instanceof Uint8Array)) return message;
  try {
    return parse(cursor(message));
  } catch (error) {
    if (error instanceof Short) return { kind: 'broken' };
    throw error;
  }
}

/** The handshake message inside the records, which may be split over several; or what hinders. */
function unwrapped(bytes: Uint8Array): Uint8Array | Exclude<Hello, { kind: 'hello' }> {
  let message = new Uint8Array(0);
  for (let at = 0, records = 0; records < mostRecords; records += 1) {
    if (at < bytes.length && bytes[at] !== handshakeRecord) return at === 0 ? { kind: 'not_tls' } : { kind: 'broken' };
    if (at + 1 < bytes.length && bytes[at + 1] !== 3) return at === 0 ? { kind: 'not_tls' } : { kind: 'broken' };
    if (at + 5 > bytes.length) return { kind: 'more', need: at + 5 };
    const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    if (length === 0 || length > longestRecord) return { kind: 'broken' };
    const part = bytes.subarray(at + 5, at + 5 + length);
    message = joined(message, part);
    if (message.length > 0 && message[0] !== clientHello) return { kind: 'broken' };
    if (message.length >= 4) {
      const whole = 4 + (((message[1] ?? 0) << 16) | ((message[2] ?? 0) << 8) | (message[3] ?? 0));
      if (whole > longestHello) return { kind: 'broken' };
      // What follows the hello in the same record would be another message, which no client sends here.
      if (message.length > whole) return { kind: 'broken' };
      if (message.length === whole) return message.subarray(4);
    }
    at += 5 + length;
    if (part.length < length) return { kind: 'more', need: at };
  }
  return { kind: 'broken' };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function parse(hello: Cursor): Hello {
  hello.skip(2 + 32); // version, random
  hello.skip(hello.number(1)); // session
  hello.skip(hello.number(2)); // cipher suites
  hello.skip(hello.number(1)); // compression
  if (hello.left() === 0) return { kind: 'hello', name: undefined, hidden: false };
  const extensions = hello.part(hello.number(2));
  if (hello.left() !== 0) return { kind: 'broken' };
  let name: string | undefined;
  let hidden = false;
  const seen = new Set<number>();
  while (extensions.left() > 0) {
    const type = extensions.number(2);
    const content = extensions.part(extensions.number(2));
    // Of two names one reader takes the first, another the last.
    if (seen.has(type)) return { kind: 'broken' };
    seen.add(type);
    if (hidingExtensions.has(type)) hidden = true;
    if (type !== serverNameExtension) continue;
    const names = content.part(content.number(2));
    if (content.left() !== 0 || names.number(1) !== 0) return { kind: 'broken' };
    name = names.text(names.number(2));
    if (names.left() !== 0) return { kind: 'broken' };
  }
  return { kind: 'hello', name, hidden };
}

/** The bytes end before what they say is in them. */
class Short extends Error {}

interface Cursor {
  left(): number;
  skip(count: number): void;
  /** A number of so many bytes. */
  number(size: number): number;
  part(length: number): Cursor;
  text(length: number): string;
}

function cursor(bytes: Uint8Array): Cursor {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw new Short();
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    left: () => bytes.length - at,
    skip: (count) => void take(count),
    number: (size) => take(size).reduce((value, byte) => value * 256 + byte, 0),
    part: (length) => cursor(take(length)),
    text: (length) => String.fromCharCode(...take(length)),
  };
}
