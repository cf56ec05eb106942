import { join, relative } from 'node:path';
import { messageOf } from '../base/index.ts';
import { readEvents, type JournalEvent } from '../journal/index.ts';
import { reportOf } from '../report/index.ts';
import { outcomeOf, writeWhole, type RunContext } from '../run/index.ts';
import type { Service } from './service.ts';

/** Writes a day's report; the day counts as reported when nothing in it waits. Resolves with the report's path. */
export async function writeReport(ctx: RunContext, date: string): Promise<string> {
  const path = join(ctx.home.paths.results, `${date}-report.md`);
  await writeWhole(path, ctx.redact(await reportText(ctx.home.paths.journal, date)));
  const day = ctx.journal.state.days[date];
  if (day !== undefined && day.status !== 'reported' && outcomeOf(day) !== 'waits') {
    await ctx.journal.append({ type: 'day.reported', day: date, data: { path: relative(ctx.home.paths.home, path) } });
  }
  return path;
}

/** The report of a day from the journal alone. */
export async function reportText(journalDir: string, date: string): Promise<string> {
  return reportOf(await eventsOf(journalDir, date), date);
}

/** All events of a day, in order. */
export async function eventsOf(journalDir: string, date: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const event of readEvents(journalDir, { day: date })) events.push(event);
  return events;
}

/** Reports a day as soon as it is over: what `dayshift run` does at its end, for a daemon that goes on. */
export const dayReports: Service = {
  name: 'reports',
  modes: ['daemon'],
  start({ run: ctx, runner }) {
    let writing = Promise.resolve();
    const look = (date: string) => {
      writing = writing
        .then(() => reportIfOver(date))
        .catch((error: unknown) => {
          ctx.log(`the report of ${date} could not be written: ${messageOf(error)}`);
        });
    };
    async function reportIfOver(date: string): Promise<void> {
      const day = ctx.journal.state.days[date];
      if (day?.status !== 'running' || outcomeOf(day) === 'waits') return;
      // What ended last may still be written down: its work, its checkpoint.
      if ((await runner.settled(date)) === 'waits') return;
      ctx.log(`${date} is over: ${await writeReport(ctx, date)}`);
    }
    const unsubscribe = ctx.journal.subscribe((event) => {
      if (event.day !== undefined && /^task\.(?:done|failed|stopped)$|^day\.started$/.test(event.type)) look(event.day);
    });
    for (const date of Object.keys(ctx.journal.state.days)) look(date);
    return Promise.resolve({
      async stop() {
        unsubscribe();
        await writing;
      },
    });
  },
};
