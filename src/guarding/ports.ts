import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode } from '../base/index.ts';
import type { GuardContext } from '../guard/index.ts';
import { readScriptFile } from './script-file.ts';

/** Scripts are read up to this size, in bytes. */
const LARGEST_SCRIPT = 256 * 1024;

/** The guard's eyes on the real file system; asked anew at every call, nothing is remembered. */
export const realPorts: Pick<GuardContext, 'list' | 'readFile' | 'realpath'> = {
  readFile: (path) => readScriptFile(path, LARGEST_SCRIPT),
  list: namesIn,
  realpath: realpathOf,
};

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined; // no folder, or not for us to read
  }
}

/** Symlinks resolved as far as the path exists. */
function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path || !(hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR'))) return path;
    return join(realpathOf(parent), path.slice(parent === '/' ? 1 : parent.length + 1));
  }
}
