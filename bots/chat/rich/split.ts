import type { Block, Rich, Span } from '../../../src/journal/index.ts';

/**
 * Cuts a text into parts that fit, nothing left out: between blocks where that does; a block that alone is too long
 * is cut between its lines, then between words, then anywhere but inside a surrogate pair. Code stays code in each
 * part, and words keep their markup.
 * @param length a part's length as its server counts it; it must not shrink when text is added
 */
export function splitRich(rich: Rich, limit: number, length: (part: Rich) => number): Rich[] {
  const parts: Rich[] = [];
  let part: Rich = [];
  const flush = () => {
    if (part.length > 0) parts.push(part);
    part = [];
  };
  const queue = [...rich];
  for (let block = queue.shift(); block !== undefined; block = queue.shift()) {
    if (length([...part, block]) <= limit) {
      part.push(block);
      continue;
    }
    // What stands whole in a part of its own is not cut, unless much of this part would stay empty.
    if (part.length > 0 && (length([block]) <= limit || length(part) > limit / 2)) {
      flush();
      queue.unshift(block);
      continue;
    }
    const [head, tail] = cut(block, (piece) => length([...part, piece]) <= limit);
    if (head !== undefined) part.push(head);
    else if (part.length === 0) throw new Error(`a limit of ${limit} holds nothing`);
    flush();
    if (tail !== undefined) queue.unshift(tail);
  }
  flush();
  return parts.length === 0 ? [[]] : parts;
}

/** The longest beginning of a block that fits, and the rest. */
function cut(block: Block, fits: (piece: Block) => boolean): [head: Block | undefined, tail: Block | undefined] {
  const text = textOf(block);
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(slice(block, 0, middle))) low = middle;
    else high = middle - 1;
  }
  const at = goodPlace(text, low);
  if (at === 0) return [undefined, block];
  // The newline or space at which it is cut stands for itself.
  const skip = /\s/.test(text.charAt(at)) ? 1 : 0;
  const rest = at + skip;
  return [slice(block, 0, at), rest >= text.length ? undefined : slice(block, rest, text.length)];
}

/** The last line's end at or before `max`, else the last word's, else `max` itself; never between two halves of a character. */
function goodPlace(text: string, max: number): number {
  if (max >= text.length) return text.length;
  if (/\s/.test(text.charAt(max))) return max;
  const newline = text.lastIndexOf('\n', max);
  if (newline > max / 2) return newline;
  const space = text.lastIndexOf(' ', max);
  if (space > max / 2) return space;
  if (newline > 0) return newline;
  const unit = text.charCodeAt(max);
  const inside = unit >= 0xdc00 && unit <= 0xdfff && max > 0 && isHigh(text.charCodeAt(max - 1));
  return inside ? max - 1 : max;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function textOf(block: Block): string {
  return block.type === 'pre' ? block.text : block.spans.map(({ text }) => text).join('');
}

function slice(block: Block, from: number, to: number): Block {
  if (block.type === 'pre') return { ...block, text: block.text.slice(from, to) };
  const spans: Span[] = [];
  let at = 0;
  for (const span of block.spans) {
    const text = span.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') spans.push({ ...span, text });
    at += span.text.length;
  }
  return { ...block, spans };
}
