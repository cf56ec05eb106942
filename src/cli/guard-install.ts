import { access, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { installation, type SettingsFile } from '../guarding/index.ts';
import { hostsOf } from './guard-hosts.ts';
import { rulesFile, type HookOptions } from './guard-hook.ts';
import type { CliIo, ExitCode } from './io.ts';

/** The program, which lies at the same place of a checkout and of a package: this file may be `dist/src/cli/…` there. */
const programFile = join(import.meta.dirname.replace(/\/dist\/src\/cli$/, '/src/cli'), 'bin.js');

/** Where the machine's administrator may set what counts for everybody. */
const managedSettings =
  process.platform === 'darwin'
    ? '/Library/Application Support/ClaudeCode/managed-settings.json'
    : '/etc/claude-code/managed-settings.json';

export interface InstallOptions extends HookOptions {
  user?: boolean;
}

/** Sets the hook up, after it was tried. */
export async function install(options: InstallOptions, io: CliIo): Promise<ExitCode> {
  const { backupFile, hooksAreOff, installHook, keepOutOfGit, tryHook } = await installation();
  const { where, project, merged } = await settingsOf(options, io);
  for (const file of merged) {
    const why = await hooksAreOff({ ...where, file });
    if (why !== undefined)
      throw new DayshiftError('usage', `${file} sets ${why}: this hook would not run`, {
        hint: `take ${why} out of it first; nothing was changed`,
      });
  }
  const command = commandFor(options, project, io);
  tryHook(command, project ?? io.cwd);
  const hadText = await access(where.file).then(
    () => true,
    () => false,
  );
  const done = await installHook(where, command);
  io.out(
    done === 'already there'
      ? `The guard was already set up in ${where.file}.\n`
      : `The guard is ${done === 'updated' ? 'set up anew' : 'set up'} for ${project ?? 'every project of yours'}, in ${where.file}.\n`,
  );
  if (done !== 'already there') {
    io.out('It was tried: it refuses a commit. Sessions that are open now take it up when they start again.\n');
    if (hadText) io.out(`What was in the file before is kept in ${backupFile(where)}\n`);
  }
  io.out(`Rules: ${await rulesOf(options, io)}, then the built-in ones.\n`);
  if (project !== undefined && (await keepOutOfGit(project, localSettings)) === 'kept out')
    io.out(`git leaves the file out from now on: a line in its info/exclude, for it holds paths of this machine.\n`);
  if (done !== 'already there')
    io.out(
      `To take it out: dayshift guard uninstall ${options.user === true ? '--user' : `--project ${quoted(project ?? '.')}`}\n`,
    );
  return 0;
}

/** Takes the hook out. 1 where it was not there. */
export async function uninstall(options: InstallOptions, io: CliIo): Promise<ExitCode> {
  const { takeBackIntoGit, uninstallHook } = await installation();
  const { where, project } = await settingsOf(options, io);
  const done = await uninstallHook(where);
  if (project !== undefined) await takeBackIntoGit(project, localSettings);
  io.out(
    done
      ? `The guard is taken out of ${where.file}.\n`
      : `The guard is not set up in ${where.file}: nothing to take out.\n`,
  );
  return done ? 0 : 1;
}

/** Whose rules the hook judges by, for people. */
async function rulesOf(options: InstallOptions, io: CliIo): Promise<string> {
  const file = await rulesFile(withHome(options, io), io);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  return there ? file : `none of yours (${file} would hold them)`;
}

/** A home that only this shell's environment names is written into the entry: sessions that start elsewhere do not have it. */
function withHome<T extends InstallOptions>(options: T, io: CliIo): T {
  const home = io.env.DAYSHIFT_HOME;
  if (options.rules !== undefined || options.home !== undefined || home === undefined || home === '') return options;
  return { ...options, home };
}

/** A project's settings of this person alone, within it. */
const localSettings = '.claude/settings.local.json';

/** The settings file that is meant: a project's own for this person, or the person's; and all that Claude Code merges with it. */
async function settingsOf(
  options: InstallOptions,
  io: CliIo,
): Promise<{ where: SettingsFile; project: string | undefined; merged: string[] }> {
  if (options.user === true && options.project !== undefined)
    throw new DayshiftError('usage', 'either --user or --project: not both');
  const home = io.env.HOME;
  if (home === undefined || home === '') throw new DayshiftError('usage', 'HOME is not set');
  const backups = join(io.env.XDG_STATE_HOME ?? join(home, '.local/state'), 'dayshift/claude-settings');
  const users = join(io.env.CLAUDE_CONFIG_DIR ?? join(home, '.claude'), 'settings.json');
  if (options.user === true)
    return { where: { file: users, backups }, project: undefined, merged: [users, managedSettings] };
  const named = resolve(io.cwd, options.project ?? '.');
  const project = await realpath(named).catch(() => {
    throw new DayshiftError('usage', `${named} is not there`, { hint: 'name the project’s folder with --project' });
  });
  const file = join(project, localSettings);
  const merged = [file, join(project, '.claude/settings.json'), users, managedSettings];
  return { where: { file, backups }, project, merged };
}

/**
 * The line for the shell: this Node and this program, by their full paths. Whatever keeps them from answering (a missing
 * Node, a crash, a kill) becomes exit code 2, with which Claude Code blocks the call; any other would let it run.
 */
function commandFor(given: InstallOptions, project: string | undefined, io: CliIo): string {
  const options = withHome(given, io);
  const words = [process.execPath, programFile, 'guard', 'hook'];
  if (project !== undefined) words.push('--project', project);
  if (options.rules !== undefined) words.push('--rules', resolve(io.cwd, options.rules));
  if (options.home !== undefined) words.push('--home', resolve(io.cwd, options.home));
  if (options.egress !== undefined) words.push('--egress', hostsOf(options.egress).join(','));
  if (options.approve === true) words.push('--approve');
  const gone = `Dayshift's guard cannot start here, so every call is blocked. Set it up anew with dayshift guard install, or take the entry that ends with "# dayshift guard" out of your Claude settings.`;
  return `${words.map(quoted).join(' ')} || { [ $? = 2 ] || echo ${quoted(gone)} >&2; exit 2; }`;
}

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
