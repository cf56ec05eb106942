import type { HomePaths } from '../home/index.ts';
import { operate } from './operate.ts';
import type { Build, CliIo, ExitCode } from './io.ts';

/** How long an end is waited for, in ms: agents are parked, which takes seconds; a check that hangs is killed. */
const LONGEST_END_MS = 60_000;

export const build: Build = (command, io, run) => {
  command
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nParks what runs and ends `dayshift up`. Nothing is lost: the next `dayshift up` goes on.')
    .action(() =>
      run(async () => {
        const { findHome } = await import('../home/index.ts');
        const { home } = command.optsWithGlobals<{ home?: string }>();
        const paths = await findHome({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) });
        const { lockHolder } = await import('../journal/read-only.ts');
        const holder = await lockHolder(paths.lockFile);
        if (holder?.alive !== true) {
          io.err('Nothing runs in this home.\n');
          return 1;
        }
        const code = await operate(command, io, 'down', {});
        return code === 0 ? untilGone(paths, holder.pid, io) : code;
      }),
    );
};

/** Waits until the process has let go of the home, so that whoever follows finds it free. */
async function untilGone(paths: HomePaths, pid: number, io: CliIo): Promise<ExitCode> {
  const { lockHolder } = await import('../journal/read-only.ts');
  const { setTimeout: wait } = await import('node:timers/promises');
  const deadline = performance.now() + LONGEST_END_MS;
  while (performance.now() < deadline) {
    const holder = await lockHolder(paths.lockFile);
    if (holder?.pid !== pid || !holder.alive) return 0;
    await wait(50);
  }
  io.err(
    `Process ${pid} has not ended yet. dayshift status shows what is at work; kill ${pid} once more ends it at once.\n`,
  );
  return 1;
}
