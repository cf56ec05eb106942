import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Set-up of the unit project: a test that starts a process is no unit test. Who gets this error names the file
 * `*.real.test.ts`, where it runs with those that start real programs.
 */
const refuse = (name: string) => () => {
  throw new Error(`a unit test starts no process (${name}): name its file *.real.test.ts`);
};

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  Object.defineProperty(childProcess, name, { value: refuse(name), configurable: true, writable: true });
}
syncBuiltinESMExports();
