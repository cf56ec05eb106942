/**
 * The paths in a git index (versions 2 to 4), in its order; undefined where it is of another kind, or damaged.
 * The format: gitformat-index(5). Only stage 0 to 3 entries' names are looked at.
 */
export function pathsInIndex(bytes: Buffer): string[] | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  // A repository of SHA-256 has longer names of objects; which it is shows by where the first entry's name ends.
  for (const hash of [20, 32]) {
    const paths = entries(bytes, version, count, hash);
    if (paths !== undefined) return paths;
  }
  return undefined;
}

function entries(bytes: Buffer, version: number, count: number, hash: number): string[] | undefined {
  const paths: string[] = [];
  let at = 12;
  let before: Buffer = Buffer.alloc(0);
  for (let entry = 0; entry < count; entry += 1) {
    const flagsAt = at + 40 + hash;
    if (flagsAt + 2 > bytes.length) return undefined;
    const flags = bytes.readUInt16BE(flagsAt);
    const extended = version >= 3 && (flags & 0x4000) !== 0;
    let start = flagsAt + (extended ? 4 : 2);
    let kept = 0;
    if (version === 4) {
      const cut = varint(bytes, start);
      if (cut === undefined || cut.value > before.length) return undefined;
      start = cut.next;
      kept = before.length - cut.value;
    }
    const end = bytes.indexOf(0, start);
    if (end < 0) return undefined;
    const own = bytes.subarray(start, end);
    const name = kept === 0 ? own : Buffer.concat([before.subarray(0, kept), own]);
    const length = flags & 0xfff;
    if (name.length === 0 || (length !== 0xfff && length !== name.length)) return undefined;
    const path = name.toString('utf8');
    if (path !== paths.at(-1)) paths.push(path);
    before = name;
    // Entries of version 2 and 3 are padded with one to eight NULs to a multiple of eight bytes.
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return at <= bytes.length - hash && !isSplit(bytes, at, hash) ? paths : undefined;
}

/** A split index holds only what changed; the rest is in another file. */
function isSplit(bytes: Buffer, start: number, hash: number): boolean {
  for (let at = start; at + 8 <= bytes.length - hash; at += 8 + bytes.readUInt32BE(at + 4))
    if (bytes.toString('latin1', at, at + 4) === 'link') return true;
  return false;
}

/** An offset as git writes it: seven bits a byte, each further byte adds one. */
function varint(bytes: Buffer, start: number): { value: number; next: number } | undefined {
  let at = start;
  let byte = bytes[at];
  if (byte === undefined) return undefined;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    at += 1;
    byte = bytes[at];
    if (byte === undefined || value > 0xff_ffff) return undefined;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at + 1 };
}
