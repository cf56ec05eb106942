import { lstat, mkdtemp, readFile, readdir, rmdir, unlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

const prefix = '.doctor-';
/** A trial takes moments. One of another process that is younger, in ms, may be under way. */
const hourMs = 3_600_000;

/** A fresh folder in `place`, to try something in. The caller removes it. Rejects where none can be made. */
export function trialFolder(place: string): Promise<string> {
  return mkdtemp(join(place, prefix));
}

/**
 * Removes the trial folders from `place` that a kill left there. Places are a person's: what is removed has the name, the owner and
 * the rights of a trial and holds nothing but what a trial makes; all else stays. Never rejects.
 */
export async function sweepTrials(place: string, now: number): Promise<void> {
  const names = await readdir(place).catch(() => []);
  for (const name of names.filter((one) => /^\.doctor-[A-Za-z0-9]{6}$/.test(one))) {
    await sweepTrial(join(place, name), now).catch(() => undefined);
  }
}

async function sweepTrial(folder: string, now: number): Promise<void> {
  const stats = await lstat(folder);
  const { uid } = userInfo();
  if (!stats.isDirectory() || (uid >= 0 && stats.uid !== uid) || (stats.mode & 0o777) !== 0o700) return;
  if (now - stats.mtimeMs < hourMs) return;
  const files = (await readdir(folder)).map((name) => join(folder, name));
  for (const file of files) if (!(await isTrials(file))) return;
  for (const file of files) await unlink(file);
  await rmdir(folder);
}

/** A socket, or the file of the clock and of the trial whether something can be written: empty, or nothing but blanks. */
async function isTrials(file: string): Promise<boolean> {
  const stats = await lstat(file);
  return (
    (file.endsWith('/s') && stats.isSocket()) ||
    (file.endsWith('/now') && stats.isFile() && (stats.size === 0 || (await readFile(file, 'utf8')).trim() === ''))
  );
}
