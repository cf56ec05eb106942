import type { Actor } from '../journal/index.ts';
import type { Runner, RunContext } from '../run/index.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { setGoing } from './plan-day.ts';
import { writeReport } from './reports.ts';
import type { Service } from './service.ts';

/** A day that runs in this process. */
export interface RunningDay extends Daemon {
  date: string;
  /** Resolves when nothing can go on without a person. */
  settled(): ReturnType<Runner['settled']>;
  /** Writes the report; the day counts as reported when nothing in it waits. Resolves with the report's path. */
  report(): Promise<string>;
}

/** Starts or goes on with one day, in a daemon that lives as long as it does. */
export async function startDay(
  ctx: RunContext,
  date: string,
  by: Actor,
  services: readonly Service[] = [],
): Promise<RunningDay> {
  await setGoing(ctx, date, by);
  const daemon = await startDaemon(ctx, { mode: 'run', services });
  return {
    date,
    ...daemon,
    settled: () => daemon.runner.settled(date),
    report: () => writeReport(ctx, date),
  };
}
