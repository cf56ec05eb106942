import { accessSync, constants, lstatSync, readdirSync, type Stats } from 'node:fs';
import { appendFile, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError, hasCode } from '../base/index.ts';
import { commitTree } from './commit.ts';
import { isLeft, readLeft, writeLeft } from './left.ts';
import { display, joinNul, onDisk, splitNul, toRaw, type RawPath } from './raw.ts';
import { readNotes, storeGit, writeRef, type StoreNotes } from './store.ts';
import { breakStaleLock, inTurn } from './turns.ts';
import type { Checkpoint, Workspace, WorkspacePaths } from './types.ts';

/** Files above this size are not taken into checkpoints and patches. In bytes. */
export const bigFile = 50 * 1024 * 1024;

/** The name of an index entry that makes git look into a nested repository as into any folder. Never on the disk. */
export const nestedMark = '.dayshift-nested';
const emptyBlob = {
  40: 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  64: '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
};

export interface Snapshot {
  tree: string;
  warnings: string[];
  /** Files that were left out although git does not ignore them. */
  skipped: Set<RawPath>;
  /** What git printed of the difference to the commit that was asked about, where it was taken in the same go. */
  difference?: Buffer;
}

/**
 * Records the work tree as it is, tracked and untracked, not ignored, in the store; the project's git directory is
 * only read. The id of the same state is the same. `taken`: a tree that was taken just before, to be recorded in its place.
 */
export async function checkpoint(
  ws: Workspace,
  id: string,
  label: string,
  taken?: Pick<Snapshot, 'tree' | 'warnings'>,
): Promise<Checkpoint> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id)) throw new DayshiftError('internal', `bad checkpoint id ${id}`);
  const { tree, warnings } = taken ?? (await takeTree(ws));
  const commit = await commitTree(ws.paths, tree, label);
  await writeRef(ws.paths.store, id, commit);
  return { id, label, commit, tree, warnings };
}

/**
 * The work tree as a git tree in the store. `extra`: paths that count even if git ignores them or they are big,
 * relative to the project's folder in the checkout. `against`: a commit and the flags of a diff to it, which is made beside.
 */
export function takeTree(
  ws: Workspace,
  extra: readonly string[] = [],
  against?: { commit: string; flags: readonly string[] },
): Promise<Snapshot> {
  return inTurn(ws.paths.store, async () => {
    await breakStaleLock(join(ws.paths.store, 'index.lock'));
    return takeTreeNow(ws, extra, against);
  });
}

async function takeTreeNow(
  ws: Workspace,
  extra: readonly string[],
  against: { commit: string; flags: readonly string[] } | undefined,
): Promise<Snapshot> {
  const { paths } = ws;
  const notes = readNotes(paths.store);
  if (notes?.sparse === true) await noticePresent(paths);
  const warnings = submoduleWarnings(paths, notes);
  const listed = await withoutLeft(paths, await listChanges(ws));
  const changes = listed.filter((change) => change.tracked || !isPrivate(notes, change.path));
  const left = readLeft(paths.store);
  const forced = (await listExtra(ws, extra, changes, warnings)).filter((path) => !isLeft(left, paths.checkout, path));
  const sorted = sortChanges(paths, changes, forced, new Set(notes?.submodules));
  warnings.push(...sorted.warnings);
  if (sorted.remove.length > 0) {
    const args = ['update-index', '-z', '--force-remove', '--stdin'];
    await storeGit(paths, args, { input: joinNul(sorted.remove) });
  }
  const nothingNew = sorted.add.length === 0 && sorted.remove.length === 0;
  const before = nothingNew ? await knownTree(paths.store) : undefined;
  if (before !== undefined) return { tree: before, warnings, skipped: sorted.skipped };
  await addToIndex(paths, sorted.add, warnings);
  const writing = storeGit(paths, ['write-tree', '--missing-ok']);
  const comparing = against && storeGit(paths, ['diff-index', '--cached', ...against.flags, against.commit]);
  // Whichever fails: the other must be over before the next turn, for it holds the index's lock.
  await Promise.allSettled([writing, comparing]);
  const [written, difference] = [await writing, await comparing];
  const tree = written.stdout.toString('utf8').trim();
  trees.set(paths.store, { index: await indexName(paths.store), tree });
  const known = { tree, warnings, skipped: sorted.skipped };
  return difference === undefined ? known : { ...known, difference: difference.stdout };
}

/** What each store's index held when a tree was last written from it: the same index needs not be written again. */
const trees = new Map<string, { index: string | undefined; tree: string }>();

/** The tree that was last written from the index of this store, where the index is still the same. */
export async function knownTree(store: string): Promise<string | undefined> {
  const last = trees.get(store);
  return last?.index !== undefined && last.index === (await indexName(store)) ? last.tree : undefined;
}

/** Tells one state of the index from every other: git writes a new file for each. */
async function indexName(store: string): Promise<string | undefined> {
  const stat = await lstat(join(store, 'index'), { bigint: true }).catch(() => undefined);
  return stat === undefined ? undefined : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** What `copy:` brought although git ignores it belongs to the person: it enters no checkpoint or patch. */
export function isPrivate(notes: StoreNotes | undefined, path: RawPath): boolean {
  return notes?.ignored.some((one) => path === one || path.startsWith(`${one}/`) || path === `${one}/`) === true;
}

/** Without what checks left behind. What was written to since is nobody's leftover any more. */
async function withoutLeft(paths: WorkspacePaths, changes: readonly Change[]): Promise<readonly Change[]> {
  const left = readLeft(paths.store);
  if (Object.keys(left).length === 0) return changes;
  const still = changes.filter(({ path }) => isLeft(left, paths.checkout, path));
  if (still.length < Object.keys(left).length)
    await writeLeft(paths.store, Object.fromEntries(still.map(({ path }) => [path, left[path] ?? ''])));
  const leftOut = new Set(still);
  return changes.filter((change) => !leftOut.has(change));
}

interface Change {
  path: RawPath;
  tracked: boolean;
}

/** What differs from the store's index. Nested repositories are looked into as if they were plain folders. */
export async function listChanges({ paths, base }: Pick<Workspace, 'paths' | 'base'>): Promise<Change[]> {
  const blob = base.length === 64 ? emptyBlob[64] : emptyBlob[40];
  const seen = new Set<RawPath>();
  for (;;) {
    const listed = await storeGit(paths, ['ls-files', '-z', '-t', '-m', '-o', '--exclude-standard']);
    const changes = splitNul(listed.stdout).map((line) => ({ path: line.slice(2), tracked: !line.startsWith('?') }));
    const isNested = (change: Change): boolean => !change.tracked && change.path.endsWith('/');
    const nested = changes.filter((change) => isNested(change) && !seen.has(change.path));
    if (nested.length === 0) return changes.filter((change) => !isNested(change));
    for (const { path } of nested) seen.add(path);
    const marks = nested.map(({ path }) => `100644 ${blob} 0\t${path}${nestedMark}`);
    await storeGit(paths, ['update-index', '--add', '--replace', '-z', '--index-info'], { input: joinNul(marks) });
  }
}

/** Existing files among `extra` that are not tracked, ignored ones too. */
async function listExtra(
  ws: Workspace,
  extra: readonly string[],
  changes: readonly Change[],
  warnings: string[],
): Promise<RawPath[]> {
  const wanted = extra
    .map((path) => (ws.subdir === '' ? path : `${ws.subdir}/${path}`))
    .filter(
      (path) => !path.split('/').includes('..') && !path.startsWith('/') && statOf(ws.paths.checkout, toRaw(path)),
    );
  // What is among the changes is known already; git is asked about the rest only.
  const known = new Map(changes.map((change) => [change.path, change]));
  const found = wanted.map(toRaw).filter((path) => known.get(path)?.tracked === false);
  const unknown = wanted.filter((path) => !known.has(toRaw(path)));
  if (unknown.length === 0) return found;
  const args = ['--literal-pathspecs', 'ls-files', '-z', '-o', '--', ...unknown];
  const listed = await storeGit(ws.paths, args, { ok: [0, 128] });
  if (listed.code !== 0) warnings.push(`deliverables that git ignores could not be looked up: ${listed.stderr.trim()}`);
  return [...found, ...splitNul(listed.stdout).filter((path) => !path.endsWith('/'))];
}

interface Sorted {
  add: RawPath[];
  remove: RawPath[];
  skipped: Set<RawPath>;
  warnings: string[];
}

function sortChanges(
  paths: WorkspacePaths,
  changes: readonly Change[],
  forced: readonly RawPath[],
  submodules: ReadonlySet<RawPath>,
): Sorted {
  const sorted: Sorted = { add: [], remove: [], skipped: new Set(), warnings: [] };
  const skip = (path: RawPath, why: string): void => {
    sorted.skipped.add(path);
    sorted.warnings.push(`${display(path)} is not taken along: ${why}`);
  };
  const links = new Map<RawPath, boolean>();
  const wanted = new Set(forced);
  for (const { path } of changes) {
    if (wanted.has(path)) continue;
    const stat = behindLink(paths.checkout, path, links) ? undefined : statOf(paths.checkout, path);
    if (stat === 'denied') skip(path, 'it cannot be read');
    else if (stat === undefined) sorted.remove.push(path);
    else if (submodules.has(path) && stat.isDirectory()) continue;
    else if (stat.isSymbolicLink()) sorted.add.push(path);
    else if (!stat.isFile()) sorted.remove.push(path);
    else if (stat.size > bigFile) skip(path, `${Math.round(stat.size / 1_048_576)} MB is too big`);
    else if (!readable(paths.checkout, path)) skip(path, 'it cannot be read');
    else sorted.add.push(path);
  }
  for (const path of wanted) {
    const stat = statOf(paths.checkout, path);
    if (stat === undefined || stat === 'denied') continue;
    if (stat.isSymbolicLink() || (stat.isFile() && readable(paths.checkout, path))) sorted.add.push(path);
  }
  return sorted;
}

async function addToIndex(paths: WorkspacePaths, add: readonly RawPath[], warnings: string[]): Promise<void> {
  // Written even if nothing changed: a younger index needs not look into files that are as old as the last one.
  const args = ['update-index', '--add', '--remove', '--replace', '--force-write-index', '-z', '--stdin'];
  const update = (ok: readonly number[]) => storeGit(paths, args, { input: joinNul(add), ok });
  let done = await update([0, 128]);
  if (done.code !== 0) {
    if (!done.stderr.includes('encod')) done = await update([0]);
    else {
      warnings.push('a working-tree-encoding attribute does not fit its files: they are taken as they are');
      await appendFile(join(paths.store, 'info', 'attributes'), '\n* -working-tree-encoding\n');
      done = await update([0]);
    }
  }
  for (const [, path] of done.stderr.matchAll(/^Ignoring path (.*)$/gm)) {
    warnings.push(`${path ?? ''} is not taken along: git allows no such name`);
  }
}

/** A sparse checkout: files that are there although they were left out at first count from now on. */
async function noticePresent(paths: WorkspacePaths): Promise<void> {
  const listed = await storeGit(paths, ['ls-files', '-z', '-t']);
  const left = splitNul(listed.stdout).filter((line) => line.startsWith('S '));
  const present = left.map((line) => line.slice(2)).filter((path) => statOf(paths.checkout, path) !== undefined);
  if (present.length === 0) return;
  await storeGit(paths, ['update-index', '--no-skip-worktree', '-z', '--stdin'], { input: joinNul(present) });
}

function submoduleWarnings(paths: WorkspacePaths, notes: StoreNotes | undefined): string[] {
  const warnings: string[] = [];
  for (const path of notes?.submodules ?? []) {
    const stat = statOf(paths.checkout, path);
    if (stat === undefined || stat === 'denied' || !stat.isDirectory() || notes?.filled.includes(path) === true)
      continue;
    if (readdirSync(onDisk(paths.checkout, path)).length > 0) {
      warnings.push(`what is in the submodule ${display(path)} is not taken along`);
    }
  }
  return warnings;
}

function statOf(root: string, path: RawPath): Stats | 'denied' | undefined {
  try {
    return lstatSync(onDisk(root, path));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR') || hasCode(error, 'ELOOP')) return undefined;
    if (hasCode(error, 'EACCES')) return 'denied';
    throw error;
  }
}

/** True where a folder on the way to `path` is a symbolic link: git takes what lies behind for gone. */
function behindLink(root: string, path: RawPath, known: Map<RawPath, boolean>): boolean {
  const end = path.lastIndexOf('/');
  if (end < 0) return false;
  const parent = path.slice(0, end);
  let link = known.get(parent);
  if (link === undefined) {
    link = behindLink(root, parent, known) || isLink(statOf(root, parent));
    known.set(parent, link);
  }
  return link;
}

function isLink(stat: Stats | 'denied' | undefined): boolean {
  return typeof stat === 'object' && stat.isSymbolicLink();
}

function readable(root: string, path: RawPath): boolean {
  try {
    accessSync(onDisk(root, path), constants.R_OK);
    return true;
  } catch (error) {
    if (hasCode(error, 'EACCES') || hasCode(error, 'ENOENT') || hasCode(error, 'EPERM')) return false;
    throw error;
  }
}
