import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import { DayshiftError } from '../base/index.ts';

/** The folder of this program's package, in a checkout and where it is installed. */
export function packageFolder(): string {
  return dirname(packageFile());
}

/** The version in package.json. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string }).version;
}

function packageFile(): string {
  const file = findPackageJSON(import.meta.url);
  if (file === undefined) throw new DayshiftError('internal', 'package.json is not where it was installed');
  return file;
}
