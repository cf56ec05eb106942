import { isUtf8 } from 'node:buffer';
import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { splitChunks } from './patch.ts';
import { display, splitNul, type RawPath } from './raw.ts';
import { takeTree } from './snapshot.ts';
import { readRef, storeGit } from './store.ts';
import type { Measured, Workspace } from './types.ts';

/** So many paths are named in a diff stat; all are counted. */
const namedPaths = 200;
const plain = ['--no-ext-diff', '--no-textconv', '-r', '-M'];
const listing = ['-z', '--raw', '--numstat'];
/** The same with a moved file as one that went and one that came. */
const unmoved = [...plain.slice(0, -1), '--no-renames'];

/**
 * What the work amounts to: the difference between `against` (a checkpoint's id, commit or tree; default `c0`, the
 * start) and the work tree as it is now. `extra`: deliverables that count even if git ignores them, relative to the
 * project's folder in the checkout.
 */
export async function measure(ws: Workspace, against?: string, extra: readonly string[] = []): Promise<Measured> {
  const [from, taken] = await Promise.all([startOf(ws, against), takeTree(ws, extra)]);
  return { ...(await measureTrees(ws, from, taken.tree)), warnings: taken.warnings };
}

/** The same for a tree that was taken before: the work tree is not looked at. */
export async function measureTree(ws: Workspace, against: string, tree: string): Promise<Measured> {
  return { ...(await measureTrees(ws, await startOf(ws, against), tree)), warnings: [] };
}

/** The same without the patch, which takes the longest. */
export async function changesSince(
  ws: Workspace,
  against?: string,
  extra: readonly string[] = [],
): Promise<Omit<Measured, 'patch'>> {
  const commit = await startOf(ws, against);
  const { tree, warnings, difference } = await takeTree(ws, extra, { commit, flags: [...plain, ...listing] });
  const { stat, changed } = difference === undefined ? await statBetween(ws, commit, tree) : readStat(difference);
  return { stat, changed, tree, warnings };
}

async function measureTrees(ws: Workspace, from: string, tree: string): Promise<Omit<Measured, 'warnings'>> {
  const both = (flags: readonly string[]) =>
    Promise.all([statBetween(ws, from, tree, flags), rawPatch(ws, from, tree, flags)]);
  const [{ stat, changed, paths, hasMovedLink }, raw] = await both(plain);
  if (!hasMovedLink) return { stat, changed, patch: await patchOf(ws, from, tree, plain, raw, paths), tree };
  // `git apply` takes a moved link for one that stays, and refuses a folder in its place.
  const [split, text] = await both(unmoved);
  return { stat, changed, patch: await patchOf(ws, from, tree, unmoved, text, split.paths), tree };
}

async function statBetween(ws: Workspace, from: string, to: string, flags: readonly string[] = plain): Promise<Stat> {
  const listed = await storeGit(ws.paths, ['diff-tree', ...flags, ...listing, from, to]);
  return readStat(listed.stdout);
}

/** The difference as text for people. `from`, `to`: a checkpoint's id, commit or tree; without `to` the work tree as it is now. */
export async function diffText(
  ws: Workspace,
  from: string,
  to?: string,
  options: { color?: boolean; stat?: boolean } = {},
): Promise<string> {
  const start = await treeOf(ws, from);
  const end = to === undefined ? (await takeTree(ws)).tree : await treeOf(ws, to);
  const args = ['diff-tree', ...plain, options.color === true ? '--color=always' : '--color=never'];
  args.push(options.stat === true ? '--stat=120' : '-p', start, end);
  return (await storeGit(ws.paths, args)).stdout.toString('utf8');
}

/** The tree that a checkpoint's id, a commit or a tree names. Throws DayshiftError with the ids that there are. */
export async function treeOf(ws: Workspace, name: string): Promise<string> {
  const id = /^[A-Za-z0-9_-]+$/.test(name) ? ((await readRef(ws.paths.store, name)) ?? name) : '';
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${id}^{tree}`];
  const found = isId(id) ? await storeGit(ws.paths, verify, { ok: [0, 1, 128] }) : undefined;
  if (found?.code === 0) return found.stdout.toString('utf8').trim();
  const known = (await readdir(join(ws.paths.store, 'refs', 'checkpoints')).catch(() => []))
    .filter((one) => !one.includes('.'))
    .toSorted();
  throw new DayshiftError('usage', `there is no checkpoint ${name}`, {
    hint: known.length === 0 ? 'This workspace has no checkpoint yet.' : `There are ${known.join(', ')}.`,
  });
}

const isId = (name: string) => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(name);

/** What is measured against: by default the start of the agent's work, after setup where that was recorded, else what the workspace was made from. */
async function startOf(ws: Workspace, against?: string): Promise<string> {
  // A full id is git's to look up when it compares.
  if (against !== undefined) return isId(against) ? against : treeOf(ws, against);
  return (await readRef(ws.paths.store, 'c0')) ?? treeOf(ws, 'base');
}

async function rawPatch(ws: Workspace, from: string, to: string, flags: readonly string[]): Promise<Buffer> {
  const args = ['diff-tree', ...flags, '-p', '--binary', '--full-index', '--no-color', from, to];
  return (await storeGit(ws.paths, args)).stdout;
}

/** The patch, all valid UTF-8: files with other bytes are written as binaries. `paths` in the patch's order. */
async function patchOf(
  ws: Workspace,
  from: string,
  to: string,
  flags: readonly string[],
  raw: Buffer,
  paths: readonly RawPath[],
): Promise<string> {
  if (isUtf8(raw)) return raw.toString('utf8');
  const chunks = splitChunks(raw.toString('latin1'));
  const odd = chunks.flatMap((chunk, index) => (isUtf8(Buffer.from(chunk, 'latin1')) ? [] : [paths[index] ?? '']));
  const file = join(ws.paths.store, 'info', 'attributes');
  const before = await readFile(file);
  const lines = odd.map((path) => `${attributePattern(path)} -diff\n`).join('');
  await replaceFile(file, Buffer.concat([before, Buffer.from(`\n${lines}`)]));
  try {
    return (await rawPatch(ws, from, to, flags)).toString('utf8');
  } finally {
    await replaceFile(file, before);
  }
}

async function replaceFile(file: string, content: Buffer): Promise<void> {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}

/** A pattern for exactly this path: glob characters escaped, then C-quoted. */
function attributePattern(path: RawPath): string {
  const glob = `/${path.replace(/[\\*?[]/g, '\\$&')}`;
  const quoted = glob.replace(/[^ -~]|["\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `"${quoted}"`;
}

/** `hasMovedLink`: a symbolic link stands elsewhere now. */
type Stat = Pick<Measured, 'stat' | 'changed'> & { paths: RawPath[]; hasMovedLink: boolean };

function readStat(output: Buffer): Stat {
  const fields = splitNul(output);
  const stat: Measured['stat'] = { files: 0, insertions: 0, deletions: 0, paths: [] };
  const paths: RawPath[] = [];
  const changed: Measured['changed'] = [];
  let hasMovedLink = false;
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      const status = field.split(' ')[4]?.[0] ?? 'M';
      hasMovedLink ||= status === 'R' && field.startsWith(':120000');
      if (status === 'R' || status === 'C') {
        at += 1;
        if (status === 'R') changed.push({ status: 'D', path: display(fields[at] ?? '') });
      }
      at += 1;
      const path = fields[at] ?? '';
      paths.push(path);
      changed.push({ status, path: display(path) });
      if (stat.paths.length < namedPaths) stat.paths.push({ status, path: display(path) });
      // A changed type (a file that became a link) is a deletion and a creation in the patch.
      if (status === 'T') paths.push(path);
      stat.files += 1;
      continue;
    }
    const [added, deleted, path] = field.split('\t');
    stat.insertions += Number(added) || 0;
    stat.deletions += Number(deleted) || 0;
    // A renamed file's names follow as fields of their own.
    if (path === '') at += 2;
  }
  return { stat, paths, changed, hasMovedLink };
}
