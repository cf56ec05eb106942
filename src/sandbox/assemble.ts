import { readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * bwrap options that show a folder of the host read-only without the files in `without`: a folder in memory with a mount for each other
 * entry, and so down to each of `without`. A mount over a file of the host itself would not last: when the host renames a new file
 * over it, as git does with its config, the kernel takes the mount away and the new file is seen.
 * `folders` are still writable after these options, for what is put in a file's place; then they want `--remount-ro`.
 */
export function assemble(folder: string, without: readonly string[]): { options: string[]; folders: string[] } {
  const left = new Set(without);
  const folders = new Set([folder]);
  for (const path of without)
    for (let above = dirname(path); above.length > folder.length; above = dirname(above)) folders.add(above);
  const inOrder = [...folders].sort((a, b) => a.length - b.length);
  const options = inOrder.flatMap((path) => [
    ...['--size', String(1024 * 1024), '--tmpfs', path],
    ...entries(path).flatMap(({ at, link }) => {
      if (folders.has(at) || left.has(at)) return [];
      return link === undefined ? ['--ro-bind-try', at, at] : ['--symlink', link, at];
    }),
  ]);
  return { options, folders: inOrder };
}

function entries(folder: string): { at: string; link?: string }[] {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const at = join(folder, entry.name);
    return entry.isSymbolicLink() ? { at, link: readlinkSync(at) } : { at };
  });
}
