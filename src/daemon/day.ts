import type { Actor } from '../journal/index.ts';
import type { Runner, RunContext } from '../run/index.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { setGoing } from './plan-day.ts';
import { reportDay, writeReport } from './reports.ts';
import type { Service } from './service.ts';

/** A day that runs in this process. */
export interface RunningDay extends Daemon {
  date: string;
  /** Resolves when nothing can go on without a person. */
  settled(): ReturnType<Runner['settled']>;
  /**
   * Writes the report; the day counts as reported when nothing in it waits. So it does for other days on which something happened meanwhile: what
   * waited there may be done. Resolves with the reports' paths, this day's first.
   */
  report(): Promise<[own: string, ...others: string[]]>;
}

/** Starts or goes on with one day, in a daemon that lives as long as it does. */
export async function startDay(
  ctx: RunContext,
  date: string,
  by: Actor,
  services: readonly Service[] = [],
): Promise<RunningDay> {
  await setGoing(ctx, date, by);
  const others = new Set<string>();
  const unsubscribe = ctx.journal.subscribe(({ day, type }) => {
    if (day !== undefined && day !== date && /^(?:task|item)\./.test(type)) others.add(day);
  });
  const daemon = await startDaemon(ctx, { mode: 'run', services });
  return {
    date,
    ...daemon,
    settled: () => daemon.runner.settled(date),
    async report() {
      unsubscribe();
      const own = await writeReport(ctx, date);
      const more: string[] = [];
      for (const day of others) if (ctx.journal.state.days[day] !== undefined) more.push(await reportDay(ctx, day));
      return [own, ...more];
    },
  };
}
