import {
  chatBots,
  dayReports,
  feedbackFiles,
  isRehearsal,
  openHome,
  runContext,
  schedule,
  startDaemon,
  watch,
  type OpenHome,
  type Service,
} from '../daemon/index.ts';
import { timezoneOf } from '../home/index.ts';
import { nextDue, scheduleOf, wallOf } from '../schedule/index.ts';
import { DayshiftError, messageOf, systemClock, type Clock } from '../base/index.ts';
import { onInterrupt } from './interrupt.ts';
import type { CliIo, ExitCode } from './io.ts';
import { clockOf, followLines } from './live-view.ts';
import type { Where } from './run-day.ts';
import { readVersion } from './version.ts';

interface UpOptions {
  /** Another clock than the machine's, and a place where tests kill: see RunContext. */
  clock?: Clock;
  onPoint?: (name: string) => void;
}

/** All that lives beside the loop. */
const services: Service[] = [dayReports, watch, feedbackFiles, schedule, chatBots];

/** Stays up until somebody ends it from outside or by `dayshift down`. Rejects where the journal or the disk refuses. */
export async function up(where: Where, io: CliIo, options: UpOptions = {}): Promise<ExitCode> {
  const { clock, onPoint } = options;
  const say = (text: string) => io.err(`! ${text}\n`);
  io.outlivesReader = true;
  const open = await openHome({ ...where, mode: 'daemon', onWarning: say, ...(clock === undefined ? {} : { clock }) });
  /** Good news and bad: with its time, as every line below. */
  const log = (text: string) => io.err(`${clockOf(open)((clock ?? systemClock).now()).slice(11)} ${text}\n`);
  try {
    refuseRehearsal(open);
    const ctx = await runContext(open, { canAsk: true, log, ...(onPoint === undefined ? {} : { onPoint }) });
    await open.journal.append({
      type: 'daemon.started',
      data: { pid: process.pid, version: readVersion(), mode: 'daemon' },
    });
    const interrupted = onInterrupt(() => io.out('Parking what runs … (once more: end at once)\n'));
    const unfollow = followLines(open, io);
    const unguard = guardProcess(ctx.log);
    const daemon = await startDaemon(ctx, { mode: 'daemon', services });
    io.out(`Dayshift is up in ${open.home.paths.home} (process ${process.pid}), paid by ${ctx.payer}.\n`);
    for (const line of [...whatGoesOn(open), ...whatComes(open)]) io.out(`${line}\n`);
    const why = await Promise.race([
      interrupted.promise.then(() => ({ reason: 'it was told to end' })),
      daemon.asked.then((reason) => ({ reason })),
      daemon.runner.broken.then((error) => ({ error })),
    ]);
    if ('error' in why) {
      // Where nothing can be written any more, ending it well may fail too: the first fault is the one to tell.
      await daemon.end().catch((error: unknown) => ctx.log(messageOf(error)));
      throw why.error;
    }
    await daemon.end();
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

function refuseRehearsal(open: OpenHome): void {
  if (!isRehearsal(open.home.paths)) return;
  throw new DayshiftError('usage', `${open.home.paths.home} is the home of a rehearsal: its model is gone`, {
    hint: 'dayshift up in your own home',
  });
}

function whatGoesOn(open: OpenHome): string[] {
  const days = Object.values(open.journal.state.days).filter(({ status }) => status === 'running');
  if (days.length === 0) return ['No day runs: `dayshift start` begins today’s, `dayshift start DATE` another.'];
  return days.map(({ date }) => `${date} goes on.`);
}

/** The next slot of the schedule. */
function whatComes({ home, clock }: OpenHome): string[] {
  const now = clock.now();
  const next = scheduleOf(home.config.schedule, timezoneOf(home))
    .flatMap((entry) => {
      const due = nextDue(entry, now);
      return due === undefined ? [] : [{ entry, due }];
    })
    .sort((a, b) => a.due - b.due)[0];
  if (next === undefined) return ['Nothing happens by itself: the schedule is empty.'];
  const { entry, due } = next;
  const at = wallOf(due, entry.zone).replace('T', ' ');
  return [`Next by itself: ${entry.name} (${entry.what}) at ${at}, ${entry.zone}; dayshift schedule shows all.`];
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
