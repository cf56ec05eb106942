import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { homePaths, type HomePaths } from './paths.ts';
import type { HomeQuery } from './types.ts';

/**
 * The home: `--home`, else DAYSHIFT_HOME, else the nearest folder upwards that holds config/dayshift.yaml. Its
 * real path, so that two ways to it are one home. Imports little: quick commands begin here.
 * Throws DayshiftError (usage) where there is none.
 */
export async function findHome({ home, env, cwd }: HomeQuery): Promise<HomePaths> {
  if (home !== undefined) return named(resolve(cwd, home), '--home');
  const fromEnv = env.DAYSHIFT_HOME;
  if (fromEnv !== undefined && fromEnv !== '') return named(resolve(cwd, fromEnv), 'DAYSHIFT_HOME');
  const hidden: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (await isHome(folder, hidden)) return homePaths(await realpath(folder));
    if (folder === dirname(folder)) break;
  }
  throw new DayshiftError('usage', `no home: neither ${cwd} nor a folder above it has config/dayshift.yaml`, {
    hint: hiddenHint(hidden) ?? 'make one with `dayshift init`, or name one with --home DIR or DAYSHIFT_HOME',
  });
}

async function named(folder: string, by: string): Promise<HomePaths> {
  const hidden: string[] = [];
  if (await isHome(folder, hidden)) return homePaths(await realpath(folder));
  throw new DayshiftError('usage', `${folder} (from ${by}) is no home: it has no config/dayshift.yaml`, {
    hint: hiddenHint(hidden) ?? `make it one with \`dayshift init ${folder}\``,
  });
}

/** `hidden` gets the places where there may be one that is not for us to look at. */
async function isHome(folder: string, hidden: string[]): Promise<boolean> {
  const file = join(folder, 'config', 'dayshift.yaml');
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR'))
      hidden.push(`${file} cannot be looked at: ${messageOf(error)}`);
    return false;
  }
}

/** Whoever has a home there must not be told to make one. */
function hiddenHint([first]: string[]): string | undefined {
  return first === undefined ? undefined : `${first}; look at the owner and the mode of the file and its folders`;
}
