import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { execa } from 'execa';

/** A project as it stands. */
export interface ProjectState {
  /** `copy`: no git repository, or one without a commit, so tasks work on a copy with everything that is there. */
  kind: 'git' | 'copy';
  /** A git repository in which nothing was committed yet. */
  unborn?: true;
  /** Branch that is checked out; undefined for a detached HEAD and for a copy. */
  branch?: string;
  /** Changed and new files that are not committed: tasks do not see them. undefined where git could not tell. */
  uncommitted?: number;
}

/**
 * Looks at a project by `git status`. Changes nothing (no index refresh, no hooks, no fsmonitor), and runs no filter that the project's own config
 * names; never throws. `home`: what lies in there is Dayshift's, and no change of the project.
 */
export async function lookAtProject(
  path: string,
  env: Record<string, string | undefined>,
  home?: string,
): Promise<ProjectState> {
  const git = (...args: string[]) =>
    execa('git', ['-c', 'core.fsmonitor=false', ...args], {
      cwd: path,
      env: { PATH: env.PATH, HOME: env.HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: 20_000,
      maxBuffer: 50_000_000,
      stripFinalNewline: false,
    });
  const inside = await git('rev-parse', '--is-inside-work-tree', '--is-bare-repository');
  // Without git nobody can tell, but a folder that looks like a repository is not called something else.
  if (inside.code === 'ENOENT') return { kind: existsSync(join(path, '.git')) ? 'git' : 'copy' };
  if (inside.stdout === 'false\ntrue\n') {
    const head = (await git('symbolic-ref', '--quiet', '--short', 'HEAD')).stdout.trim();
    return { kind: 'git', ...(head === '' ? {} : { branch: head }) };
  }
  if (!inside.stdout.startsWith('true\n')) return { kind: 'copy' };
  const status = await git(
    ...(await withoutFilters(git)),
    ...['status', '--porcelain=v2', '--branch', '--no-renames', '-z', '--untracked-files=normal'],
    ...withoutHome(path, home),
  );
  if (status.exitCode !== 0) return { kind: 'git' };
  const entries = status.stdout.split('\0').filter((entry) => entry !== '');
  if (entries.includes('# branch.oid (initial)')) return { kind: 'copy', unborn: true };
  const branch = entries.find((entry) => entry.startsWith('# branch.head '))?.slice('# branch.head '.length);
  return {
    kind: 'git',
    ...(branch === undefined || branch === '(detached)' ? {} : { branch }),
    uncommitted: entries.filter((entry) => !entry.startsWith('# ')).length,
  };
}

/** Settings that leave each filter of the project's own config nothing to run; those of the person's own config (LFS) stay. */
async function withoutFilters(git: (...args: string[]) => PromiseLike<{ stdout: string }>): Promise<string[]> {
  const own = await git('config', '--local', '--includes', '--name-only', '-z', '--get-regexp', '^filter\\.');
  const names = new Set(own.stdout.split('\0').flatMap((key) => /^filter\.([^]+)\.[^.]+$/.exec(key)?.[1] ?? []));
  return [...names].flatMap((name) =>
    ['clean=', 'process=', 'required=false'].flatMap((setting) => ['-c', `filter.${name}.${setting}`]),
  );
}

/** Everything but a home that lies within the project. */
function withoutHome(path: string, home: string | undefined): string[] {
  const inside = home === undefined ? '' : relative(path, home);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return [];
  return ['--', ':/', `:(exclude,literal)${inside}`];
}
