import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { writeCommit } from './commit.ts';
import { git, gitLine, type GitOptions } from './git.ts';
import { entriesAgainst, putOnto, somePaths, type Entry } from './onto.ts';
import { hooksOf, identityOf } from './person.ts';
import { findRepository, folderInCommit, personSettings, resolveBase, type Repository } from './repository.ts';
import type { Project } from './types.ts';

/** A project's repository, as far as commits are made in it. */
export interface Place {
  project: Project;
  repository: Repository;
  /** `personSettings` of it. */
  settings: ReadonlyMap<string, string>;
  /** The branch that is checked out, without `refs/heads/`; undefined for a detached HEAD. */
  branch?: string;
  /** What HEAD is; undefined where there is no commit yet. */
  head?: string;
}

/** A commit that is written and that nothing refers to yet: what is remembered before a branch is moved to it. */
export interface Pending {
  /** The branch that is to have it, without `refs/heads/`. */
  branch: string;
  commit: string;
  /** Where that branch is now; empty where it is to be made. */
  from: string;
}

const NOT_GIT = 'Apply it instead (dayshift apply), or run `git init` and commit once.';

/** Throws DayshiftError where the project is in no repository, or its folder is in none of its commits. */
export async function findPlace(project: Project): Promise<Place> {
  const repository = await findRepository(project.path);
  if (repository === undefined)
    throw new DayshiftError('usage', `project ${project.name} is not in a git repository`, { hint: NOT_GIT });
  const at = gitAt(repository);
  const named = await git(['symbolic-ref', '-q', 'HEAD'], { ...at, ok: [0, 1, 128] });
  const ref = named.stdout.toString('utf8').trim();
  const head = await resolveBase({ name: project.name, path: project.path, copy: [] }, repository);
  if (repository.prefix !== '' && (head === undefined || !(await folderInCommit(repository, head, repository.prefix))))
    throw new DayshiftError(
      'usage',
      `the folder of project ${project.name} is in no commit of ${repository.top ?? ''}`,
      { hint: NOT_GIT },
    );
  return {
    ...{ project, repository },
    settings: await personSettings(project.path, repository.gitDir),
    ...(ref.startsWith('refs/heads/') ? { branch: ref.slice('refs/heads/'.length) } : {}),
    ...(head === undefined ? {} : { head }),
  };
}

/** Where the work of `git commit` would go. Throws DayshiftError, with what to do, where there is no such place now. */
export async function currentBranch(place: Place): Promise<{ branch: string; head: string }> {
  const { repository, project, branch, head } = place;
  const refuse = (why: string, hint: string) => new DayshiftError('usage', why, { hint });
  const instead = '`dayshift branch` makes a branch of the work without touching your checkout.';
  if (repository.top === undefined)
    throw refuse(`project ${project.name} is a bare repository: nothing is checked out there`, instead);
  if (branch === undefined)
    throw refuse(
      `HEAD is detached in ${repository.top}: a commit there would be on no branch`,
      `Check a branch out (git switch BRANCH) and try again; or ${instead}`,
    );
  if (head === undefined)
    throw refuse(`${branch} has no commit yet`, 'Commit once by hand (git commit), then try again.');
  for (const [file, what] of Object.entries(unfinished))
    if (await exists(join(repository.gitDir, file)))
      throw refuse(`${what} is not finished in ${repository.top}`, `End it first (git status says how), or ${instead}`);
  return { branch, head };
}

const unfinished = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
};

/**
 * Writes a commit of the work onto `start`, by the person, and returns it; undefined where `start` has the work already. Nothing refers to
 * it, so nothing is changed yet. Throws DayshiftError where the work does not fit, or git does not know the person.
 * @param at in ms
 */
export async function makeCommit(
  place: Place,
  work: { start: string; patch: string; message: string; at: number; allowLinks?: boolean; hint: string },
): Promise<{ commit: string; entries: Entry[] } | undefined> {
  const { repository, settings, project } = place;
  const author = identityOf(settings, 'author');
  const committer = identityOf(settings, 'committer');
  const { allowLinks = false } = work;
  const onto = await putOnto(repository, settings, work.start, work.patch, { allowLinks });
  if (onto.kind === 'there') return undefined;
  if (onto.kind === 'conflict')
    throw new DayshiftError(
      'usage',
      `the work does not fit onto ${work.start.slice(0, 10)} of ${project.name}, nothing was changed: ${onto.why}`,
      { hint: work.hint },
    );
  const when = stamp(work.at);
  const commit = await writeCommit(join(repository.commonDir, 'objects'), {
    ...{ tree: onto.tree, parents: [work.start], message: work.message },
    author: `${author.name} <${author.email}> ${when}`,
    committer: `${committer.name} <${committer.email}> ${when}`,
  });
  return { commit, entries: onto.entries };
}

/** As git writes a time: seconds, and the zone of this machine. */
function stamp(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${Math.floor(ms / 1000)} ${minutes < 0 ? '-' : '+'}${two(minutes / 60)}${two(Math.abs(minutes) % 60)}`;
}

/** Throws where something of the person's own is staged in files of the work: it would have to be left out, or be taken along. */
export async function refuseStaged({ repository }: Place, head: string, entries: readonly Entry[]): Promise<void> {
  const staged = new Map((await entriesAgainst(gitAt(repository), head)).map((entry) => [entry.path, entry]));
  if ([...staged.values()].some(({ status }) => status === 'U'))
    throw new DayshiftError('usage', `a merge is not finished in ${repository.top ?? ''}`, {
      hint: 'End it first: git status says how.',
    });
  const mine = entries.filter(({ path, newMode, newId }) => {
    const now = staged.get(path);
    return now !== undefined && (now.newMode !== newMode || now.newId !== newId);
  });
  if (mine.length === 0) return;
  throw new DayshiftError(
    'usage',
    `you have staged changes of your own in files of the work, nothing was changed: ${somePaths(mine.map(({ path }) => path))}`,
    { hint: 'Commit them first, or unstage them (git restore --staged FILE), then try again.' },
  );
}

/**
 * Moves a branch to a commit that was made for it. Of the branch that is checked out the index follows, for the files of the commit alone:
 * what the person has staged or changed stays so. Cut off anywhere, the next call ends it; done twice it changes nothing.
 * Resolves with false where the branch has gone another way since: then nothing was changed.
 * @param at in ms, for the reflog
 */
export async function moveBranch(
  place: Place,
  pending: Pending,
  at: number,
  onPoint?: (name: string) => void,
): Promise<boolean> {
  const { repository, settings } = place;
  const { branch, commit, from } = pending;
  const ref = `refs/heads/${branch}`;
  const base = gitAt(repository);
  const now = await gitLine(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    ...base,
    ok: [0, 1, 128],
  });
  const isThere = now !== '' && (await contains(place, commit, now));
  if (!isThere && now !== from) return false;
  // The index goes first: cut off in between, the work is staged, which is no harm.
  const follows = place.branch === branch && repository.top !== undefined && from !== '';
  if (follows && (!isThere || now === commit)) await moveIndex(place, from, commit);
  onPoint?.('after:index');
  if (isThere) return true;
  const who = { ...identityOf(settings, 'committer'), date: stamp(at) };
  const zeros = '0'.repeat(commit.length);
  const args = ['update-ref', '--create-reflog', '-m', 'commit: by dayshift', ref, commit, from === '' ? zeros : from];
  const moved = await git(args, { ...base, who, ok: [0, 1, 128] });
  if (moved.code === 0) {
    onPoint?.('after:ref');
    return true;
  }
  if (follows) await moveIndex(place, commit, from);
  if (
    /cannot lock ref|is at|reference already exists/.test(moved.stderr) &&
    !moved.stderr.includes('exists; cannot create')
  )
    return false;
  throw new DayshiftError('usage', `the branch ${branch} could not be made: ${moved.stderr.trim()}`, {
    hint: 'Give it another name: dayshift branch TASK NAME.',
  });
}

/** Whether a commit is in the history of another. False where it is not there at all. */
export async function contains({ repository }: Place, commit: string, tip: string): Promise<boolean> {
  const asked = await git(['merge-base', '--is-ancestor', commit, tip], { ...gitAt(repository), ok: [0, 1, 128] });
  return asked.code === 0;
}

/** The commit that a branch is at; undefined where there is no such branch. */
export async function tipOf({ repository }: Place, branch: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}^{commit}`];
  const tip = await gitLine(args, { ...gitAt(repository), ok: [0, 1, 128] });
  return tip === '' ? undefined : tip;
}

/** Whether git takes this for the name of a branch. */
export async function isBranchName({ repository }: Place, name: string): Promise<boolean> {
  const asked = await git(['check-ref-format', `refs/heads/${name}`], { ...gitAt(repository), ok: [0, 1, 128] });
  return asked.code === 0 && !name.startsWith('-');
}

/** Whether the repository has this commit. */
export async function hasCommit({ repository }: Place, commit: string): Promise<boolean> {
  return (await git(['cat-file', '-e', `${commit}^{commit}`], { ...gitAt(repository), ok: [0, 1, 128] })).code === 0;
}

/** Whether a commit has the result of a patch. */
export async function holdsWork(place: Place, commit: string, patch: string): Promise<boolean> {
  const onto = await putOnto(place.repository, place.settings, commit, patch, { allowLinks: true });
  return onto.kind === 'there';
}

/** What a commit of Dayshift's did not do that the person's own `git commit` would have done, a sentence each. */
export async function leftUndone({ repository, settings }: Place): Promise<string[]> {
  const hooks = await hooksOf(repository, settings);
  return [
    ...(hooks.length === 0
      ? []
      : [
          `Your ${hooks.join(', ')} did not run, for hooks run what the agent wrote: look at it, then git commit --amend --no-edit runs them.`,
        ]),
    ...(/^(?:true|yes|on|1)$/i.test(settings.get('commit.gpgsign') ?? '')
      ? ['It is not signed: git commit --amend --no-edit -S signs it.']
      : []),
  ];
}

/** Entries of the index that are as `from` has them become as `to` has them; what is staged otherwise stays. */
async function moveIndex({ repository }: Place, from: string, to: string): Promise<void> {
  const at = gitAt(repository);
  const [staged, listed] = [
    new Set((await entriesAgainst(at, from)).map(({ path }) => path)),
    await git(['diff-tree', '-r', '--raw', '-z', '--no-renames', '--no-abbrev', from, to], at),
  ];
  const fields = listed.stdout.toString('latin1').split('\0');
  const lines: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = '', , id = ''] = (fields[index] ?? '').split(' ');
    const path = fields[index + 1] ?? '';
    if (staged.has(path)) continue;
    const line = `${mode === '000000' ? '0' : mode} ${id}\t${path}\0`;
    // What goes makes room for what comes.
    if (mode === '000000') lines.unshift(line);
    else lines.push(line);
  }
  if (lines.length === 0) return;
  await git(['update-index', '--add', '--replace', '-z', '--index-info'], {
    ...at,
    input: Buffer.from(lines.join(''), 'latin1'),
  });
}

/** git on the person's repository: on refs, objects and the index alone, never with their files as its work tree. */
function gitAt(repository: Repository): GitOptions {
  return { cwd: repository.commonDir, gitDir: repository.gitDir };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
