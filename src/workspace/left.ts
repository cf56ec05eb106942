import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { onDisk, type RawPath } from './raw.ts';

/** What checks left behind in a checkout: the fingerprint of each path as they left it. Kept in the store. */
export type Left = Record<RawPath, string>;

const leftFile = 'left.json';
/** Above this size a file is told from its later self by size and time alone. In bytes. */
const readWhole = 5 * 1024 * 1024;

/** Empty where checks left nothing, or where what was written of it cannot be read: then all counts as work. */
export function readLeft(store: string): Left {
  try {
    return JSON.parse(readFileSync(join(store, leftFile), 'utf8')) as Left;
  } catch {
    return {};
  }
}

export async function writeLeft(store: string, left: Left): Promise<void> {
  const file = join(store, leftFile);
  if (Object.keys(left).length === 0) return rm(file, { force: true });
  await writeFile(`${file}.new`, JSON.stringify(left));
  await rename(`${file}.new`, file);
}

/** True while the path is still as the checks left it: whoever writes to it afterwards makes it their own. */
export function isLeft(left: Left, checkout: string, path: RawPath): boolean {
  const known = Object.hasOwn(left, path) ? left[path] : undefined;
  return known !== undefined && known === fingerprint(checkout, path);
}

/** The state of a path in a word; `gone` where nothing is there, undefined where it cannot be read or is bigger than `most` bytes. */
export function fingerprint(checkout: string, path: RawPath, most = Infinity): string | undefined {
  const file = onDisk(checkout, path);
  try {
    const stat = lstatSync(file);
    if (stat.isSymbolicLink()) return `link ${hash(readlinkSync(file, 'buffer'))}`;
    if (!stat.isFile()) return 'no file';
    if (stat.size > most) return undefined;
    const mode = (stat.mode & 0o100) === 0 ? 'file' : 'program';
    return stat.size > readWhole
      ? `${mode} ${stat.size} ${stat.mtimeMs} ${stat.ino}`
      : `${mode} ${hash(readFileSync(file))}`;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR') || hasCode(error, 'ELOOP')) return 'gone';
    return undefined;
  }
}

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}
