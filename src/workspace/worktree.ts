import { randomBytes } from 'node:crypto';
import { lstat, readFile, readdir, rename, rm, rmdir, writeFile, copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { ageFiles } from './age-files.ts';
import { git } from './git.ts';
import { entryPrefix } from './paths.ts';
import type { Repository } from './repository.ts';
import { makeGitDir, localRules, storeGit, textOf } from './store.ts';
import { inTurn } from './turns.ts';
import type { WorkspacePaths } from './types.ts';

/**
 * Makes the checkout as a linked worktree, detached at `commit`. Into the project's git directory goes only the
 * worktree's own entry, made by `git worktree add --no-checkout`. The files are written by the store's git, whose
 * config is ours: no filter or hook of anybody runs. Returns the entry's path.
 */
export async function makeWorktree(
  repository: Repository,
  paths: WorkspacePaths,
  commit: string,
  settings: ReadonlyMap<string, string>,
): Promise<{ entry: string; sparse: boolean }> {
  const name = `${entryPrefix(paths)}${randomBytes(4).toString('hex')}`;
  const entry = join(repository.commonDir, 'worktrees', name);
  // git names the entry after the folder: it is made under its unique name first.
  const first = join(paths.root, name);
  await inTurn(repository.commonDir, () => addEntry(repository, paths.root, first, commit));
  await rename(first, paths.checkout);
  await writeFile(join(entry, 'gitdir'), `${join(paths.checkout, '.git')}\n`);
  if (!(await textOf(join(paths.checkout, '.git'))).endsWith(`/worktrees/${name}\n`)) {
    throw new DayshiftError('internal', `git made another worktree entry than ${entry}`);
  }
  await makeGitDir(paths.store, {
    objectFormat: repository.objectFormat,
    settings,
    alternates: [join(repository.commonDir, 'objects')],
    ...(await localRules(repository, settings)),
  });
  const patterns = await textOf(join(entry, 'info', 'sparse-checkout'));
  const sparse = settings.get('core.sparsecheckout') === 'true' && patterns !== '';
  if (sparse) await writeFile(join(paths.store, 'info', 'sparse-checkout'), patterns);
  await writeFiles(paths, commit, settings, sparse);
  await ageFiles(paths.checkout);
  await storeGit(paths, ['update-index', '-q', '--refresh'], { ok: [0, 1] });
  await copyFile(join(paths.store, 'index'), join(entry, 'index'));
  return { entry, sparse };
}

/** git reads the other entries when it adds one, and fails on one that is just being written: ours are made one by one, others' are waited for. */
async function addEntry(repository: Repository, cwd: string, folder: string, commit: string): Promise<void> {
  const args = ['worktree', 'add', '--detach', '--no-checkout', folder, commit];
  for (let again = 20; ; again -= 1) {
    try {
      await git(args, { cwd, gitDir: repository.gitDir });
      return;
    } catch (error) {
      if (again === 0 || !/failed to read .*worktrees/.test(messageOf(error))) throw error;
    }
  }
}

async function writeFiles(
  paths: WorkspacePaths,
  commit: string,
  settings: ReadonlyMap<string, string>,
  sparse: boolean,
): Promise<void> {
  const cone = settings.get('core.sparsecheckoutcone') ?? 'false';
  const config: [string, string][] = [['checkout.workers', '0']];
  if (sparse) config.push(['core.sparseCheckout', 'true'], ['core.sparseCheckoutCone', cone]);
  const done = await storeGit(paths, ['read-tree', '-u', '--reset', commit], { config, ok: [0, 1, 128] });
  if (done.code === 0) return;
  const partial = settings.has('extensions.partialclone');
  throw new DayshiftError(
    'environment',
    `the files of ${commit.slice(0, 12)} could not be written: ${done.stderr.trim()}`,
    {
      hint: partial
        ? 'The repository is a partial clone and lacks contents, and Dayshift fetches nothing: check that commit out yourself once, which fetches them.'
        : 'Try `git fsck` in the project, and look whether the disk is full.',
    },
  );
}

/** Removes every entry of this workspace, half-made ones too. */
export async function removeEntries(commonDir: string, paths: WorkspacePaths): Promise<void> {
  const folder = join(commonDir, 'worktrees');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(entryPrefix(paths)));
  for (const name of names) await removeEntry(join(folder, name), paths.checkout);
}

/** Removes a worktree's entry and nothing else: one that belongs to another folder stays. Harmless the second time. */
export async function removeEntry(entry: string, checkout: string): Promise<void> {
  const owner = await textOf(join(entry, 'gitdir'));
  const ours = ['', join(checkout, '.git'), join(checkout, '..', basename(entry), '.git')];
  if (!ours.includes(owner.replace(/\n$/, ''))) return;
  // Without its `gitdir` an entry is none for git, so that nobody stumbles over half of one.
  await rm(join(entry, 'gitdir'), { force: true });
  await rm(entry, { recursive: true, force: true });
  // As git does: the folder of entries goes with its last one.
  await rmdir(join(entry, '..')).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].some((code) => hasCode(error, code))) throw error;
  });
}

/** Entries of ours whose folder is gone: paths of the entries and of the checkouts that they name. */
export async function strayEntries(
  commonDir: string,
  workspaces: string,
): Promise<{ entry: string; checkout: string }[]> {
  const folder = join(commonDir, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  const stray: { entry: string; checkout: string }[] = [];
  for (const name of names.filter((each) => each.startsWith('dayshift-'))) {
    const gitFile = (await readFile(join(folder, name, 'gitdir'), 'utf8').catch(() => '')).replace(/\n$/, '');
    if (!gitFile.startsWith(`${workspaces}/`)) continue;
    if ((await lstat(gitFile).catch(() => undefined)) === undefined) {
      stray.push({ entry: join(folder, name), checkout: join(gitFile, '..') });
    }
  }
  return stray;
}
