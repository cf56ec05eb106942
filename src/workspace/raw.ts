import { Buffer, isUtf8 } from 'node:buffer';

/**
 * A path as git and the file system hold it: bytes, one character each (latin1), so that names which are not
 * valid UTF-8 survive. Relative, `/` between the parts.
 */
export type RawPath = string;

/** The absolute path of `raw` under `root`, for the functions of node:fs. */
export function onDisk(root: string, raw: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(raw, 'latin1')]);
}

/** NUL-separated output, as raw paths. */
export function splitNul(output: Buffer): RawPath[] {
  const parts = output.toString('latin1').split('\0');
  parts.pop();
  return parts;
}

/** Raw paths as NUL-terminated input. */
export function joinNul(paths: readonly RawPath[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
}

/** A text path as a raw one. */
export function toRaw(path: string): RawPath {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** For people and journals: the name as text, or with `\xNN` for bytes that are none. */
export function display(raw: RawPath): string {
  const bytes = Buffer.from(raw, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return raw.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}
