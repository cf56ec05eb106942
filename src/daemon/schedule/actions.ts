import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { count, usd } from '../../base/index.ts';
import { newFeedbackItem } from '../../inbox/index.ts';
import { dayCostOf, type Actor, type DayState } from '../../journal/index.ts';
import { shiftDate } from '../../plan/index.ts';
import { weekFacts, weekPage, weekSentence } from '../../report/index.ts';
import { writeWhole } from '../../run/index.ts';
import type { Slot } from '../../schedule/index.ts';
import { beginDay, needsPlan } from '../begin.ts';
import { post } from '../notice.ts';
import { lookBack, writeReport } from '../reports.ts';
import type { ServiceContext } from '../service.ts';
import type { Ran } from './clockwork.ts';
import { askForPlan, withdrawOlder } from './plan-item.ts';

const by: Actor = { kind: 'daemon' };

/** Days whose checkouts stay, whatever became of them, when the schedule cleans up. */
const KEEP_DAYS = 3;

/** Does what a slot of the schedule says, for the day on which it was planned. Done twice it changes nothing. */
export async function act(context: ServiceContext, { entry, planned }: Slot): Promise<Ran> {
  const date = planned.slice(0, 10);
  const { run: ctx, operator } = context;
  switch (entry.what) {
    case 'start':
      return morning(context, date);
    case 'report':
      return evening(context, date);
    case 'rate':
      return rate(context, date);
    case 'digest':
      return digest(context, date);
    case 'clean':
      return said(await operator.clean({ before: shiftDate(date, -KEEP_DAYS) }, by));
    case 'pause':
    case 'resume':
    case 'stop': {
      const day = ctx.journal.state.days[date];
      if (day === undefined || (day.status !== 'running' && day.status !== 'paused'))
        return { ok: true, said: `${date} does not run: there is nothing to ${entry.what}` };
      return said(await operator[entry.what]({}, by));
    }
  }
}

function said({ ok, message }: { ok: boolean; message: string }): Ran {
  return { ok, said: message };
}

async function morning({ run: ctx, runner }: ServiceContext, date: string): Promise<Ran> {
  await withdrawOlder(ctx, (about) => about.kind === 'day' && about.date < date, 'that day is over');
  const begun = await beginDay(ctx, runner, { target: date }, by, 'daemon');
  if (!needsPlan(begun)) return said(begun);
  const item = await askForPlan(ctx, date, begun.loaded);
  const why = begun.loaded.missing === undefined ? 'its task file is not valid' : 'nothing is planned';
  return { ok: true, said: `${date}: ${why}; asked in ${item}` };
}

/** The report always comes, once, whatever the day was: of a day that was over before the evening it has come already. */
async function evening({ run: ctx }: ServiceContext, date: string): Promise<Ran> {
  const day = ctx.journal.state.days[date];
  if (day?.status === 'reported') return { ok: true, said: `${date} was over and reported before` };
  const path = await writeReport(ctx, date);
  const now = ctx.journal.state.days[date];
  // Its last task may just have ended: then it counts as reported, and that is told.
  if (now?.status === 'reported') return { ok: true, said: `${date} is over: ${path}` };
  const inHome = relative(ctx.home.paths.home, path);
  const open = Object.values(ctx.journal.state.items).filter((item) => item.status === 'open').length;
  const waits = open === 0 ? '' : ` ${count(open, 'question')} wait${open === 1 ? 's' : ''} for you.`;
  const text = `${now === undefined ? `Nothing ran on ${date}.` : sofar(now)}${waits}`;
  await post(ctx, date, { id: `report ${date}`, notice: 'report', text, path: inHome });
  return { ok: true, said: text };
}

function sofar(day: DayState): string {
  const tasks = Object.values(day.tasks);
  const of = (status: string) => tasks.filter((task) => task.status === status).length;
  const open = tasks.length - of('done') - of('failed') - of('stopped');
  const failed = of('failed') === 0 ? '' : `, ${of('failed')} failed`;
  return `${day.date} so far: ${of('done')} of ${count(tasks.length, 'task')} done${failed}, ${open} open, ${usd(dayCostOf(day))} of ${usd(day.limitUsd)} spent.`;
}

async function rate({ run: ctx }: ServiceContext, date: string): Promise<Ran> {
  const tasks = Object.values(ctx.journal.state.days[date]?.tasks ?? {}).filter((task) => task.attempt > 0);
  if (tasks.length === 0) return { ok: true, said: `nothing ran on ${date}: there is nothing to rate` };
  const file = join(ctx.home.paths.feedback, `${date}.md`);
  if (existsSync(file)) return { ok: true, said: `${date} is rated already` };
  const asked = await ctx.inTurn(async () => {
    const known = Object.values(ctx.journal.state.items).find(
      ({ about }) => about?.kind === 'feedback' && about.date === date,
    );
    if (known !== undefined) return known.id;
    const id = ctx.newItemId();
    const data = newFeedbackItem(id, { date, tasks: tasks.map(({ spec }) => spec.id) }, ctx.clock.now());
    await ctx.journal.append({ type: 'item.opened', day: date, data });
    return id;
  });
  return { ok: true, said: `asked how ${date} was, in ${asked}` };
}

async function digest({ run: ctx }: ServiceContext, date: string): Promise<Ran> {
  await lookBack(ctx);
  const facts = weekFacts(ctx.journal.state, shiftDate(date, -6), date);
  const path = join(ctx.home.paths.results, `${date}-week.md`);
  await writeWhole(path, ctx.redact(weekPage(facts)));
  const text = `The week to ${date}: ${weekSentence(facts)}`;
  await post(ctx, date, { id: `digest ${date}`, notice: 'digest', text, path: relative(ctx.home.paths.home, path) });
  return { ok: true, said: text };
}
