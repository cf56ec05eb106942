/**
 * A secret in the words of a streamed answer comes a few letters an event: its bytes never stand together, and the
 * client puts them together again. This finds it there.
 *
 * The meter shows each delta as it passes; looking at its last letter is nearly always all that is done. Where what was
 * said so far ends like a secret begins, the bytes are looked at letter by letter from then on, and what may become the
 * secret is held back until it is that, or something else.
 */
export interface Spread {
  /** A delta passes: the JSON of its event. */
  delta(data: Buffer): void;
  /** What may go on of these bytes. They come after the deltas in them were shown. */
  clean(bytes: Buffer): Buffer;
  /** What is still held, at the end. */
  flush(): Buffer;
}

/** So many letters of a secret tell nothing: all keys begin alike. What begins with them is looked at closely. */
const harmless = 8;
/** A shorter secret is not looked for: its letters would be found in honest words. */
const shortest = 16;
const quote = 0x22;
const newline = 0x0a;
const mark = '[removed]';

const nothing: Buffer = Buffer.alloc(0);

export function spreadOf(secrets: readonly string[]): Spread {
  const watched = secrets.filter((secret) => secret.length >= shortest).map((secret) => watch(Buffer.from(secret)));
  let strict = false;
  let held: Buffer = nothing;
  return {
    delta(data) {
      if (strict) return;
      for (const one of watched) if (one.said(data) >= harmless) strict = true;
    },
    clean(bytes) {
      if (!strict && held.length === 0 && endsWhole(bytes)) return bytes;
      let rest = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      let hold = rest.length;
      if (strict) {
        for (const { secret } of watched) rest = withoutSpread(rest, secret);
        hold = Math.min(rest.length, ...watched.map(({ secret }) => openFrom(rest, secret)));
      } else if (watched.some((one) => one.matched() > 0) || endOfText(rest) >= 0) {
        // Half an event is nothing to the client yet; whole, its delta is shown here before it goes.
        hold = eventsEnd(rest);
      }
      held = rest.subarray(hold);
      return rest.subarray(0, hold);
    },
    flush() {
      const rest = held;
      held = nothing;
      return rest;
    },
  };
}

/** Follows how far the words so far end like `secret` begins. It looks at each delta of each answer: no copies are made. */
function watch(secret: Buffer) {
  /** For each byte the lengths of the secret's beginnings that end in it, longest first. */
  const endings: number[][] = Array.from({ length: 256 }, () => []);
  for (let length = secret.length - 1; length > 0; length -= 1) endings[secret[length - 1] ?? 0]?.push(length);
  let matched = 0;

  /** How long a beginning of the secret stands before `end`. */
  function beginningBefore(data: Buffer, end: number): number {
    for (const length of endings[data[end - 1] ?? 0] ?? []) {
      let back = 2;
      while (back <= length && data[end - back] === secret[length - back]) back += 1;
      if (back > length) return length;
    }
    return 0;
  }

  /** How many letters of the secret stand from `start` to `end` where `matched` stood before; undefined where it is something else. */
  function moreFrom(data: Buffer, start: number, end: number): number | undefined {
    const length = Math.min(end - start, secret.length - matched);
    for (let n = 0; n < length; n += 1) if (data[start + n] !== secret[matched + n]) return undefined;
    return length;
  }

  return {
    secret,
    matched: () => matched,
    /** How many letters of the secret the words end with, after this delta. */
    said(data: Buffer): number {
      const end = endOfText(data);
      if (end < 0) return matched;
      const more = matched === 0 ? undefined : moreFrom(data, startOfText(data, end), end);
      // All of it: what follows is looked at closely anyway.
      matched = more === undefined ? beginningBefore(data, end) : matched + more;
      if (matched === secret.length) matched = harmless;
      return matched;
    },
  };
}

/** Where the text of a delta ends: its event closes with `"}}`, and perhaps the line. -1 where it has none. */
function endOfText(data: Buffer): number {
  let end = data.length - 1;
  while (end >= 0 && (data[end] === 0x7d || (data[end] ?? 0) <= 0x20)) end -= 1;
  return data[end] === quote ? end : -1;
}

/** Whether the bytes end with an event's blank line. */
function endsWhole(bytes: Buffer): boolean {
  const before = bytes.length - (bytes[bytes.length - 2] === 0x0d ? 3 : 2);
  return bytes[bytes.length - 1] === newline && bytes[before] === newline;
}

/** Where the last whole event ends. */
function eventsEnd(bytes: Buffer): number {
  const [plain, long] = [bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\n\r\n')];
  return Math.max(plain < 0 ? 0 : plain + 2, long < 0 ? 0 : long + 3);
}

/** Where it begins: behind the last quote that is not escaped. */
function startOfText(data: Buffer, end: number): number {
  let start = end;
  while (start > 0 && (data[start - 1] !== quote || data[start - 2] === 0x5c)) start -= 1;
  return start;
}

/** `bytes` without the secrets that are spread over events in it. Of a secret that is whole at once there is none any more. */
function withoutSpread(bytes: Buffer, secret: Buffer): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { found, pieces } of candidates(bytes, secret)) {
    if (found !== 'whole' || (pieces[0]?.[0] ?? 0) < done) continue;
    for (const [index, [from, to]] of pieces.entries()) {
      parts.push(bytes.subarray(done, from));
      if (index === 0) parts.push(Buffer.from(mark));
      done = to;
    }
  }
  return done === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(done)]);
}

/** From where on `bytes` may be a secret whose rest has not come; their length if nowhere. */
function openFrom(bytes: Buffer, secret: Buffer): number {
  for (const { found, pieces } of candidates(bytes, secret)) if (found === 'open') return pieces[0]?.[0] ?? 0;
  return bytes.length;
}

type Pieces = [number, number][];

/** Every place where the secret, without its first letters, stands whole, or begins and the bytes end. */
function* candidates(bytes: Buffer, secret: Buffer): Generator<{ found: 'whole' | 'open'; pieces: Pieces }> {
  const needle = secret.subarray(harmless);
  for (let at = bytes.indexOf(needle[0] ?? 0); at >= 0; at = bytes.indexOf(needle[0] ?? 0, at + 1)) {
    const match = matchAt(bytes, at, needle);
    if (match !== undefined) yield match;
  }
}

function matchAt(
  bytes: Buffer,
  start: number,
  needle: Buffer,
): { found: 'whole' | 'open'; pieces: Pieces } | undefined {
  const pieces: Pieces = [];
  let from = start;
  let at = start;
  for (const letter of needle) {
    while (bytes[at] === quote) {
      if (at > from) pieces.push([from, at]);
      const next = nextText(bytes, at);
      if (next === 'other') return undefined;
      if (next === 'open') return { found: 'open', pieces };
      from = at = next;
    }
    if (at >= bytes.length) return { found: 'open', pieces: [...pieces, [from, at]] };
    if (bytes[at] !== letter) return undefined;
    at += 1;
  }
  return { found: 'whole', pieces: [...pieces, [from, at]] };
}

/** Where the text of the next delta begins, after one that ends at `at`; `other` where something else comes first. */
function nextText(bytes: Buffer, at: number): number | 'open' | 'other' {
  let line = bytes.indexOf(newline, at) + 1;
  while (line > 0) {
    const end = bytes.indexOf(newline, line);
    if (end < 0) return 'open';
    const text = bytes.toString('latin1', line, end);
    if (/^data:.*"content_block_delta"/u.test(text)) {
      const begin = /"(?:text|partial_json|thinking)"\s*:\s*"/u.exec(text);
      return begin === null ? 'other' : line + begin.index + begin[0].length;
    }
    // Names of events, pings, comments and blank lines may stand between two deltas.
    if (text.startsWith('data:') && !/"type"\s*:\s*"ping"/u.test(text)) return 'other';
    line = end + 1;
  }
  return 'open';
}
