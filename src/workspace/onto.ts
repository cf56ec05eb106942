import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '../base/index.ts';
import { refuseOutside } from './apply-state.ts';
import { refuseLinksOut } from './apply.ts';
import { git, type GitOptions } from './git.ts';
import { parsePatch, type Chunk } from './patch.ts';
import { display, splitNul, type RawPath } from './raw.ts';
import type { Repository } from './repository.ts';
import { makeGitDir } from './store.ts';

/** One path that differs between two trees, as `git diff-index --raw` has it; a missing side has mode 000000 and an id of zeros. */
export interface Entry {
  path: RawPath;
  oldMode: string;
  oldId: string;
  newMode: string;
  newId: string;
  /** git's letter; `U` where the index holds an unfinished merge. */
  status: string;
}

/** A commit's files with a patch on them. */
export type Onto =
  | { kind: 'fits'; tree: string; entries: Entry[] }
  /** The commit has the patch's result already. */
  | { kind: 'there' }
  /** `why`: git's words, for each file that does not fit. */
  | { kind: 'conflict'; why: string };

/**
 * Puts a patch of `measure` onto the files of `start`, a commit of the project's, in a git directory and an index of our own: the
 * person's checkout, index, refs and settings are not looked at, and nothing of the patch runs (no filter, hook, or
 * attribute is defined there). Only the objects of the result are written into the project, which refer to nothing and which git collects
 * some day where nothing comes to refer to them. Throws DayshiftError where the patch names a place outside of the project or in a git
 * directory, and, unless `allowLinks`, where it makes a link that leads there.
 */
export async function putOnto(
  repository: Repository,
  settings: ReadonlyMap<string, string>,
  start: string,
  patch: string,
  options: { allowLinks?: boolean } = {},
): Promise<Onto> {
  const chunks = parsePatch(patch);
  if (chunks.length === 0) return { kind: 'there' };
  refuseOutside(chunks);
  const scratch = await scratchFolder('commit');
  try {
    const objects = join(repository.commonDir, 'objects');
    const { objectFormat } = repository;
    await makeGitDir(scratch, { objectFormat, settings, alternates: [objects] });
    const files = join(scratch, 'files');
    await mkdir(files);
    const at = { cwd: files, gitDir: scratch, workTree: files, config: objectSettings(settings) };
    await git(['read-tree', start], at);
    const left = await notIn(at, chunks);
    if (left.length === 0) return { kind: 'there' };
    if (options.allowLinks !== true) refuseLinksOut(left);
    const file = join(scratch, 'work.patch');
    await writeFile(file, left.map(({ text }) => text).join(''));
    const apply = (flags: readonly string[], more: Partial<GitOptions> = {}) =>
      git(['apply', '--cached', '--whitespace=nowarn', ...flags, file], { ...at, ...more, ok: [0, 1, 128] });
    const checked = await apply(['--check']);
    if (checked.code !== 0) {
      if ((await apply(['--check', '-R'])).code === 0) return { kind: 'there' };
      return { kind: 'conflict', why: errorLines(checked.stderr) };
    }
    // From here on into the project's own objects.
    const into = { objectDir: objects };
    const done = await apply([], into);
    if (done.code !== 0) return { kind: 'conflict', why: errorLines(done.stderr) };
    const tree = (await git(['write-tree'], { ...at, ...into })).stdout.toString('utf8').trim();
    return { kind: 'fits', tree, entries: await entriesAgainst({ ...at, ...into }, start) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What an index has in other ways than a commit. */
export async function entriesAgainst(at: GitOptions, commit: string): Promise<Entry[]> {
  const args = [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--no-abbrev',
    '--ignore-submodules',
    commit,
    '--',
  ];
  const fields = splitNul((await git(args, at)).stdout);
  const entries: Entry[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = (fields[index] ?? '').slice(1).split(' ');
    entries.push({ path: fields[index + 1] ?? '', oldMode, newMode, oldId, newId, status });
  }
  return entries;
}

/** How objects are to be written that stay: as the person shares their repository, and on the disk before they are referred to. */
function objectSettings(settings: ReadonlyMap<string, string>): [string, string][] {
  const shared = settings.get('core.sharedrepository');
  return [
    ['core.fsync', 'committed,loose-object'],
    ...(shared === undefined ? [] : [['core.sharedRepository', shared] as [string, string]]),
  ];
}

/** The parts whose result the index does not hold yet. */
async function notIn(at: GitOptions, chunks: readonly Chunk[]): Promise<Chunk[]> {
  const listed = splitNul((await git(['ls-files', '-s', '-z'], at)).stdout);
  const known = new Map(
    listed.map((line) => {
      const [mode = '', id = ''] = line.split(' ');
      return [line.slice(line.indexOf('\t') + 1), { mode, id }];
    }),
  );
  const created = new Map(chunks.filter(({ kind }) => kind === 'create').map((chunk) => [chunk.newPath, chunk]));
  const holds = ({ newPath, newMode, newId }: Chunk): boolean => {
    const now = known.get(newPath);
    if (now === undefined) return false;
    return (newMode === undefined || newMode === now.mode) && (newId === undefined || newId === now.id);
  };
  return chunks.filter((chunk) => {
    // A file that became a link is two parts of one path: the one that creates speaks for both.
    const twin = created.get(chunk.oldPath);
    if (chunk.kind === 'delete') return twin === undefined ? known.has(chunk.oldPath) : !holds(twin);
    if (chunk.kind === 'rename' && twin === undefined && known.has(chunk.oldPath)) return true;
    return !holds(chunk);
  });
}

function errorLines(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
  return lines.length === 0 ? stderr.trim() : lines.map((line) => line.slice('error: '.length)).join('; ');
}

/** Paths for people, a few of them. */
export function somePaths(paths: readonly RawPath[]): string {
  const shown = paths.slice(0, 5).map(display);
  return `${shown.join(', ')}${paths.length > shown.length ? ` and ${paths.length - shown.length} more` : ''}`;
}
