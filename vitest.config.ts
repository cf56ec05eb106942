import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Programs of the tests' own load a thousand modules: from the cache that `src/cli/bin.js` has, they take a third of the
 * time.
 */
const cache = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };

/** What is waited for comes when it comes: vitest's own second is too short for a machine with other work. */
const patient = { poll: { timeout: 50_000 } };

/** Real programs need time, and few fit side by side: three keep two processors busy. */
const withProcesses = { testTimeout: 120_000, hookTimeout: 120_000, maxWorkers: 3, expect: patient };

export default defineConfig({
  test: {
    projects: [
      {
        // Quick: no test of these starts a process, and the set-up sees to that.
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'bots/**/*.test.ts'],
          exclude: ['**/*.real.test.ts'],
          setupFiles: ['test/support/properties.ts', 'test/support/no-processes.ts'],
          // The files share a process's modules: they change nothing global.
          isolate: false,
          // Nothing here depends on speed: this is for a machine with other work.
          testTimeout: 60_000,
          expect: patient,
          maxWorkers: 3,
        },
      },
      {
        // One room, with the real programs it works with: git, bubblewrap, processes that are killed.
        // Properties are tried here with all their runs, in the unit suite with a tenth.
        test: {
          name: 'real',
          include: ['src/**/*.real.test.ts', 'bots/**/*.real.test.ts', 'src/**/properties.test.ts'],
          env: { THOROUGH: 'yes', ...cache },
          setupFiles: ['test/support/properties.ts'],
          ...withProcesses,
        },
      },
      {
        // What crosses rooms: the real CLI in the real sandbox.
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          env: cache,
          setupFiles: ['test/support/properties.ts'],
          ...withProcesses,
        },
      },
    ],
  },
});
