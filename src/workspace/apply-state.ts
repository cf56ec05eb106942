import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { DayshiftError } from '../base/index.ts';
import type { Chunk } from './patch.ts';
import { display, onDisk, type RawPath } from './raw.ts';

/** Throws where a part of the patch leads out of `root`, through a symbolic link, or into a git directory. Git refuses these too. */
export async function refuseUnsafe(root: string, chunks: readonly Chunk[]): Promise<void> {
  const deleted = new Set(chunks.filter((chunk) => chunk.kind === 'delete').map((chunk) => chunk.oldPath));
  const renamed = new Set(chunks.filter((chunk) => chunk.kind === 'rename').map((chunk) => chunk.oldPath));
  for (const path of new Set(chunks.flatMap((chunk) => [chunk.oldPath, chunk.newPath]))) {
    const parts = path.split('/');
    if (path === '' || path.includes('\0') || parts.some((part) => part === '..' || part === '.' || part === '')) {
      throw refused(path, 'it leads out of the project');
    }
    if (parts.some((part) => /^(\.git|git~\d)[ .]*$/i.test(part.replace(/:.*$/, '')))) {
      throw refused(path, 'it lies in a git directory');
    }
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join('/');
      const stat = await lstat(onDisk(root, parent)).catch(() => undefined);
      if (stat === undefined) break;
      if (stat.isSymbolicLink() && !deleted.has(parent) && !renamed.has(parent)) {
        throw refused(path, `${display(parent)} is a symbolic link`);
      }
    }
  }
}

/** True where the project holds this part's result already: same content, same mode. */
export async function isApplied(root: string, chunk: Chunk): Promise<boolean> {
  const at = await lstat(onDisk(root, chunk.newPath)).catch(() => undefined);
  if (chunk.kind === 'delete') return at === undefined;
  if (at === undefined) return false;
  if (chunk.kind === 'rename' && (await lstat(onDisk(root, chunk.oldPath)).catch(() => undefined)) !== undefined)
    return false;
  const mode = at.isSymbolicLink() ? '120000' : at.isFile() ? ((at.mode & 0o100) === 0 ? '100644' : '100755') : '';
  if (mode === '' || (chunk.newMode !== undefined && chunk.newMode !== mode)) return false;
  // A mere rename names no content: that the old name is gone and the new one there has to do.
  if (chunk.newId === undefined) return true;
  const file = onDisk(root, chunk.newPath);
  const content = at.isSymbolicLink() ? await readlink(file, 'buffer') : await readFile(file);
  if (blobId(content, chunk.newId.length) === chunk.newId) return true;
  // As git stores it where line ends are converted.
  const unix = Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return blobId(unix, chunk.newId.length) === chunk.newId;
}

function blobId(content: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex');
}

function refused(path: RawPath, why: string): DayshiftError {
  return new DayshiftError(
    'usage',
    `the patch is refused, nothing was changed: ${JSON.stringify(display(path))}: ${why}`,
    {
      hint: 'Look at it with `dayshift diff`, and take over by hand what you want of it.',
    },
  );
}
