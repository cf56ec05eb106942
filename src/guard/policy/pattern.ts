import { FILES, ONE, SAFE, STAR, STAR_DOT, UNKNOWN, isKnown } from '../marks.ts';

/** A pattern of text, ready to be compared. */
export interface Pattern {
  /** True where the text, of which marked parts are not known, may be one that the pattern means. */
  may(text: string): boolean;
  /** True where it is one for certain: what is not known is covered by a `*` of the pattern. */
  must(text: string): boolean;
}

/** Longer texts with unknown parts are compared by their beginning, in UTF-16 units. */
const longest = 2000;

/**
 * `*` stands for any text. With `slashes`, `*` stays within a path's segment and `**` crosses them.
 * Nothing else is special.
 */
export function compilePattern(source: string, slashes = false): Pattern {
  const tokens = tokensOf(source, slashes);
  const start = source.slice(0, source.search(/\*|$/));
  const pieces = slashes ? undefined : source.split('*');
  const plain = (text: string): boolean =>
    pieces === undefined ? meet(tokens, text.split('').map(certain)) : inOrder(pieces, text);
  return {
    may: (text) => (isKnown(text) ? text.startsWith(start) && plain(text) : meet(tokens, possible(text))),
    must: (text) => text.startsWith(start) && plain(text),
  };
}

/** Whether the pieces stand in the text one after the other, the first at its start and the last at its end. */
function inOrder(pieces: readonly string[], text: string): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.startsWith(first) && text.length - last.length >= at && text.endsWith(last);
}

/** A character; or any run of characters, of `segment` without slashes; or any one character but a slash. */
type Token = string | typeof run | typeof segment | typeof one | typeof unread;
const run = Symbol('any text');
const segment = Symbol('any text without a slash');
const one = Symbol('one character');
/** Text that only `run` covers for certain. */
const unread = Symbol('text that nobody knows');

const certain = (char: string): Token => (char === UNKNOWN || char === SAFE || char === FILES ? unread : char);

function tokensOf(source: string, slashes: boolean): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < source.length; i += 1) {
    if (source[i] !== '*') tokens.push(source[i] ?? '');
    else if (!slashes) tokens.push(run);
    else if (source[i + 1] === '*') {
      tokens.push(run);
      i += 1;
    } else tokens.push(segment);
  }
  return tokens;
}

/** Any text that this marked one may stand for. */
function possible(text: string): Token[] {
  const cut = text.length > longest;
  const tokens = (cut ? text.slice(0, longest) : text).split('').map((char): Token => {
    if (char === UNKNOWN || char === SAFE || char === FILES) return run;
    if (char === STAR || char === STAR_DOT) return segment;
    return char === ONE ? one : char;
  });
  if (cut) tokens.push(run);
  return tokens;
}

/** Whether one text is meant by both. */
function meet(a: readonly Token[], b: readonly Token[]): boolean {
  // Row by row: `reach[j]` says that the first tokens of `a` so far and the first `j` of `b` can go together.
  let reach = new Array<boolean>(b.length + 1).fill(false);
  reach[0] = true;
  for (let j = 0; j < b.length && reach[j] === true; j += 1) reach[j + 1] = isMany(b[j]);
  for (const token of a) {
    const next = new Array<boolean>(b.length + 1).fill(false);
    next[0] = reach[0] === true && isMany(token);
    for (let j = 0; j < b.length; j += 1) {
      const other = b[j] ?? '';
      next[j + 1] =
        (isMany(token) && (reach[j + 1] === true || (next[j] === true && within(token, other)))) ||
        (isMany(other) && (next[j] === true || (reach[j + 1] === true && within(other, token)))) ||
        (!isMany(token) && !isMany(other) && reach[j] === true && same(token, other));
    }
    reach = next;
  }
  return reach[b.length] === true;
}

const isMany = (token: Token | undefined): boolean => token === run || token === segment;

/** Whether a run may go over this token of the other side. */
const within = (many: Token, token: Token): boolean =>
  many === run || (token !== '/' && token !== run && token !== unread);

function same(a: Token, b: Token): boolean {
  if (a === unread || b === unread) return false;
  if (a === one) return b !== '/';
  return b === one ? a !== '/' : a === b;
}
