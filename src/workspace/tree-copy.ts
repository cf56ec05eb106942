import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import { DayshiftError, hasCode } from '../base/index.ts';
import { display, onDisk, type RawPath } from './raw.ts';

export interface TreeCopyOptions {
  /** Called with each path relative to the folder; false leaves it out, with what is below it. */
  take: (path: RawPath, kind: 'file' | 'folder' | 'link') => boolean;
  warnings: string[];
}

/** Copies a folder's contents: reflinks where the file system can, links as links, modes and times kept. */
export async function copyTree(from: string, to: string, options: TreeCopyOptions): Promise<void> {
  const folders: RawPath[] = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const here = folder;
    const entries = await readdir(onDisk(from, here), { withFileTypes: true, encoding: 'buffer' });
    const later: RawPath[] = [];
    const files: RawPath[] = [];
    for (const entry of entries) {
      const path = `${here === '' ? '' : `${here}/`}${entry.name.toString('latin1')}`;
      const kind = entry.isDirectory()
        ? 'folder'
        : entry.isFile()
          ? 'file'
          : entry.isSymbolicLink()
            ? 'link'
            : undefined;
      if (kind === undefined) options.warnings.push(`${display(path)} is no file or folder: not copied`);
      else if (!options.take(path, kind)) continue;
      else if (kind === 'folder') later.push(path);
      else if (kind === 'link') await symlink(await readlink(onDisk(from, path), 'buffer'), onDisk(to, path));
      else files.push(path);
    }
    await copyFiles(from, to, files, options.warnings);
    for (const path of later) await mkdir(onDisk(to, path), { recursive: true });
    folders.push(...later);
  }
}

/** Copies one file with its mode and times. */
export async function copyOne(from: Buffer | string, to: Buffer | string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const stat = await lstat(from);
  await utimes(to, stat.atime, stat.mtime);
  // A read-only file stays one, but never one that its owner cannot read.
  await chmod(to, (stat.mode & 0o777) | 0o400);
}

async function copyFiles(from: string, to: string, files: RawPath[], warnings: string[]): Promise<void> {
  const copyNext = async (): Promise<void> => {
    for (let path = files.pop(); path !== undefined; path = files.pop()) {
      try {
        await copyOne(onDisk(from, path), onDisk(to, path));
      } catch (error) {
        if (hasCode(error, 'ENOSPC')) {
          const hint = '`dayshift clean` removes old workspaces.';
          throw new DayshiftError('environment', 'the disk is full', { hint, cause: error });
        }
        // Gone in the meantime, or not ours to read: the rest is still worth having.
        if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EACCES')) throw error;
        warnings.push(`${display(path)} could not be read: not copied`);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, copyNext));
}
