import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DayshiftError } from '../base/index.ts';
import { budgetScope } from '../inbox/index.ts';
import { readEvents, type Actor, type JournalEvent, type NewEvent, type Plan } from '../journal/index.ts';
import { createOperator, type Operator } from '../operator/index.ts';
import { reportOf } from '../report/index.ts';
import { outcomeOf, startRunner, watchFiles, writeWhole, type Runner, type RunContext } from '../run/index.ts';
import { serveControl } from './control.ts';

/** A day that runs in this process. */
export interface RunningDay {
  date: string;
  runner: Runner;
  operator: Operator;
  /** Resolves when nothing can go on without a person. */
  settled(): ReturnType<Runner['settled']>;
  /** Writes the report; the day counts as reported when nothing in it waits. Resolves with the report's path. */
  report(): Promise<string>;
  /** Parks what runs and ends it all. */
  end(): Promise<void>;
}

/** Writes the plan into the journal, unless it stands there as it is. What already started keeps the plan that it started with. */
export async function planDay(ctx: RunContext, plan: Plan, warnings: string[]): Promise<void> {
  const known = ctx.journal.state.days[plan.date];
  if (known !== undefined && JSON.stringify(known.plan) === JSON.stringify(plan)) return;
  const asked =
    known === undefined || known.plan.maxCostUsd === plan.maxCostUsd
      ? []
      : Object.values(ctx.journal.state.items).filter(
          (item) =>
            item.day === plan.date && item.kind === 'budget' && item.status === 'open' && budgetScope(item) === 'day',
        );
  await ctx.journal.append(
    { type: 'day.planned', day: plan.date, data: { plan, payer: ctx.payer, warnings } },
    ...asked.map(({ id, task }): NewEvent => ({
      type: 'item.withdrawn',
      day: plan.date,
      task,
      data: { id, why: 'the day’s budget was changed in the task file' },
    })),
  );
}

/** Starts or goes on with a day: the loop, the files for people, the home's socket. */
export async function startDay(ctx: RunContext, date: string, by: Actor): Promise<RunningDay> {
  const day = ctx.journal.state.days[date];
  if (day === undefined) throw new DayshiftError('usage', `there is no plan for ${date}`);
  const open = Object.values(day.tasks).some((task) => !['done', 'failed', 'stopped'].includes(task.status));
  if (day.status === 'planned' || (day.status === 'reported' && open)) {
    await ctx.journal.append({ type: 'day.started', day: date, data: {}, actor: by });
  }
  const runner = startRunner(ctx);
  const { home, journal, clock, redact } = ctx;
  const operator = createOperator({ home, journal, clock, redact, newId: randomUUID, runner });
  const control = await serveControl(home.paths, operator).catch(async (error: unknown) => {
    await runner.shutdown();
    throw error;
  });
  const stopFiles = watchFiles(ctx, (item, text) => operator.answer({ item, text }, { kind: 'person', via: 'file' }));
  return {
    date,
    runner,
    operator,
    settled: () => runner.settled(date),
    report: () => writeReport(ctx, date),
    async end() {
      await runner.shutdown();
      await stopFiles();
      await control.close();
      await rm(ctx.socketDir, { recursive: true, force: true });
    },
  };
}

async function writeReport(ctx: RunContext, date: string): Promise<string> {
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
