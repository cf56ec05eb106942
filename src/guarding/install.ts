import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { readJson, under, valueOf } from './json-text.ts';
import { hookIn, marked, withHook, withoutHook } from './settings-text.ts';

export { keepOutOfGit, takeBackIntoGit } from './git-exclude.ts';
export { tryHook } from './try-hook.ts';

/** One settings file of Claude Code's, and where its former text is kept. */
export interface SettingsFile {
  /** Absolute. */
  file: string;
  /** A folder of the person's for backups, outside every project. */
  backups: string;
}

export type Installed = 'installed' | 'updated' | 'already there';

/** What was there before, and what was written: an uninstall gives exactly that back where nobody wrote since. */
interface Backup {
  file: string;
  /** null: there was no file. */
  before: string | null;
  /** Digest of what was written. */
  after: string;
  /** The folder of the file was made too. */
  madeFolder: boolean;
}

/** Puts the hook into the file, once. Throws DayshiftError, and changes nothing, where the file cannot be understood. */
export async function installHook(where: SettingsFile, command: string): Promise<Installed> {
  const file = await target(where.file);
  const text = await textOf(file);
  const found = understood(file, () => hookIn(text ?? ''));
  if (found === marked(command)) return 'already there';
  const next = understood(file, () => withHook(text ?? '', command));
  const kept = await backupOf(where);
  // Written again over what an earlier install wrote: what was there before that is still the past.
  const still = kept !== undefined && text !== undefined && kept.after === digest(text);
  const madeFolder = still ? kept.madeFolder : (await mkdir(dirname(file), { recursive: true })) !== undefined;
  await keep(where, { file, before: still ? kept.before : (text ?? null), after: digest(next), madeFolder });
  await write(file, next);
  return found === undefined ? 'installed' : 'updated';
}

/** Takes the hook out of the file. False where it was not in it. */
export async function uninstallHook(where: SettingsFile): Promise<boolean> {
  const file = await target(where.file);
  const text = await textOf(file);
  if (text === undefined || understood(file, () => hookIn(text)) === undefined) return false;
  const kept = await backupOf(where);
  const same = kept?.after === digest(text);
  const next = same ? kept.before : withoutHook(text);
  const empty = next === null || (kept?.before === null && isEmpty(next));
  if (empty) {
    await rm(file);
    if (kept?.madeFolder === true) await rmdir(dirname(file)).catch(() => undefined); // others put something there
  } else await write(file, next);
  await rm(backupFile(where), { force: true });
  return true;
}

/** The setting by which no hook of a person's runs, where one of the file does that. */
export async function hooksAreOff(where: SettingsFile): Promise<string | undefined> {
  const text = await textOf(await target(where.file));
  if (text === undefined || text.trim() === '') return undefined;
  const root = understood(where.file, () => readJson(text));
  return ['disableAllHooks', 'allowManagedHooksOnly'].find((name) => {
    const off = under(root, name);
    return off !== undefined && valueOf(off) === true;
  });
}

/** Where the file's former text is kept. */
export const backupFile = ({ file, backups }: SettingsFile): string =>
  join(backups, `${digest(file).slice(0, 16)}.json`);

async function backupOf(where: SettingsFile): Promise<Backup | undefined> {
  const text = await textOf(backupFile(where));
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Backup);
  } catch {
    return undefined; // damaged: the hook is taken out of what is there now
  }
}

async function keep(where: SettingsFile, backup: Backup): Promise<void> {
  await mkdir(where.backups, { recursive: true, mode: 0o700 });
  await write(backupFile(where), `${JSON.stringify(backup, null, 2)}\n`, 0o600);
}

/** The file itself: people keep their settings elsewhere and link to them. */
async function target(file: string): Promise<string> {
  return realpath(file).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return file;
    throw new DayshiftError('usage', `${file} cannot be reached: ${messageOf(error)}`, { cause: error });
  });
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new DayshiftError('usage', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** All of it or nothing, with the rights that the file had. */
async function write(file: string, text: string, mode?: number): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await writeFile(part, text, { mode: mode ?? 0o644 });
    if (mode === undefined) {
      const old = await stat(file).catch(() => undefined); // new
      if (old !== undefined) await chmod(part, old.mode & 0o7777);
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new DayshiftError('usage', `${file} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

function understood<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new DayshiftError('usage', `${file}: ${error.message}`, {
      cause: error,
      hint: 'nothing was changed; correct the file, then run this again',
    });
  }
}

const isEmpty = (text: string): boolean => /^\s*(?:\{\s*\})?\s*$/.test(text);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
