import { constants } from 'node:fs';
import { open, readdir, realpath, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../base/index.ts';

/**
 * Files in a folder that an agent can write. It may have put a symlink, a pipe or a gigabyte there, and may swap
 * them while we look: so each folder on the way is opened without following links, and what lies in it is reached
 * through that handle (Linux). Elsewhere the path is checked beforehand.
 */
const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK, O_WRONLY, O_CREAT, O_EXCL } = constants;

/** What an agent can bring about in its own folder: links, files in place of folders, no rights, names at the limit. */
const MADE_BY_AGENTS = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO', 'EMLINK', 'EACCES', 'EPERM', 'ENAMETOOLONG'];

/** Names of the regular files in `root/folder`, sorted; empty where it is not a real folder. */
export async function listUntrusted(root: string, folder: string): Promise<string[]> {
  return within(root, folder, [], async (path) => {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  });
}

/** The text of `root/folder/name`; undefined where it is not a regular file of at most `maxBytes`. */
export async function readUntrusted(
  root: string,
  folder: string,
  name: string,
  maxBytes: number,
): Promise<string | undefined> {
  return within(root, folder, undefined, async (path) => {
    const file = await open(join(path, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > maxBytes) return undefined;
      const bytes = Buffer.alloc(stat.size);
      const { bytesRead } = await file.read(bytes, 0, stat.size, 0);
      return bytes.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

/** Writes `root/folder/name` whole, over whatever is there; false where the folder is not a real one. */
export async function writeUntrusted(root: string, folder: string, name: string, text: string): Promise<boolean> {
  return within(root, folder, false, async (path) => {
    const temporary = join(path, `.answer.${process.pid}.${Date.now()}`);
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(temporary, join(path, name));
    return true;
  });
}

/** Runs `use` with a path that leads to `root/folder` and to nowhere else; `none` where it is not a real folder. */
async function within<T>(root: string, folder: string, none: T, use: (path: string) => Promise<T>): Promise<T> {
  const handles: FileHandle[] = [];
  try {
    let path = root;
    for (const part of ['', ...folder.split('/').filter((name) => name !== '')]) {
      const handle = await open(join(path, part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      handles.push(handle);
      path = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : join(path, part);
    }
    if (process.platform !== 'linux' && (await realpath(path)) !== join(await realpath(root), folder)) return none;
    return await use(path);
  } catch (error) {
    if (MADE_BY_AGENTS.some((code) => hasCode(error, code))) return none;
    throw error;
  } finally {
    for (const handle of handles) await handle.close();
  }
}
