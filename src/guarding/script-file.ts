import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The text of a script that an agent wants to run, for the guard; undefined where it is no regular file of at most
 * `maxBytes`. The agent may have made a pipe or a device of it: a read of those would hold up the daemon for ever.
 */
export function readScriptFile(path: string, maxBytes: number): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined; // not a readable file: the guard takes it as unknown
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(stat.size);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, stat.size, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}
