import { stat, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { git, gitLine } from './git.ts';
import type { Project } from './types.ts';

/** A project's repository, as far as workspaces need it. */
export interface Repository {
  /** The git directory of the project's own checkout. */
  gitDir: string;
  /** The one that all its worktrees share. */
  commonDir: string;
  /** The top of the person's checkout; undefined in a bare repository. */
  top?: string;
  /** The project's folder below `top`, without a slash at its end; `''` where it is `top` itself. */
  prefix: string;
  objectFormat: 'sha1' | 'sha256';
}

/** The repository that a project lies in; undefined where it lies in none. Throws where there is one that git cannot read. */
export async function findRepository(path: string): Promise<Repository | undefined> {
  const folder = await stat(path).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new DayshiftError('usage', `the project folder ${path} is not there`, {
      hint: 'Correct its `path` in config/dayshift.yaml.',
    });
  }
  const bare = await isBareFolder(path);
  const at = { cwd: path, ok: [0, 128], ...(bare ? { gitDir: path } : {}) };
  const asked = ['--is-bare-repository', '--is-inside-work-tree', '--show-object-format', '--show-prefix'];
  const [facts, dir] = await Promise.all([
    git(['rev-parse', ...asked], at),
    git(['rev-parse', '--absolute-git-dir'], at),
  ]);
  if (facts.code !== 0 || dir.code !== 0) {
    if (/not a git repository/i.test(facts.stderr) && !(await exists(join(path, '.git')))) return undefined;
    throw new DayshiftError('usage', `git cannot read the repository of ${path}: ${facts.stderr.trim()}`, {
      hint: 'Try `git status` in that folder.',
    });
  }
  const [isBare, inside, format, ...rest] = facts.stdout.toString('utf8').split('\n');
  const gitDir = dir.stdout.toString('utf8').replace(/\n$/, '');
  const prefix = rest.join('\n').replace(/\/?\n*$/, '');
  const common = {
    gitDir,
    commonDir: await commonDirOf(gitDir),
    objectFormat: format === 'sha256' ? ('sha256' as const) : ('sha1' as const),
  };
  if (isBare === 'true') return { ...common, prefix: '' };
  if (inside !== 'true') {
    throw new DayshiftError('usage', `${path} lies inside a git directory, not in a project`, {
      hint: 'Name the folder that holds the files as the project’s `path`.',
    });
  }
  const top = prefix === '' ? path : path.slice(0, path.length - prefix.length - 1);
  return { ...common, prefix, top };
}

/**
 * The commit that work starts from; undefined where the repository has no commit yet. Throws where `base` names
 * nothing, with the nearest names.
 */
export async function resolveBase(project: Project, repository: Repository): Promise<string | undefined> {
  const at = { cwd: repository.commonDir, gitDir: repository.gitDir };
  const wanted = project.base ?? 'HEAD';
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`];
  const found = await git(verify, { ...at, ok: [0, 1, 128] });
  if (found.code === 0) return found.stdout.toString('utf8').trim();
  if (project.base === undefined) return undefined;
  const listed = await git(
    ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'],
    at,
  );
  const names = listed.stdout.toString('utf8').split('\n').filter(Boolean);
  const nearest = names.toSorted((a, b) => distance(a, wanted) - distance(b, wanted)).slice(0, 3);
  throw new DayshiftError(
    'usage',
    `project ${project.name}: its base ${JSON.stringify(wanted)} is no branch, tag or commit`,
    {
      hint:
        nearest.length === 0
          ? 'The repository has no branch yet: commit once.'
          : `Did you mean ${nearest.join(', ')}? A branch that is only on a server must be fetched first.`,
    },
  );
}

/** True where `folder` is in `commit` (a folder that git ignores is not). */
export async function folderInCommit(repository: Repository, commit: string, folder: string): Promise<boolean> {
  const at = { cwd: repository.commonDir, gitDir: repository.gitDir, ok: [0, 1, 128] };
  return (await gitLine(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${folder}`], at)) !== '';
}

/** Settings of the person that decide how contents and files are written: line ends, modes, symlinks; in lower case. */
export async function personSettings(path: string, gitDir?: string): Promise<Map<string, string>> {
  const at = { cwd: path, personal: true, ...(gitDir === undefined ? {} : { gitDir }) };
  const listed = await git(['config', '--list', '-z', '--includes'], { ...at, ok: [0, 128] });
  const settings = new Map<string, string>();
  for (const entry of listed.stdout.toString('utf8').split('\0')) {
    const end = entry.indexOf('\n');
    if (entry !== '') settings.set(end < 0 ? entry : entry.slice(0, end), end < 0 ? 'true' : entry.slice(end + 1));
  }
  return settings;
}

async function commonDirOf(gitDir: string): Promise<string> {
  try {
    return resolve(gitDir, (await readFile(join(gitDir, 'commondir'), 'utf8')).replace(/\n$/, ''));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return gitDir;
    throw new DayshiftError('environment', `cannot read the git directory ${gitDir}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function isBareFolder(path: string): Promise<boolean> {
  const there = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => exists(join(path, name))));
  return there.every(Boolean) && !(await exists(join(path, '.git')));
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
