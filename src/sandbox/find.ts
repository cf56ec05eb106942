import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The program that a shell with this PATH would start, as an absolute path; undefined where there is none. A name with a slash is looked for as it is. */
export function findProgram(name: string, path: string | undefined): string | undefined {
  const places = name.includes('/')
    ? [name]
    : (path ?? '')
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, name));
  return places.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not to be run by this user: the next place
  }
}
