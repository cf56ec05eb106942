import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasCode } from '../base/index.ts';
import { pathsInIndex } from './git-index.ts';

/** The largest index that is read, in bytes: about a million files. */
const largest = 150_000_000;

let last: { index: string; mark: string; paths: string[] } | undefined;

/**
 * The files that git tracks in a checkout, relative to it, from its index and without starting git. Undefined where
 * there is no index, or none that can be read: then nobody knows. What was read last is kept while it is the same file.
 */
export function trackedBy(checkout: string): readonly string[] | undefined {
  try {
    const index = `${gitDirOf(checkout)}/index`;
    const stat = statSync(index, { bigint: true });
    const mark = `${stat.ino}.${stat.mtimeNs}.${stat.size}`;
    if (last?.index === index && last.mark === mark) return last.paths;
    if (!stat.isFile() || stat.size > largest) return undefined;
    const paths = pathsInIndex(readFileSync(index));
    if (paths !== undefined) last = { index, mark, paths };
    return paths;
  } catch {
    return undefined; // no repository, or not for us to read
  }
}

/** `.git` itself, or the folder that the `.git` file of a linked worktree names. */
function gitDirOf(checkout: string): string {
  const path = `${checkout}/.git`;
  try {
    const named = /^gitdir: (.+?)\s*$/.exec(readFileSync(path, 'utf8').slice(0, 5000))?.[1];
    return named === undefined ? path : resolve(checkout, named);
  } catch (error) {
    if (hasCode(error, 'EISDIR')) return path;
    throw error;
  }
}
