import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import type { HomePaths } from '../home/index.ts';

/** Enough for a lock, a torn tail and the events of a long cleaning. In bytes. */
const RESERVE = 128 * 1024;
/** With less than this free the reserve is not made (again). In bytes. */
const PLENTY = 16 * 1024 * 1024;

/**
 * Keeps some room of the disk, so that a disk which is full can still be cleaned by Dayshift itself: `clean` needs a lock
 * and a journal. A failure says nothing: then there is no reserve.
 */
export async function keepReserve(paths: Pick<HomePaths, 'own' | 'reserve'>): Promise<void> {
  if ((await stat(paths.reserve).catch(() => undefined))?.size === RESERVE) return;
  const free = await freeBytes(paths.own);
  if (free < PLENTY) return;
  // Not zeros alone: a file system that packs or skips them would keep no room.
  const filling = Buffer.alloc(RESERVE, 'room for dayshift clean on a full disk\n');
  await writeFile(paths.reserve, filling, { mode: 0o600 }).catch(() => rm(paths.reserve, { force: true }));
}

/** Gives the room back where the disk is (nearly) full. */
export async function freeReserve(paths: Pick<HomePaths, 'own' | 'reserve'>): Promise<void> {
  if ((await freeBytes(paths.own)) < RESERVE) await rm(paths.reserve, { force: true });
}

async function freeBytes(folder: string): Promise<number> {
  const disk = await statfs(folder).catch(() => undefined);
  return disk === undefined ? Infinity : disk.bavail * disk.bsize;
}
