import { mkdtempSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { hasCode } from './errors.ts';

const HOUR_MS = 3_600_000;

/** What temporary folders are made for, and for how long after its last change nobody else may take one for left behind, in ms. */
const purposes = {
  apply: HOUR_MS,
  commit: HOUR_MS,
  voice: HOUR_MS,
  pipe: HOUR_MS,
  filter: HOUR_MS,
  doctor: HOUR_MS,
  arena: 24 * HOUR_MS,
  // A person writes in it.
  message: 7 * 24 * HOUR_MS,
} as const;

type Purpose = keyof typeof purposes;

/**
 * A fresh folder in the temporary folder, for this user alone. The caller removes it; `sweepScratch` does after a kill. Its name
 * tells the maker's pid.
 */
export function scratchFolder(purpose: Purpose, below = tmpdir()): Promise<string> {
  return mkdtemp(join(below, stem(purpose)));
}

/** The same, at once. */
export function scratchFolderSync(purpose: Purpose): string {
  return mkdtempSync(join(tmpdir(), stem(purpose)));
}

function stem(purpose: Purpose): string {
  return `dayshift-${purpose}-${process.pid}-`;
}

/**
 * Removes from `below` this user’s scratch folders that nobody works in any more: who made them was killed. Age alone does not
 * tell: a machine sleeps, a disk is slow. Never rejects.
 */
export async function sweepScratch(now: number, below = tmpdir()): Promise<void> {
  const { uid } = userInfo();
  for (const name of await readdir(below).catch(() => [])) {
    const [, purpose = '', pid] = /^dayshift-([a-z]+)-(\d{1,10})-[A-Za-z0-9]{6}$/.exec(name) ?? [];
    if (!isPurpose(purpose)) continue;
    const path = join(below, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true || (uid >= 0 && stats.uid !== uid) || (stats.mode & 0o777) !== 0o700) continue;
    if (isAtWork(Number(pid), stats.mtimeMs)) continue;
    // In another container that shares this folder its maker may live where nobody here sees it.
    if (now - stats.mtimeMs < purposes[purpose]) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whether the maker may be alive. A pid that somebody else has by now keeps a folder until a later sweep. */
function isAtWork(pid: number, changed: number): boolean {
  // In a container each life may have the same pid.
  if (pid === process.pid) return changed >= performance.timeOrigin;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(purposes, text);
}
