import type { OpenHome, Service } from '../daemon/index.ts';
import type { Build, CliIo, ExitCode } from './io.ts';
import type { Where } from './run-day.ts';

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
      run(() => {
        const { home } = command.optsWithGlobals<{ home?: string }>();
        return up({ env: io.env, cwd: io.cwd, ...(home === undefined ? {} : { home }) }, io);
      }),
    );
};

async function up(where: Where, io: CliIo): Promise<ExitCode> {
  const { openHome, runContext, startDaemon } = await import('../daemon/index.ts');
  const { followLines } = await import('./live-view.ts');
  const { onInterrupt } = await import('./interrupt.ts');
  const { readVersion } = await import('./version.ts');
  const say = (text: string) => io.err(`! ${text}\n`);
  io.outlivesReader = true;
  const open = await openHome({ ...where, mode: 'daemon', onWarning: say });
  try {
    await refuseRehearsal(open);
    const ctx = await runContext(open, { canAsk: true, log: say });
    await open.journal.append({
      type: 'daemon.started',
      data: { pid: process.pid, version: readVersion(), mode: 'daemon' },
    });
    const unfollow = followLines(open, io);
    const unguard = guardProcess(ctx.log);
    const daemon = await startDaemon(ctx, { mode: 'daemon', services: await servicesOf() });
    io.out(`Dayshift is up in ${open.home.paths.home} (process ${process.pid}), paid by ${ctx.payer}.\n`);
    for (const line of whatGoesOn(open)) io.out(`${line}\n`);
    const interrupted = onInterrupt(() => io.out('Parking what runs … (once more: end at once)\n'));
    const why = await Promise.race([
      interrupted.promise.then(() => ({ reason: 'it was told to end' })),
      daemon.asked.then((reason) => ({ reason })),
      daemon.runner.broken.then((error) => ({ error })),
    ]);
    await daemon.end();
    if ('error' in why) throw why.error;
    await open.journal.append({ type: 'daemon.stopped', data: { reason: why.reason } });
    interrupted.off();
    unguard();
    unfollow();
    io.out('Dayshift is down. What ran is parked; the next `dayshift up` goes on with it.\n');
    return 0;
  } finally {
    await open.close();
  }
}

async function refuseRehearsal(open: OpenHome): Promise<void> {
  const { isRehearsal } = await import('../daemon/index.ts');
  const { DayshiftError } = await import('../base/index.ts');
  if (!isRehearsal(open.home.paths)) return;
  throw new DayshiftError('usage', `${open.home.paths.home} is the home of a rehearsal: its model is gone`, {
    hint: 'dayshift up in your own home',
  });
}

/** All that lives beside the loop. */
async function servicesOf(): Promise<Service[]> {
  const { chatBots, dayReports } = await import('../daemon/index.ts');
  return [dayReports, chatBots];
}

function whatGoesOn(open: OpenHome): string[] {
  const days = Object.values(open.journal.state.days).filter(({ status }) => status === 'running');
  if (days.length === 0) return ['No day runs: `dayshift start` begins today’s, `dayshift start DATE` another.'];
  return days.map(({ date }) => `${date} goes on.`);
}

/** What a service forgot to catch is told, and ends nothing: the journal is the truth, and its writer refuses by itself. */
function guardProcess(log: (text: string) => void): () => void {
  const tell = (error: unknown) =>
    log(`something failed unnoticed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  process.on('unhandledRejection', tell);
  process.on('uncaughtException', tell);
  return () => {
    process.off('unhandledRejection', tell);
    process.off('uncaughtException', tell);
  };
}
