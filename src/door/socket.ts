import { chmod, lstat, mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DayshiftError, hasCode } from '../base/index.ts';

/** What `sun_path` holds, without its final NUL. */
const longestPath = process.platform === 'linux' ? 107 : 103;

/**
 * Makes the place of a socket ready: its folder exists and is the owner's alone, and what an earlier process left
 * there is gone. Throws DayshiftError where that cannot be had.
 */
export async function prepareSocket(path: string): Promise<void> {
  if (Buffer.byteLength(path) > longestPath) {
    throw new DayshiftError('environment', `the socket’s path is longer than ${longestPath} bytes: ${path}`, {
      hint: 'Use a home with a shorter path.',
    });
  }
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode } = await stat(folder);
  if ((mode & 0o1000) !== 0) {
    throw new DayshiftError('environment', `${folder} is shared by everybody on this machine`, {
      hint: 'Sockets of doors need a folder of their own.',
    });
  }
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
  try {
    const old = await lstat(path);
    if (!old.isSocket()) throw new DayshiftError('environment', `${path} is there already and is no socket`);
    await rm(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
