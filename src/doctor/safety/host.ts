import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below these paths with its mode, times and content: two pictures differ where anything was touched. */
export function pictureOf(paths: readonly string[]): Map<string, string> {
  const seen = new Map<string, string>();
  const look = (path: string): void => {
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return void seen.set(path, 'gone');
    const about = [stat.mode, stat.uid, stat.gid, stat.nlink, stat.size, stat.mtimeNs].join(' ');
    if (stat.isDirectory()) {
      seen.set(path, about);
      for (const name of readdirSync(path)) look(join(path, name));
    } else if (stat.isSymbolicLink()) seen.set(path, `${about} ${readlinkSync(path)}`);
    else if (stat.isFile()) seen.set(path, `${about} ${createHash('sha1').update(readFileSync(path)).digest('hex')}`);
    else seen.set(path, about); // a pipe would hold up whoever reads it
  };
  for (const path of paths) look(path);
  return seen;
}

/** Paths that differ between two pictures. */
export function differences(before: Map<string, string>, after: Map<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

/** Processes of this machine with `word` in their command line. */
export function processesNamed(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandLine(pid).includes(word));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // it ended meanwhile
  }
}
