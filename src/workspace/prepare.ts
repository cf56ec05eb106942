import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { ageFiles } from './age-files.ts';
import { commitTree } from './commit.ts';
import { copyListed } from './copy-listed.ts';
import { fillFiltered, fillSubmodules, readContents } from './fill.ts';
import { homeFolders, isInside } from './paths.ts';
import { display, joinNul, splitNul, toRaw, type RawPath } from './raw.ts';
import { removeRemains } from './remove.ts';
import { findRepository, folderInCommit, personSettings, resolveBase, type Repository } from './repository.ts';
import { takeTree } from './snapshot.ts';
import { localRules, makeGitDir, readNotes, storeGit, writeNotes, writeRef, type StoreNotes } from './store.ts';
import { copyTree } from './tree-copy.ts';
import type { Project, Workspace, WorkspacePaths } from './types.ts';
import { makeWorktree } from './worktree.ts';

/** Folders that anybody can make anew, left out of snapshots of projects that have no git to say so. */
const generated = ['node_modules/', '.venv/', '__pycache__/'];

/**
 * Makes a task's workspace: always anew, so call it only before any work was done there. What an earlier call left
 * half-made is removed first. Throws DayshiftError where the project cannot be worked on, with the reason.
 */
export async function prepareWorkspace(project: Project, paths: WorkspacePaths): Promise<Workspace> {
  const repository = await findRepository(project.path);
  await removeRemains(repository?.commonDir, paths);
  await Promise.all(
    [paths.cli, join(paths.out, 'agent_questions')].map((folder) => mkdir(folder, { recursive: true })),
  );
  const settings = await personSettings(project.path, repository?.gitDir);
  const commit = repository === undefined ? undefined : await resolveBase(project, repository);
  const made =
    repository !== undefined && commit !== undefined && (await isTracked(repository, commit))
      ? await prepareWorktree(project, paths, repository, commit, settings)
      : await prepareCopy(project, paths, repository, commit, settings);
  await writeNotes(paths.store, made.notes);
  return made.workspace;
}

/** The workspace again after a restart, from what the journal says of it. Reads only the store's notes. */
export function openWorkspace(
  project: Project,
  paths: WorkspacePaths,
  record: { kind: 'worktree' | 'copy'; base: string },
): Workspace {
  const notes = readNotes(paths.store);
  if (notes === undefined) {
    throw new DayshiftError(
      'environment',
      `the workspace of ${basename(paths.root)} in ${project.name} is not there any more`,
      {
        hint: 'Was it cleaned up? `dayshift retry` starts the task again in a new one.',
      },
    );
  }
  const { gitDir, subdir, warnings } = notes;
  return { paths, ...record, ...(gitDir === undefined ? {} : { gitDir }), subdir, warnings };
}

interface Made {
  workspace: Workspace;
  notes: StoreNotes;
}

async function prepareWorktree(
  project: Project,
  paths: WorkspacePaths,
  repository: Repository,
  commit: string,
  settings: ReadonlyMap<string, string>,
): Promise<Made> {
  const warnings: string[] = [];
  const { entry, sparse } = await makeWorktree(repository, paths, commit, settings);
  const contents = await readContents(paths);
  const filled = await fillSubmodules(paths, repository.commonDir, contents.submodules, warnings);
  const smudged = await fillFiltered(paths, repository.commonDir, contents, warnings);
  if (smudged.length > 0) {
    // The agent's own git must not take them for changed: their pointers are what is committed.
    const args = ['update-index', '--assume-unchanged', '-z', '--stdin'];
    await storeGit(paths, args, { input: joinNul(smudged), indexFile: join(entry, 'index') });
  }
  const subdir = repository.prefix;
  const copied = await copyListed(project, join(paths.checkout, subdir), warnings);
  const inCheckout = copied.map((path) => join(subdir, path));
  await writeRef(paths.store, 'base', commit);
  return {
    workspace: { paths, kind: 'worktree', base: commit, gitDir: repository.commonDir, subdir, warnings },
    notes: {
      checkout: paths.checkout,
      subdir,
      gitDir: repository.commonDir,
      entry,
      copied: inCheckout,
      ignored: await ignoredOf(paths, inCheckout),
      envFiles: envFiles(contents.all, inCheckout),
      submodules: contents.submodules.map(({ path }) => path),
      filled,
      sparse,
      warnings,
    },
  };
}

async function prepareCopy(
  project: Project,
  paths: WorkspacePaths,
  repository: Repository | undefined,
  commit: string | undefined,
  settings: ReadonlyMap<string, string>,
): Promise<Made> {
  const warnings: string[] = [];
  if (repository !== undefined) warnings.push(whyCopied(project, repository, commit));
  await mkdir(paths.checkout, { recursive: true });
  const left = new Set(homeFolders(paths));
  const files: RawPath[] = [];
  await copyTree(project.path, paths.checkout, {
    warnings,
    take: (path) => {
      if (basename(path) === '.env') files.push(path);
      return basename(path).toLowerCase() !== '.git' && !left.has(join(project.path, display(path)));
    },
  });
  await ageFiles(paths.checkout);
  const rules = repository === undefined ? { exclude: '', attributes: '' } : await localRules(repository, settings);
  await makeGitDir(paths.store, {
    objectFormat: 'sha1',
    settings,
    alternates: [],
    exclude: `${generated.join('\n')}\n${rules.exclude}`,
    attributes: rules.attributes,
  });
  const copied = await copyListed(project, paths.checkout, warnings);
  const notes: StoreNotes = {
    checkout: paths.checkout,
    subdir: '',
    copied,
    ignored: await ignoredOf(paths, copied),
    envFiles: envFiles(files, copied),
    submodules: [],
    filled: [],
    sparse: false,
    warnings,
  };
  const unbased: Workspace = { paths, kind: 'copy', base: '', subdir: '', warnings };
  const snapshot = await takeTree(unbased);
  const base = await commitTree(paths, snapshot.tree, 'base');
  await writeRef(paths.store, 'base', base);
  warnings.push(...snapshot.warnings);
  return { workspace: { ...unbased, base }, notes };
}

async function ignoredOf(paths: WorkspacePaths, copied: readonly string[]): Promise<RawPath[]> {
  if (copied.length === 0) return [];
  const args = ['check-ignore', '-z', '--stdin'];
  return splitNul((await storeGit(paths, args, { input: joinNul(copied.map(toRaw)), ok: [0, 1] })).stdout);
}

function envFiles(all: readonly RawPath[], copied: readonly string[]): string[] {
  const found = all.filter((path) => path === '.env' || path.endsWith('/.env')).map(display);
  return found.filter((path) => !copied.some((one) => isInside(`/${one}`, `/${path}`)));
}

/** A project in a folder that the repository around it ignores is no part of that repository. */
async function isTracked(repository: Repository, commit: string): Promise<boolean> {
  return repository.prefix === '' || folderInCommit(repository, commit, repository.prefix);
}

function whyCopied(project: Project, repository: Repository, commit: string | undefined): string {
  if (repository.top === undefined) {
    throw new DayshiftError('usage', `project ${project.name}: the bare repository has no commit yet`, {
      hint: 'Push a first commit to it.',
    });
  }
  return commit === undefined
    ? 'the repository has no commit yet: the work is done on a copy of its files as they are (commit once to work in a git worktree)'
    : `the repository around ${project.path} does not hold this folder: the work is done on a copy of its files as they are`;
}
