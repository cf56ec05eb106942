import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DayshiftError } from '../base/index.ts';
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
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (await isHome(folder)) return homePaths(await realpath(folder));
    if (folder === dirname(folder)) break;
  }
  throw new DayshiftError('usage', `no home: neither ${cwd} nor a folder above it has config/dayshift.yaml`, {
    hint: 'make one with `dayshift init`, or name one with --home DIR or DAYSHIFT_HOME',
  });
}

async function named(folder: string, by: string): Promise<HomePaths> {
  if (await isHome(folder)) return homePaths(await realpath(folder));
  throw new DayshiftError('usage', `${folder} (from ${by}) is no home: it has no config/dayshift.yaml`, {
    hint: `make it one with \`dayshift init ${folder}\``,
  });
}

async function isHome(folder: string): Promise<boolean> {
  try {
    return (await stat(join(folder, 'config', 'dayshift.yaml'))).isFile();
  } catch {
    return false; // not there, or not for us to look at: no home of ours
  }
}
