import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import type { HomePaths } from './paths.ts';

const BYTES = 32;

/** The home's own secret, made when it is first asked for: 32 bytes in `.dayshift/secret`, readable by its owner only. A damaged one is replaced; buttons made with it then do nothing. */
export async function homeSecret(paths: HomePaths): Promise<Uint8Array> {
  const file = join(paths.own, 'secret');
  const known = await read(file);
  if (known?.length === BYTES) return known;
  await mkdir(paths.own, { recursive: true });
  if (known !== undefined) await rm(file, { force: true });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, randomBytes(BYTES), { mode: 0o600 });
  // Of two that make one at the same time the first wins, whole.
  await link(fresh, file).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await rm(fresh);
  return readFile(file);
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
