import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { gitignore, homeFiles } from './templates/index.ts';

export interface InitResult {
  /** The home's real path. */
  home: string;
  /** Files that were made, relative to the home. */
  made: string[];
  /** Files that were there and stay as they are. */
  kept: string[];
}

/** Makes a home of `dir` (which may exist): config, an example of a task file, folders. Never overwrites anything. */
export async function initHome(dir: string): Promise<InitResult> {
  const made: string[] = [];
  const kept: string[] = [];
  try {
    await mkdir(dir, { recursive: true });
    const home = await realpath(dir);
    for (const [file, text] of Object.entries({ ...homeFiles, '.gitignore': gitignore })) {
      await mkdir(dirname(join(home, file)), { recursive: true });
      ((await write(join(home, file), text)) ? made : kept).push(file);
    }
    return { home, made, kept };
  } catch (error) {
    throw new DayshiftError('environment', `${dir} cannot be made a home: ${messageOf(error)}`, { cause: error });
  }
}

/** Whether the file was made; false where there is one of that name, whatever it is. */
async function write(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}
