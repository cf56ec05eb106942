import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutEnd, DayshiftError, scratchFolder } from '../base/index.ts';
import { saveFiles } from './apply-backup.ts';
import { removeEmptyFolders } from './apply-folders.ts';
import { notApplied, refuseLinks, refuseOutside } from './apply-state.ts';
import { git } from './git.ts';
import { linksOut } from './inspect.ts';
import { parsePatch, type Chunk } from './patch.ts';
import { findRepository, folderInCommit, personSettings, resolveBase, type Repository } from './repository.ts';
import { localRules, makeGitDir } from './store.ts';
import type { Applied, Project } from './types.ts';

/**
 * Puts a patch of `measure` into the person's checkout, unstaged: all of it or nothing. The person's git directory
 * is only read; git works with a scratch one, so that no filter or hook runs. Parts that are there already are left
 * alone, so that a repeated call after a crash is harmless. Throws DayshiftError with the files and reasons where the
 * patch does not fit, or would write outside the project or into a git directory; and, unless `allowLinks`, where it makes a
 * link that leads there: whoever follows it later, a build or an editor, reads or writes what is not the project's.
 */
export async function applyPatch(
  project: Project,
  patch: string,
  options: { allowLinks?: boolean } = {},
): Promise<Applied> {
  const chunks = parsePatch(patch);
  if (chunks.length === 0) return { files: 0 };
  const repository = await findRepository(project.path);
  const root = await rootOf(project, repository);
  refuseOutside(chunks);
  const left = await notApplied(root, chunks);
  if (left.length === 0) return { files: 0, already: true };
  await refuseLinks(root, left);
  if (options.allowLinks !== true) refuseLinksOut(left);
  const scratch = await scratchFolder('apply');
  try {
    const settings = await personSettings(project.path, repository?.gitDir);
    await makeScratch(scratch, repository, settings);
    return await applyChunks(project, root, scratch, left);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Throws where a part makes a link that leads out of the project. */
export function refuseLinksOut(chunks: readonly Chunk[]): void {
  const out = linksOut(chunks);
  if (out.length === 0) return;
  const names = out.slice(0, 10).map(({ path, why }) => `${path} (${why})`);
  const more = out.length > names.length ? ` and ${out.length - names.length} more` : '';
  throw new DayshiftError('usage', `it makes links that lead out of the project: ${names.join(', ')}${more}`, {
    hint: 'Look why; if they are wanted, `dayshift apply … --allow-links`.',
  });
}

async function applyChunks(
  project: Project,
  root: string,
  scratch: string,
  chunks: readonly Chunk[],
): Promise<Applied> {
  const file = join(scratch, 'work.patch');
  await writeFile(file, chunks.map((chunk) => chunk.text).join(''));
  const apply = (...args: string[]) =>
    git(['apply', '--whitespace=nowarn', ...args, file], {
      cwd: root,
      gitDir: scratch,
      workTree: root,
      ok: [0, 1, 128],
    });
  const check = await apply('--check');
  if (check.code !== 0) {
    if ((await apply('--check', '-R')).code === 0) return { files: 0, already: true };
    throw conflict(project, check.stderr);
  }
  const restoreFolders = await removeEmptyFolders(root, chunks);
  try {
    const restore = await saveFiles(root, scratch, chunks);
    const done = await apply();
    if (done.code === 0) return { files: chunks.length };
    await restore();
    throw conflict(project, done.stderr);
  } catch (error) {
    await restoreFolders();
    throw error;
  }
}

/** A git directory beside the project's: its objects, a copy of its index, its attributes; none of its config. */
async function makeScratch(
  scratch: string,
  repository: Repository | undefined,
  settings: ReadonlyMap<string, string>,
): Promise<void> {
  const rules = repository === undefined ? {} : await localRules(repository, settings);
  const alternates = repository === undefined ? [] : [join(repository.commonDir, 'objects')];
  const objectFormat = repository?.objectFormat ?? 'sha1';
  await makeGitDir(scratch, { objectFormat, settings, alternates, ...rules });
  if (repository === undefined) return;
  const names = await readdir(repository.gitDir);
  for (const name of names.filter((each) => each === 'index' || each.startsWith('sharedindex.'))) {
    await copyFile(join(repository.gitDir, name), join(scratch, name));
  }
}

async function rootOf(project: Project, repository: Repository | undefined): Promise<string> {
  if (repository === undefined) return project.path;
  if (repository.top === undefined) {
    throw new DayshiftError('usage', `project ${project.name} is a bare repository: it has no files to apply to`, {
      hint: 'Apply the patch from results/ in a clone of it: git apply FILE.',
    });
  }
  if (repository.prefix === '') return repository.top;
  const commit = await resolveBase(project, repository);
  const tracked = commit !== undefined && (await folderInCommit(repository, commit, repository.prefix));
  return tracked ? repository.top : project.path;
}

function conflict(project: Project, stderr: string): DayshiftError {
  const reasons = stderr
    .split('\n')
    .filter((line) => line.startsWith('error: '))
    .map((line) => line.slice('error: '.length));
  const why = cutEnd(reasons.length === 0 ? stderr.trim() : reasons.join('; '), 2000);
  return new DayshiftError(
    'usage',
    `the work does not fit into ${project.name} as it is now, nothing was changed: ${why}`,
    {
      hint: 'Next: commit or put aside (git stash) your changes of these files and apply again, or merge by hand what the patch under results/ says.',
    },
  );
}
