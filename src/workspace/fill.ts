import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOne } from './tree-copy.ts';
import { git } from './git.ts';
import { display, joinNul, onDisk, splitNul, type RawPath } from './raw.ts';
import { storeGit } from './store.ts';
import type { WorkspacePaths } from './types.ts';

/** What a checkout holds that git itself does not write: found in the store's index after the files are there. */
export interface Contents {
  submodules: { path: RawPath; commit: string }[];
  /** Tracked `.gitattributes` files. */
  attributes: RawPath[];
  all: RawPath[];
}

/** Reads the store's index. */
export async function readContents(paths: WorkspacePaths): Promise<Contents> {
  const listed = await storeGit(paths, ['ls-files', '-z', '-s']);
  const contents: Contents = { submodules: [], attributes: [], all: [] };
  for (const line of splitNul(listed.stdout)) {
    const path = line.slice(line.indexOf('\t') + 1);
    if (line.startsWith('160000 ')) contents.submodules.push({ path, commit: line.split(' ')[1] ?? '' });
    else if (path === '.gitattributes' || path.endsWith('/.gitattributes')) contents.attributes.push(path);
    contents.all.push(path);
  }
  return contents;
}

/**
 * Fills submodule folders with the files of their commit where the project has a clone of the submodule; nothing
 * is fetched. Returns the folders that were filled.
 */
export async function fillSubmodules(
  paths: WorkspacePaths,
  commonDir: string,
  submodules: Contents['submodules'],
  warnings: string[],
): Promise<RawPath[]> {
  const filled: RawPath[] = [];
  const names = await submoduleNames(paths);
  for (const { path, commit } of submodules) {
    const name = names.get(path) ?? display(path);
    const objects = join(commonDir, 'modules', name, 'objects');
    const safe = !name.split('/').includes('..');
    const there = safe && (await lstat(objects).catch(() => undefined))?.isDirectory() === true;
    const workTree = onDisk(paths.checkout, path).toString('utf8');
    const indexFile = join(paths.store, 'index.submodule');
    const options = {
      cwd: paths.checkout,
      gitDir: paths.store,
      workTree,
      indexFile,
      objectDir: objects,
      ok: [0, 1, 128],
    };
    const done = there ? await git(['read-tree', '-u', '--reset', commit], options) : undefined;
    if (done?.code === 0) {
      filled.push(path);
      warnings.push(
        `the submodule ${display(path)} holds its files without their repository: changes in it are not taken along`,
      );
    } else {
      warnings.push(
        `the submodule ${display(path)} is empty: the project has no clone of it at the commit that is wanted`,
      );
    }
  }
  return filled;
}

/**
 * Puts the contents of LFS files that the project holds locally in the place of their pointers, and says which
 * filters were not run. Runs none, fetches nothing. Returns the files that were filled.
 */
export async function fillFiltered(
  paths: WorkspacePaths,
  commonDir: string,
  contents: Contents,
  warnings: string[],
): Promise<RawPath[]> {
  if (!(await mentionsFilter(paths, contents.attributes))) return [];
  const args = ['check-attr', '-z', '--stdin', 'filter'];
  const fields = splitNul((await storeGit(paths, args, { input: joinNul(contents.all) })).stdout);
  const others = new Map<string, number>();
  const filled: RawPath[] = [];
  let pointers = 0;
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const path = fields[index] ?? '';
    const filter = fields[index + 2] ?? '';
    if (filter === 'lfs') {
      const state = await fillPointer(paths, commonDir, path);
      if (state === 'filled') filled.push(path);
      if (state === 'pointer') pointers += 1;
    } else if (!['unspecified', 'unset', 'set'].includes(filter)) others.set(filter, (others.get(filter) ?? 0) + 1);
  }
  if (pointers > 0) {
    warnings.push(
      `${pointers} LFS files are pointers only: their contents are not on this machine (git lfs fetch gets them)`,
    );
  }
  for (const [filter, files] of others) {
    warnings.push(`the filter ${display(filter)} is not run: ${files} files are as the repository stores them`);
  }
  return filled;
}

async function submoduleNames(paths: WorkspacePaths): Promise<Map<RawPath, string>> {
  const args = ['config', '--file', '.gitmodules', '--no-includes', '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const names = new Map<RawPath, string>();
  const stat = await lstat(join(paths.checkout, '.gitmodules')).catch(() => undefined);
  if (stat?.isFile() !== true) return names;
  for (const entry of splitNul((await storeGit(paths, args, { ok: [0, 1, 128] })).stdout)) {
    const end = entry.indexOf('\n');
    names.set(
      entry.slice(end + 1),
      Buffer.from(entry.slice('submodule.'.length, end - '.path'.length), 'latin1').toString(),
    );
  }
  return names;
}

async function mentionsFilter(paths: WorkspacePaths, attributes: readonly RawPath[]): Promise<boolean> {
  const files = [...attributes.map((path) => onDisk(paths.checkout, path)), join(paths.store, 'info', 'attributes')];
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  return texts.some((text) => text.includes('filter='));
}

async function fillPointer(
  paths: WorkspacePaths,
  commonDir: string,
  path: RawPath,
): Promise<'filled' | 'pointer' | 'none'> {
  const file = onDisk(paths.checkout, path);
  const stat = await lstat(file).catch(() => undefined);
  // A pointer is a text of about 130 bytes.
  if (stat?.isFile() !== true || stat.size > 1024) return 'none';
  const oid = /^version https:\/\/git-lfs[^\n]*\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\n/.exec(
    await readFile(file, 'utf8'),
  )?.[1];
  if (oid === undefined) return 'none';
  const content = join(commonDir, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  if ((await lstat(content).catch(() => undefined))?.isFile() !== true) return 'pointer';
  await copyOne(content, file);
  return 'filled';
}
