import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .addHelpText(
      'after',
      `
Runs in the foreground until ctrl-C, SIGTERM or \`dayshift down\`: agents are parked then, and the next \`up\` goes on.

Examples:
  dayshift up
  dayshift start 2026-11-23     (in another terminal)`,
    )
    .action(() =>
      run(async () => {
        const { up } = await import('./run-up.ts');
        const { home } = command.optsWithGlobals<{ home?: string }>();
        return up({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) }, io);
      }),
    );
};
