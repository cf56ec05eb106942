import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { DayshiftError } from '../base/index.ts';
import type { Chunk } from './patch.ts';
import { display, onDisk, type RawPath } from './raw.ts';

/** Throws where a part of the patch names a place outside of the project or in a git directory. Git refuses these too. */
export function refuseOutside(chunks: readonly Chunk[]): void {
  for (const path of pathsOf(chunks)) {
    const parts = path.split('/');
    if (path === '' || path.includes('\0') || parts.some((part) => part === '..' || part === '.' || part === '')) {
      throw refused(path, 'it leads out of the project');
    }
    if (parts.some((part) => /^(\.git|git~\d)[ .]*$/i.test(part.replace(/:.*$/, '')))) {
      throw refused(path, 'it lies in a git directory');
    }
  }
}

/** Throws where a part would be written through a symbolic link of the project. Git refuses this too. */
export async function refuseLinks(root: string, chunks: readonly Chunk[]): Promise<void> {
  const going = chunks.filter((chunk) => chunk.kind === 'delete' || chunk.kind === 'rename');
  const gone = new Set(going.map((chunk) => chunk.oldPath));
  for (const path of pathsOf(chunks)) {
    for (const parent of parentsOf(path)) {
      const stat = await lstat(onDisk(root, parent)).catch(() => undefined);
      if (stat === undefined) break;
      if (stat.isSymbolicLink() && !gone.has(parent)) throw refused(path, `${display(parent)} is a symbolic link`);
    }
  }
}

/** The parts whose result the project does not hold yet. */
export async function notApplied(root: string, chunks: readonly Chunk[]): Promise<Chunk[]> {
  const creating = new Map(chunks.filter((chunk) => chunk.kind === 'create').map((chunk) => [chunk.newPath, chunk]));
  // Where a folder became a link, what was in the folder is gone, whatever the link shows in its place.
  const behindNewLink = async (path: RawPath): Promise<boolean> => {
    const links = parentsOf(path).flatMap((parent) => creating.get(parent) ?? []);
    for (const link of links) if (link.newMode === '120000' && (await holds(root, link))) return true;
    return false;
  };
  const isGone = async (path: RawPath): Promise<boolean> =>
    (await lstat(onDisk(root, path)).catch(() => undefined)) === undefined || behindNewLink(path);
  const isApplied = async (chunk: Chunk): Promise<boolean> => {
    // A file that became a link is two parts of one path: they are judged together, by the one that creates.
    const twin = creating.get(chunk.oldPath);
    if (chunk.kind === 'delete') return twin === undefined ? isGone(chunk.oldPath) : holds(root, twin);
    if (chunk.kind === 'rename' && twin === undefined && !(await isGone(chunk.oldPath))) return false;
    return holds(root, chunk);
  };
  const left: Chunk[] = [];
  for (const chunk of chunks) if (!(await isApplied(chunk))) left.push(chunk);
  return left;
}

/** True where the new path has the part's result: same type and mode, same content. */
async function holds(root: string, chunk: Chunk): Promise<boolean> {
  const file = onDisk(root, chunk.newPath);
  const at = await lstat(file).catch(() => undefined);
  if (at === undefined) return false;
  const mode = at.isSymbolicLink() ? '120000' : at.isFile() ? ((at.mode & 0o100) === 0 ? '100644' : '100755') : '';
  if (mode === '' || (chunk.newMode !== undefined && chunk.newMode !== mode)) return false;
  // A mere rename or change of mode names no content.
  if (chunk.newId === undefined) return true;
  const content = at.isSymbolicLink() ? await readlink(file, 'buffer') : await readFile(file);
  if (blobId(content, chunk.newId.length) === chunk.newId) return true;
  // As git stores it where line ends are converted.
  const unix = Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return blobId(unix, chunk.newId.length) === chunk.newId;
}

function pathsOf(chunks: readonly Chunk[]): Set<RawPath> {
  return new Set(chunks.flatMap((chunk) => [chunk.oldPath, chunk.newPath]));
}

/** `a`, `a/b` of `a/b/c`. */
function parentsOf(path: RawPath): RawPath[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
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
