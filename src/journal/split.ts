/** A line without its newline, and where it begins in the file. */
export interface RawLine {
  /** Valid until the next chunk is pushed. */
  bytes: Buffer;
  start: number;
}

export interface Splitter {
  /** The lines that end in this chunk. */
  push(chunk: Buffer): Generator<RawLine>;
  /** What came after the last newline. */
  rest(): RawLine;
}

/** Cuts a file that is read from `offset` on into lines. */
export function lineSplitter(offset: number): Splitter {
  let parts: Buffer[] = [];
  let start = offset;
  return {
    *push(chunk) {
      let from = 0;
      for (;;) {
        const newline = chunk.indexOf(10, from);
        if (newline < 0) break;
        let bytes = chunk.subarray(from, newline);
        if (parts.length > 0) {
          bytes = Buffer.concat([...parts, bytes]);
          parts = [];
        }
        yield { bytes, start };
        start += bytes.length + 1;
        from = newline + 1;
      }
      // A copy, for the reader fills the same chunk again.
      if (from < chunk.length) parts.push(Buffer.from(chunk.subarray(from)));
    },
    rest: () => ({ bytes: Buffer.concat(parts), start }),
  };
}
