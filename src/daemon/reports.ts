import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DayshiftError, hasCode, messageOf, queues, redactDeep } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import { readEvents, type JournalEvent } from '../journal/index.ts';
import { noticeSurvival } from '../operator/index.ts';
import { dayFacts, htmlReportOf, reportOf, type DayFacts, type PageOptions } from '../report/index.ts';
import { outcomeOf, writeWhole, type RunContext } from '../run/index.ts';
import type { Service } from './service.ts';
import { taskFileOf } from './task-file.ts';

/** Writes a day's report; the day counts as reported when nothing in it waits. Resolves with the path of its Markdown. */
export async function writeReport(ctx: RunContext, date: string): Promise<string> {
  await lookBack(ctx, date);
  return reportDay(ctx, date);
}

/** The same without a look at earlier work. */
export async function reportDay(ctx: RunContext, date: string): Promise<string> {
  const path = await writeReportFiles(ctx.home.paths, ctx.redact, date);
  const day = ctx.journal.state.days[date];
  if (day !== undefined && day.status !== 'reported' && outcomeOf(day) !== 'waits') {
    await ctx.journal.append({ type: 'day.reported', day: date, data: { path: relative(ctx.home.paths.home, path) } });
  }
  return path;
}

/**
 * Looks what became of work that people took over. The reports of days of which something new is seen say it, but for `except`, which is
 * about to be written anyway.
 */
export async function lookBack(ctx: RunContext, except?: string): Promise<void> {
  const { home, journal, clock, newId, redact, namedSecrets } = ctx;
  try {
    const days = await noticeSurvival(
      { home, journal, clock, newId, redact, namedSecrets, runner: undefined },
      ctx.log,
    );
    for (const date of days)
      if (date !== except && existsSync(reportFile(home.paths, date))) await writeReportFiles(home.paths, redact, date);
  } catch (error) {
    ctx.log(`what became of earlier work could not be looked at: ${messageOf(error)}`);
  }
}

/** More of a patch is not read for a page that shows a part of it. In characters. */
const MOST_OF_A_PATCH = 2_000_000;

/** Where the report of a day lies, as Markdown. */
export function reportFile(paths: Pick<HomePaths, 'results'>, date: string): string {
  return join(paths.results, `${date}-report.md`);
}

/** A report that is written twice at once is written one after the other, the second from what is known by then. */
const inTurn = queues();

/** Writes `results/DATE-report.md` and the `.html` beside it from the journal and the patches. Resolves with the Markdown's path. */
export async function writeReportFiles(
  paths: Pick<HomePaths, 'journal' | 'results' | 'home'>,
  redact: (text: string) => string,
  date: string,
): Promise<string> {
  const path = reportFile(paths, date);
  return inTurn(path, async () => {
    const events = await eventsOf(paths.journal, date);
    await write(path, redact(reportOf(events, date, await taskFileFor(paths, events, date))));
    await write(path.replace(/md$/, 'html'), await reportPage(paths, redact, events, date));
    return path;
  });
}

/** Rejects with a DayshiftError that names the file. */
async function write(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text);
  } catch (error) {
    const full = hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT');
    throw new DayshiftError(
      'environment',
      `${path} cannot be written: ${full ? 'the disk is full' : messageOf(error)}`,
      {
        cause: error,
        hint: full ? 'make room there (dayshift clean), then run it again' : 'make it writable, then run it again',
      },
    );
  }
}

/** The report for a browser, from a day's events and the patches under `results/`. */
export async function reportPage(
  paths: Pick<HomePaths, 'results' | 'home'>,
  redact: (text: string) => string,
  events: JournalEvent[],
  date: string,
  options: PageOptions = {},
): Promise<string> {
  const facts = redactDeep(dayFacts(events, date, await taskFileFor(paths, events, date)), redact);
  const patches = new Map<string, string>();
  for (const { id, patch, stat } of facts.tasks) {
    if (patch === undefined || (stat?.files ?? 0) === 0) continue;
    const text = await patchText(paths, date, id);
    if (text !== undefined) patches.set(id, redact(text.slice(0, MOST_OF_A_PATCH)));
  }
  return htmlReportOf(facts, patches, options);
}

/** The patch of a task of that day; undefined where there is none. `id` has to be a task's: it is part of a path. */
export function patchText(paths: Pick<HomePaths, 'results'>, date: string, id: string): Promise<string | undefined> {
  return readFile(join(paths.results, date, `${id}.patch`), 'utf8').catch(() => undefined);
}

/** The report of a day. */
export async function reportText(paths: Pick<HomePaths, 'journal' | 'home'>, date: string): Promise<string> {
  const events = await eventsOf(paths.journal, date);
  return reportOf(events, date, await taskFileFor(paths, events, date));
}

/** The facts of a day. */
export async function reportFacts(paths: Pick<HomePaths, 'journal' | 'home'>, date: string): Promise<DayFacts> {
  const events = await eventsOf(paths.journal, date);
  return dayFacts(events, date, await taskFileFor(paths, events, date));
}

/** Of a day that the journal has a plan of, the file says nothing: its report is the journal's alone. */
async function taskFileFor(paths: Pick<HomePaths, 'home'>, events: JournalEvent[], date: string) {
  return isPlanned(events) ? undefined : taskFileOf(paths, date);
}

function isPlanned(events: readonly JournalEvent[]): boolean {
  return events.some(({ type }) => type === 'day.planned');
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
      // A paused day whose tasks were all stopped is over too.
      if ((day?.status !== 'running' && day?.status !== 'paused') || outcomeOf(day) === 'waits') return;
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
