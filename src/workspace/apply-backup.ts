import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chunk } from './patch.ts';
import { onDisk } from './raw.ts';
import { copyOne } from './tree-copy.ts';

/**
 * Keeps the files that a patch touches, for the case that git fails in the middle of writing (a full disk, a folder
 * in the way). Returns the function that puts everything back.
 */
export async function saveFiles(root: string, scratch: string, chunks: readonly Chunk[]): Promise<() => Promise<void>> {
  const folder = join(scratch, 'saved');
  await mkdir(folder);
  const saved: { path: Buffer; kind: 'file' | 'link' | 'none'; copy: string; link?: Buffer }[] = [];
  for (const raw of new Set(chunks.flatMap((chunk) => [chunk.oldPath, chunk.newPath]))) {
    const path = onDisk(root, raw);
    const copy = join(folder, String(saved.length));
    const stat = await lstat(path).catch(() => undefined);
    if (stat?.isFile() === true) {
      await copyOne(path, copy);
      saved.push({ path, kind: 'file', copy });
    } else if (stat?.isSymbolicLink() === true)
      saved.push({ path, kind: 'link', copy, link: await readlink(path, 'buffer') });
    else if (stat === undefined) saved.push({ path, kind: 'none', copy });
  }
  return async () => {
    // First everything that is not as it was goes, then the folders and files come back.
    for (const { path } of saved) await removeFile(path);
    for (const { path, kind, copy, link } of saved) {
      if (kind === 'none') continue;
      await mkdir(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
      if (link === undefined) await copyOne(copy, path);
      else await symlink(link, path);
    }
  };
}

async function removeFile(path: Buffer): Promise<void> {
  const stat = await lstat(path).catch(() => undefined);
  if (stat !== undefined && !stat.isDirectory()) await rm(path, { force: true });
}
