import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import type { Problem } from './problem.ts';
import { MAX_BYTES } from './syntax.ts';

/** `mark`: the file begins with a byte order mark, which `text` is without. */
export type ReadResult = { text: string; mark?: true } | { problem: Problem };

/**
 * A file's text. Its size and kind are looked at before a byte is read. Throws the system's error where it
 * cannot be opened (ENOENT, EACCES): what that means is the caller's to say.
 * @param shown how the file is named to people
 */
export async function readText(path: string, shown: string): Promise<ReadResult> {
  // O_NONBLOCK: opening a named pipe would wait for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      return refuse(shown, stat.isDirectory() ? 'this is a folder, not a file' : 'this is not a regular file');
    }
    if (stat.size > MAX_BYTES) {
      return refuse(shown, `the file is too large: ${stat.size} bytes, at most ${MAX_BYTES} are read`);
    }
    return decodeText(await handle.readFile(), shown);
  } finally {
    await handle.close();
  }
}

/** Bytes as UTF-8 text (a byte order mark is fine), or where they are none. */
export function decodeText(bytes: Uint8Array, shown: string): ReadResult {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refuse(shown, 'this is UTF-16: save the file as UTF-8');
  }
  const text = decode(bytes);
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (text !== undefined) return mark ? { text, mark } : { text };
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    if (decode(bytes.subarray(start, end)) === undefined) break;
    start = end + 1;
  }
  return refuse(shown, 'this is not UTF-8: save the file as UTF-8', line);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(file: string, message: string, line = 1): ReadResult {
  return { problem: { file, line, column: 1, path: '', message, severity: 'error' } };
}
