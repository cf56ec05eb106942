import { mkdtempSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

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

/** A fresh folder in the temporary folder, for this user alone. The caller removes it; `sweepScratch` does after a kill. */
export function scratchFolder(purpose: Purpose, below = tmpdir()): Promise<string> {
  return mkdtemp(join(below, `dayshift-${purpose}-`));
}

/** The same, at once. */
export function scratchFolderSync(purpose: Purpose): string {
  return mkdtempSync(join(tmpdir(), `dayshift-${purpose}-`));
}

/** Removes from `below` this user’s scratch folders that nobody works in any more: who made them was killed. Never rejects. */
export async function sweepScratch(now: number, below = tmpdir()): Promise<void> {
  const { uid } = userInfo();
  for (const name of await readdir(below).catch(() => [])) {
    const purpose = /^(?:dayshift-|\.(?=doctor-))([a-z]+)-[A-Za-z0-9]{6}$/.exec(name)?.[1];
    if (purpose === undefined || !isPurpose(purpose)) continue;
    const path = join(below, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true || (uid >= 0 && stats.uid !== uid)) continue;
    if (now - stats.mtimeMs < purposes[purpose]) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isPurpose(text: string): text is Purpose {
  return Object.hasOwn(purposes, text);
}
