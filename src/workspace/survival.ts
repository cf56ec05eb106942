import { lstat, readFile } from 'node:fs/promises';
import { git } from './git.ts';
import type { Place } from './land.ts';
import { addedText } from './patch.ts';
import { onDisk, toRaw } from './raw.ts';

/** How many of the lines that a piece of work added still stand somewhere. */
export interface Standing {
  added: number;
  standing: number;
  /** Of each file that it added lines to. */
  files: { path: string; added: number; standing: number }[];
}

/**
 * Line survival: of the lines that a patch adds, those that still stand in the files that it added them to.
 *
 * Counted are added lines with a letter or a digit in them (a lone brace is found anywhere), without the space at their ends (what was only indented
 * otherwise stands). A file's lines stand as far as they are in the file now in the same order: the length of the longest common subsequence of
 * the added lines and the file's. The figure is `standing / added`; undefined where nothing is to be counted, as with a patch that only
 * deletes, or of binary files. A file that was moved counts as gone. That survival into what people commit is the measure of an agent's work is from
 * SWE-chat, which found it for 44 % of the agents' code; its count is of commits, ours also of the checkout before.
 * @param contentOf the text of a file now; undefined where there is none
 */
export async function standingOf(
  patch: string,
  contentOf: (path: string) => Promise<string | undefined>,
): Promise<Standing> {
  const sum: Standing = { added: 0, standing: 0, files: [] };
  for (const { path, added } of addedText(patch)) {
    const lines = linesOf(added);
    if (lines.length === 0) continue;
    const standing = commonLines(lines, linesOf((await contentOf(path)) ?? ''));
    sum.added += lines.length;
    sum.standing += standing;
    sum.files.push({ path, added: lines.length, standing });
  }
  return sum;
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (/[\p{L}\p{N}]/u.test(line) ? [line.trim()] : []));
}

/** Lines that a file has more often are counted without regard to their order: ten thousand equal lines would take for ever. */
const OFTEN = 200;

/** The length of the longest common subsequence (Hunt and Szymanski): O(r log n) for r pairs of equal lines. */
function commonLines(some: readonly string[], all: readonly string[]): number {
  const places = new Map<string, number[]>();
  all.forEach((line, at) => {
    const known = places.get(line);
    if (known === undefined) places.set(line, [at]);
    else known.push(at);
  });
  let often = 0;
  for (const [line, at] of places) {
    if (at.length <= OFTEN) continue;
    often += Math.min(at.length, some.filter((one) => one === line).length);
    places.delete(line);
  }
  // The smallest place at which a common run of each length can end.
  const ends: number[] = [];
  for (const line of some) {
    for (const at of places.get(line)?.toReversed() ?? []) {
      let low = 0;
      let high = ends.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ends[middle] ?? 0) < at) low = middle + 1;
        else high = middle;
      }
      ends[low] = at;
    }
  }
  return ends.length + often;
}

/** Larger files are not read for this. In bytes. */
const LARGEST = 5_000_000;

/** Reads files of a person's checkout as they are now. Links are not followed. */
export function readerOf(root: string): (path: string) => Promise<string | undefined> {
  return async (path) => {
    const file = onDisk(root, toRaw(path));
    const stat = await lstat(file).catch(() => undefined);
    if (stat?.isFile() !== true || stat.size > LARGEST) return undefined;
    return readFile(file, 'utf8').catch(() => undefined);
  };
}

/** Reads files as a commit of the project's has them: one git for all of them. */
export async function readerAt(
  { repository }: Place,
  commit: string,
  paths: readonly string[],
): Promise<(path: string) => Promise<string | undefined>> {
  const asked = paths.filter((path) => !path.includes('\n'));
  const input = asked.map((path) => `${commit}:${path}\n`).join('');
  const at = { cwd: repository.commonDir, gitDir: repository.gitDir };
  const { stdout } = await git(['cat-file', '--batch'], { ...at, input });
  const texts = new Map<string, string>();
  let from = 0;
  for (const path of asked) {
    const end = stdout.indexOf(10, from);
    const size = / blob (\d+)$/.exec(stdout.subarray(from, end).toString('utf8'))?.[1];
    from = end + 1;
    if (size === undefined) continue;
    texts.set(path, stdout.subarray(from, from + Number(size)).toString('utf8'));
    from += Number(size) + 1;
  }
  return (path) => Promise.resolve(texts.get(path));
}

/** Files that a patch adds lines to. */
export function filesWithLines(patch: string): string[] {
  return addedText(patch).flatMap(({ path, added }) => (linesOf(added).length === 0 ? [] : [path]));
}
