import { realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute } from 'node:path';

/**
 * The PATH that a service gets: the folder of this Node, then the person's own, as far as its folders are there. A
 * service manager's own PATH has no nvm, no Homebrew and no `~/.local/bin`. Folders that live only as long as a
 * terminal (fnm, a temporary one) are followed to where they lead.
 */
export async function lastingPath(path: string, node: string): Promise<string> {
  const folders = await Promise.all([dirname(node), ...path.split(delimiter)].map(lasting));
  return [...new Set(folders.filter((folder) => folder !== undefined))].join(delimiter);
}

async function lasting(folder: string): Promise<string | undefined> {
  // A newline would begin a line of its own in the unit.
  if (!isAbsolute(folder) || /[\n\r\0]/.test(folder)) return undefined;
  try {
    if (!(await stat(folder)).isDirectory()) return undefined;
    return isPassing(folder) ? await realpath(folder) : folder;
  } catch {
    return undefined;
  }
}

function isPassing(folder: string): boolean {
  return ['/tmp', '/run', '/var/run', '/private/tmp', tmpdir()].some((place) => folder.startsWith(`${place}/`));
}
