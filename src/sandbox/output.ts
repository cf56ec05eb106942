import { stripVTControlCharacters } from 'node:util';
import { cutStart } from '../base/index.ts';

/** Collects the end of an output of any size in little memory. */
export interface Tail {
  add(chunk: Uint8Array): void;
  /** The last characters as a person would read them: no colours, no overwritten progress lines. */
  text(): string;
}

/** `max` in characters. */
export function tailOf(max: number): Tail {
  // A character takes up to 4 bytes, and colours and progress bars are taken out later: keep enough to fill the tail.
  const keep = max * 8;
  let chunks: Uint8Array[] = [];
  let held = 0;
  let dropped = false;
  return {
    add(chunk) {
      chunks.push(chunk);
      held += chunk.length;
      if (held < keep * 2) return;
      chunks = [Buffer.concat(chunks).subarray(-keep)];
      dropped ||= held > keep;
      held = keep;
    },
    text() {
      let bytes = Buffer.concat(chunks);
      // A cut may have gone through a character.
      if (dropped) bytes = bytes.subarray(bytes.findIndex((byte) => (byte & 0xc0) !== 0x80));
      return cutStart(readable(bytes.toString('utf8')), max);
    },
  };
}

/** Text as a terminal would show it in the end: without escape sequences, of each line only what overwrote the rest. */
export function readable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(/^.*\r(?=[^\r\n])/gm, '')
    .replaceAll('\r', '')
    .trimEnd();
}
