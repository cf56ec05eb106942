import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DayshiftError } from '../base/index.ts';
import { installation, type SettingsFile } from '../guarding/index.ts';
import type { HookOptions } from './guard-hook.ts';
import type { CliIo, ExitCode } from './io.ts';

/** The program, which lies at the same place of a checkout and of a package: this file may be `dist/src/cli/…` there. */
const programFile = join(import.meta.dirname.replace(/\/dist\/src\/cli$/, '/src/cli'), 'bin.js');

export interface InstallOptions extends HookOptions {
  user?: boolean;
}

/** Sets the hook up, after it was tried. */
export async function install(options: InstallOptions, io: CliIo): Promise<ExitCode> {
  const { backupFile, hooksAreOff, installHook, tryHook } = await installation();
  const { where, project } = await settingsOf(options, io);
  if (await hooksAreOff(where))
    throw new DayshiftError('usage', `${where.file} sets disableAllHooks: no hook would run`, {
      hint: 'take disableAllHooks out of it first; nothing was changed',
    });
  const command = commandFor(options, project, io);
  tryHook(command, project ?? io.cwd);
  const done = await installHook(where, command);
  io.out(
    done === 'already there'
      ? `The guard was already set up in ${where.file}.\n`
      : `The guard is ${done === 'updated' ? 'set up anew' : 'set up'} for ${project ?? 'every project of yours'}, in ${where.file}.\n`,
  );
  if (done !== 'already there')
    io.out(
      `It was tried: it refuses a commit. Sessions that are open now take it up when they start again.\nWhat was there before: ${backupFile(where)}\nTo take it out: dayshift guard uninstall ${options.user === true ? '--user' : `--project ${quoted(project ?? '.')}`}\n`,
    );
  return 0;
}

/** Takes the hook out. 1 where it was not there. */
export async function uninstall(options: InstallOptions, io: CliIo): Promise<ExitCode> {
  const { uninstallHook } = await installation();
  const { where } = await settingsOf(options, io);
  const done = await uninstallHook(where);
  io.out(
    done
      ? `The guard is taken out of ${where.file}.\n`
      : `The guard is not set up in ${where.file}: nothing to take out.\n`,
  );
  return done ? 0 : 1;
}

/** The settings file that is meant: a project's own for this person, or the person's. */
async function settingsOf(
  options: InstallOptions,
  io: CliIo,
): Promise<{ where: SettingsFile; project: string | undefined }> {
  if (options.user === true && options.project !== undefined)
    throw new DayshiftError('usage', 'either --user or --project: not both');
  const home = io.env.HOME;
  if (home === undefined || home === '') throw new DayshiftError('usage', 'HOME is not set');
  const backups = join(io.env.XDG_STATE_HOME ?? join(home, '.local/state'), 'dayshift/claude-settings');
  if (options.user === true) {
    const folder = io.env.CLAUDE_CONFIG_DIR ?? join(home, '.claude');
    return { where: { file: join(folder, 'settings.json'), backups }, project: undefined };
  }
  const named = resolve(io.cwd, options.project ?? '.');
  const project = await realpath(named).catch(() => {
    throw new DayshiftError('usage', `${named} is not there`, { hint: 'name the project’s folder with --project' });
  });
  return { where: { file: join(project, '.claude/settings.local.json'), backups }, project };
}

/**
 * The line for the shell: this Node and this program, by their full paths. Whatever keeps them from answering (a missing
 * Node, a crash, a kill) becomes exit code 2, with which Claude Code blocks the call; any other would let it run.
 */
function commandFor(options: InstallOptions, project: string | undefined, io: CliIo): string {
  const words = [process.execPath, programFile, 'guard', 'hook'];
  if (project !== undefined) words.push('--project', project);
  if (options.rules !== undefined) words.push('--rules', resolve(io.cwd, options.rules));
  if (options.home !== undefined) words.push('--home', resolve(io.cwd, options.home));
  if (options.egress !== undefined) words.push('--egress', options.egress);
  if (options.approve === true) words.push('--approve');
  return `${words.map(quoted).join(' ')} || exit 2`;
}

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
