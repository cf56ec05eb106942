import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { HomePaths } from '../home/index.ts';

/**
 * The folder of a run's sockets: in the temporary folder, for a socket's path is short. The home remembers it, so that the next
 * start removes what a kill left. Call it under the home's lock. The caller removes the folder.
 */
export async function openSocketFolder(paths: Pick<HomePaths, 'own'>): Promise<string> {
  const record = join(paths.own, 'sockets');
  await removeLast(await readFile(record, 'utf8').catch(() => ''));
  const folder = join(tmpdir(), `dayshift-run-${randomUUID().slice(0, 8)}`);
  // Written down before it is there: a kill in between leaves nothing that nobody knows of.
  await writeFile(record, `${folder}\n`, { mode: 0o600 });
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

async function removeLast(recorded: string): Promise<void> {
  const folder = recorded.trim();
  if (!/^dayshift-run-[0-9a-f]{8}$/.test(basename(folder))) return;
  const stats = await lstat(folder).catch(() => undefined);
  if (stats?.isDirectory() === true) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
