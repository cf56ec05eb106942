import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { git, type GitOptions, type GitResult } from './git.ts';
import { display, type RawPath } from './raw.ts';
import type { Repository } from './repository.ts';
import type { Workspace, WorkspacePaths } from './types.ts';

/**
 * The store: a bare git directory of Dayshift's own, one a task, that holds checkpoints. It borrows the project's
 * objects and writes none there. Its config is ours, so no filter, hook or external diff is defined in it, whatever
 * attributes the agent plants.
 */

/** What is remembered about a workspace beside the journal: `workspace.json` in the store. */
export interface StoreNotes {
  checkout: string;
  subdir: string;
  gitDir?: string;
  /** Absolute path of the worktree's entry in the project's git directory. */
  entry?: string;
  /** Paths put there by `copy:`, relative to the checkout. */
  copied: string[];
  /** Of these, the ones that git ignored from the start (raw): never in a checkpoint or patch, whatever the agent does to `.gitignore`. */
  ignored: RawPath[];
  /** `.env` files that came with the project's files, relative to the checkout. */
  envFiles: string[];
  /** Submodule folders, as raw paths: their contents are not captured. */
  submodules: RawPath[];
  /** Those of them that were filled from the project's own clone of the submodule. */
  filled: RawPath[];
  /** The checkout is sparse, as the person's is. */
  sparse: boolean;
  warnings: string[];
}

const notesFile = 'workspace.json';

/** Makes the skeleton of a bare git directory, without starting git. */
export async function makeGitDir(
  dir: string,
  options: {
    objectFormat: 'sha1' | 'sha256';
    settings: ReadonlyMap<string, string>;
    alternates: readonly string[];
    exclude?: string;
    attributes?: string;
  },
): Promise<void> {
  const folders = ['objects/info', 'objects/pack', 'refs/checkpoints', 'info'];
  await Promise.all(folders.map((name) => mkdir(join(dir, name), { recursive: true })));
  const files: [string, string][] = [
    ['HEAD', 'ref: refs/heads/none\n'],
    ['config', configText(options.objectFormat, options.settings)],
    ['objects/info/alternates', options.alternates.map((path) => `${quote(path)}\n`).join('')],
    ['info/exclude', options.exclude ?? ''],
    ['info/attributes', options.attributes ?? ''],
  ];
  await Promise.all(files.map(([name, text]) => writeFile(join(dir, name), text)));
}

/** The project's own ignore rules and attributes that are in no commit: its info/ files and the person's global ones. */
export async function localRules(
  repository: Repository,
  settings: ReadonlyMap<string, string>,
): Promise<{ exclude: string; attributes: string }> {
  const config = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  const named = settings.get('core.excludesfile');
  const globalIgnore =
    named === undefined ? join(config, 'git', 'ignore') : resolve(homedir(), named.replace(/^~\//, ''));
  const [own, global, attributes] = await Promise.all([
    textOf(join(repository.commonDir, 'info', 'exclude')),
    textOf(globalIgnore),
    textOf(join(repository.commonDir, 'info', 'attributes')),
  ]);
  return { exclude: `${global}\n${own}\n`, attributes };
}

/** git on the store, with the checkout as its work tree. */
export function storeGit(
  paths: WorkspacePaths,
  args: readonly string[],
  options: Omit<GitOptions, 'cwd' | 'gitDir'> = {},
): Promise<GitResult> {
  return git(args, { cwd: paths.checkout, gitDir: paths.store, workTree: paths.checkout, ...options });
}

/** Names `commit` in the store. Harmless the second time. */
export async function writeRef(store: string, name: string, commit: string): Promise<void> {
  const file = join(store, 'refs', 'checkpoints', name);
  await writeFile(`${file}.new`, `${commit}\n`);
  await rename(`${file}.new`, file);
}

/** The commit named `name`, or undefined. */
export async function readRef(store: string, name: string): Promise<string | undefined> {
  const text = await textOf(join(store, 'refs', 'checkpoints', name));
  return text === '' ? undefined : text.trim();
}

/** Notes are written last: a store with notes is a workspace that was made completely. */
export async function writeNotes(store: string, notes: StoreNotes): Promise<void> {
  const file = join(store, notesFile);
  await writeFile(`${file}.new`, JSON.stringify(notes));
  await rename(`${file}.new`, file);
}

/** undefined where the workspace was never made completely. */
export function readNotes(store: string): StoreNotes | undefined {
  try {
    return JSON.parse(readFileSync(join(store, notesFile), 'utf8')) as StoreNotes;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw new DayshiftError('internal', `${join(store, notesFile)} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The folders of submodules, relative to the checkout: what changes in them is not taken along. */
export function submodulesOf(ws: Workspace): string[] {
  return (readNotes(ws.paths.store)?.submodules ?? []).map(display);
}

/** The text of a file; `''` where there is none. */
export async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function configText(objectFormat: 'sha1' | 'sha256', settings: ReadonlyMap<string, string>): string {
  const sha256 = objectFormat === 'sha256';
  const lines = ['[core]', `\trepositoryformatversion = ${sha256 ? 1 : 0}`, '\tbare = true', '\tsafecrlf = false'];
  for (const key of ['autocrlf', 'eol', 'symlinks', 'filemode', 'ignorecase', 'precomposeunicode']) {
    const value = settings.get(`core.${key}`);
    if (value !== undefined && /^[a-z0-9]+$/i.test(value)) lines.push(`\t${key} = ${value}`);
  }
  if (sha256) lines.push('[extensions]', '\tobjectformat = sha256');
  return `${lines.join('\n')}\n`;
}

/** A path in objects/info/alternates: C-quoted, so that any name fits in a line. */
function quote(path: string): string {
  const escaped = path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
