import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A fresh temporary folder, by its real path, that is gone when the test has finished.
 * @param atEnd where it is made outside of a test: `afterAll`
 */
export function newFolder(name: string, atEnd: (remove: () => void) => void = onTestFinished): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `dayshift-${name}-`)));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * How many runs a property gets: all of them where the machine has time (project `real` of vitest), a tenth in the unit
 * suite, which takes seconds. For files named `properties.test.ts`: those are in both projects.
 */
export function runs(thorough: number): { numRuns: number } {
  return { numRuns: process.env.THOROUGH === 'yes' ? thorough : Math.ceil(thorough / 10) };
}

/**
 * Processor time of this process, in ms: what a bound against quadratic work counts in tests. Other programs on the machine
 * do not make it longer.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
