import { stat } from 'node:fs/promises';
import { hasCode } from '../../base/index.ts';

/**
 * Tells when a file was changed, and has come to rest: two looks in a row must see the same. Editors write a file anew
 * and rename it into place, or truncate it first and write on: neither is seen half-way, where looks are far enough apart.
 * @param known `asItIs`: what is there at the first look is no change; `nothing`: it is one
 */
export function watchedFile(known: 'asItIs' | 'nothing'): (path: string) => Promise<boolean> {
  let told: string | undefined;
  let last: string | undefined;
  return async (path) => {
    const now = `${path} ${await markOf(path)}`;
    const rests = now === last;
    last = now;
    if (known === 'asItIs') told ??= now;
    if (now === told || !rests) return false;
    told = now;
    return true;
  };
}

/** What a change of a file changes: its inode, its size, its times. */
async function markOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return [ino, size, mtimeMs, ctimeMs].join(' ');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'gone';
    return 'unreadable';
  }
}
