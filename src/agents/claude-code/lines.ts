import { StringDecoder } from 'node:string_decoder';

/** Past so many UTF-16 units a line is dropped: no message is that long, and memory is not endless. */
const MAX_LINE = 64 * 1024 * 1024;

export interface LineSplitter {
  /** Takes the next bytes; returns the lines that they complete, without their line ends. */
  push(chunk: Uint8Array): string[];
  /** The end of the stream: the last line, where it had no line end. */
  end(): string[];
}

/** Splits a byte stream into lines. Characters may be split anywhere; broken UTF-8 becomes replacement characters. Empty lines are left out. */
export function lineSplitter(maxLine = MAX_LINE): LineSplitter {
  const decoder = new StringDecoder('utf8');
  // Parts are joined once a line is complete: adding to one string would copy megabytes again and again.
  let parts: string[] = [];
  let length = 0;
  const keep = (part: string) => {
    length += part.length;
    if (length <= maxLine) parts.push(part);
    else parts = [];
  };
  const take = (): string[] => {
    const line = length <= maxLine ? parts.join('') : '';
    parts = [];
    length = 0;
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    return trimmed === '' ? [] : [trimmed];
  };
  const feed = (text: string): string[] => {
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      keep(text.slice(start, end));
      lines.push(...take());
      start = end + 1;
    }
    if (start < text.length) keep(text.slice(start));
    return lines;
  };
  return {
    push: (chunk) => feed(decoder.write(chunk)),
    end: () => [...feed(decoder.end()), ...take()],
  };
}
