import { AsyncLocalStorage } from 'node:async_hooks';
import { cutStart, DayshiftError, launch } from '../base/index.ts';

/** How one git process is run. */
export interface GitOptions {
  cwd: string;
  /** Explicit git directory: with it, git looks for none. */
  gitDir?: string;
  workTree?: string;
  indexFile?: string;
  objectDir?: string;
  input?: Uint8Array | string;
  /** Settings for this call, over everything in config files. */
  config?: readonly (readonly [string, string])[];
  /** Exit codes that are answers, not errors. Default: only 0. */
  ok?: readonly number[];
  /** Reads the person's own configuration too. Only for `git config`, which runs nothing. */
  personal?: boolean;
  /** Who stands in what git logs (`reflog`), and when; default: Dayshift, at a fixed time. */
  who?: { name: string; email: string; date: string };
  /** In ms, default 10 minutes. */
  timeoutMs?: number;
}

export interface GitResult {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/**
 * Settings that keep git from running anybody's commands, from the network and from housekeeping in the project.
 * Filters, textconv and external diffs need no entry: they run only where a config file defines them, and the
 * calls that touch file contents use the store's config, which is ours.
 */
const safeConfig: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', ''],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.askPass', ''],
  ['core.sshCommand', 'false'],
  ['core.alternateRefsCommand', ''],
  ['core.splitIndex', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.quotePath', 'true'],
  ['index.sparse', 'false'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['safe.bareRepository', 'explicit'],
  // The person named this project in their config: whose files they are does not matter.
  ['safe.directory', '*'],
  ['worktree.guessRemote', 'false'],
  ['worktree.useRelativePaths', 'false'],
];

/** Fixed identity and time: the same tree gives the same commit, so that a repeated checkpoint is the same one. */
export const identity = { name: 'Dayshift', email: 'dayshift@localhost', date: '946684800 +0000' };

const background = new AsyncLocalStorage<true>();
/** Of the priority of an agent's programs a third. */
const niceness = 10;

/** Runs `work` with its git processes behind those that somebody waits for: a workspace that is made ahead. */
export function inBackground<T>(work: () => Promise<T>): Promise<T> {
  return background.run(true, work);
}

/** The priority of what is started now. */
export function ownNiceness(): number | undefined {
  return background.getStore() === undefined ? undefined : niceness;
}

/**
 * Runs git with a clean environment. Every git process of this room starts here.
 * Throws DayshiftError with the command and the end of its error output, secrets in URLs removed.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const result = await launch({
    file: 'git',
    args,
    cwd: options.cwd,
    env: environment(options),
    input: options.input,
    timeoutMs: options.timeoutMs ?? 600_000,
    niceness: ownNiceness(),
  });
  if (result.problem?.code === 'ENOENT') {
    throw new DayshiftError('environment', `git could not be started in ${options.cwd}`, {
      hint: 'Is git installed and on the PATH, and is that folder there?',
    });
  }
  const stderr = redact(result.problem?.message ?? result.stderr.toString('utf8'));
  const code = result.exitCode ?? -1;
  // One that was ended may have made the best of it and say that all is well: what it printed is not whole.
  if (result.timedOut || result.tooMuch || !(options.ok ?? [0]).includes(code))
    throw gitError(args, code, stderr, result.timedOut, result.tooMuch);
  return { code, stdout: result.stdout, stderr };
}

/** The first line of what git printed. */
export async function gitLine(args: readonly string[], options: GitOptions): Promise<string> {
  return (await git(args, options)).stdout.toString('utf8').split('\n', 1)[0] ?? '';
}

/** User names, passwords and tokens in URLs, replaced. */
function redact(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@');
}

function environment(options: GitOptions): Record<string, string> {
  const { name, email, date } = options.who ?? identity;
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
  if (options.personal === true) {
    for (const name of ['HOME', 'XDG_CONFIG_HOME', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']) {
      const value = process.env[name];
      if (value !== undefined) env[name] = value;
    }
  } else {
    env.GIT_CONFIG_NOSYSTEM = '1';
    env.GIT_CONFIG_GLOBAL = '/dev/null';
    const settings = [...safeConfig, ...(options.config ?? [])];
    env.GIT_CONFIG_COUNT = String(settings.length);
    settings.forEach(([key, value], index) => {
      env[`GIT_CONFIG_KEY_${index}`] = key;
      env[`GIT_CONFIG_VALUE_${index}`] = value;
    });
  }
  if (options.gitDir !== undefined) env.GIT_DIR = options.gitDir;
  if (options.workTree !== undefined) env.GIT_WORK_TREE = options.workTree;
  if (options.indexFile !== undefined) env.GIT_INDEX_FILE = options.indexFile;
  if (options.objectDir !== undefined) env.GIT_OBJECT_DIRECTORY = options.objectDir;
  return env;
}

function gitError(
  args: readonly string[],
  code: number,
  stderr: string,
  timedOut: boolean,
  tooMuch: boolean,
): DayshiftError {
  const command = redact(`git ${args.slice(0, 12).join(' ')}`);
  const why = timedOut ? 'took too long' : tooMuch ? 'printed too much' : `ended with ${code}`;
  const hint = /no space left/i.test(stderr) ? 'The disk is full: `dayshift clean` removes old workspaces.' : undefined;
  return new DayshiftError('environment', `${command} ${why}: ${cutStart(stderr.trim(), 600)}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}
