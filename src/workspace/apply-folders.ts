import { lstat, mkdir, readdir, rmdir } from 'node:fs/promises';
import type { Chunk } from './patch.ts';
import { onDisk, type RawPath } from './raw.ts';

/**
 * Removes the empty folders that lie where a patch puts a file or a link. Git knows no empty folders, and `git apply`
 * removes one only if nothing at all is in it, not even another empty folder. Files are never touched: a folder that
 * holds one stays, and git then says what is in the way. Returns the function that makes the folders again.
 */
export async function removeEmptyFolders(root: string, chunks: readonly Chunk[]): Promise<() => Promise<void>> {
  const gone: RawPath[] = [];
  for (const path of new Set(chunks.filter((chunk) => chunk.kind !== 'delete').map((chunk) => chunk.newPath))) {
    const stat = await lstat(onDisk(root, path)).catch(() => undefined);
    if (stat?.isDirectory() === true) await removeBelow(root, path, gone);
  }
  return async () => {
    for (const path of gone) await mkdir(onDisk(root, path), { recursive: true });
  };
}

async function removeBelow(root: string, path: RawPath, gone: RawPath[]): Promise<void> {
  const folder = onDisk(root, path);
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    if (entry.isDirectory()) await removeBelow(root, `${path}/${entry.name.toString('latin1')}`, gone);
  }
  // One that holds something or may not be removed stays: git is the one to say what is in its way.
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed) gone.push(path);
}
