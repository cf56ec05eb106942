import { DayshiftError, messageOf } from '../base/index.ts';
import { dayForecast } from '../budget/index.ts';
import { formatProblem } from '../document/index.ts';
import type { LoadedDay } from '../home/index.ts';
import { budgetScope, newForecastItem, placeOfItem } from '../inbox/index.ts';
import type { Actor, DayState, NewEvent, Plan } from '../journal/index.ts';
import { correctionOf } from '../learn/index.ts';
import { lookBack } from './reports.ts';
import { carriedReason, planChanges } from '../plan/index.ts';
import { askBefore, measureWork, prepared, workspaceOf, type RunContext, type TaskRef } from '../run/index.ts';

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
    ...asked.map((item): NewEvent => ({
      type: 'item.withdrawn',
      ...placeOfItem(item),
      data: { id: item.id, why: 'the day’s budget was changed in the task file' },
    })),
  );
}

/** Sets a planned day going, or one that was paused or cut off. Nothing where it runs already or is over. */
export async function setGoing(ctx: RunContext, date: string, by: Actor): Promise<void> {
  const day = ctx.journal.state.days[date];
  if (day === undefined) throw new DayshiftError('usage', `there is no plan for ${date}`);
  const open = Object.values(day.tasks).some((task) => !['done', 'failed', 'stopped'].includes(task.status));
  // What became of earlier work is known before lessons are given.
  if (day.status === 'planned') await lookBack(ctx);
  if (day.status === 'planned' || (day.status === 'reported' && open))
    await ctx.journal.append({ type: 'day.started', day: date, data: {}, actor: by }, ...forecastOf(ctx, day));
  // What a person wants to be asked before tasks start is asked in the morning, all at once.
  for (const [task, { status }] of Object.entries(ctx.journal.state.days[date]?.tasks ?? {}))
    if (status === 'queued') await askBefore(ctx, { day: date, task });
}

/** What is foreseen as the day starts, once; and a question where it is likely to cost more than its budget. */
function forecastOf(ctx: RunContext, day: DayState): NewEvent[] {
  if (day.status !== 'planned' || Object.keys(day.tasks).length === 0) return [];
  const forecast = dayForecast(ctx.journal.state.history, day.plan.tasks, (spec) =>
    correctionOf(ctx.journal.state, spec),
  );
  const { usd, records } = forecast;
  const foreseen: NewEvent = { type: 'day.forecast', day: day.date, data: forecast };
  if (usd.p80 <= day.limitUsd) return [foreseen];
  const data = newForecastItem(ctx.newItemId(), { limitUsd: day.limitUsd, p50Usd: usd.p50, p80Usd: usd.p80, records });
  // The day's own: no task's end takes it back.
  return [foreseen, { type: 'item.opened', day: day.date, data }];
}

/** A person says again that a paused day is to run. */
export async function resumePaused(ctx: RunContext, date: string, by: Actor): Promise<void> {
  const day = ctx.journal.state.days[date];
  if (day?.status !== 'paused') return;
  const paused = Object.values(day.tasks).filter((task) => task.parked?.reason === 'paused');
  await ctx.journal.append(
    { type: 'day.resumed', day: date, data: {}, actor: by },
    ...paused.map((task): NewEvent => ({
      ...{ type: 'task.unparked', day: date, task: task.spec.id },
      ...{ data: { why: 'the day was started again' }, actor: by },
    })),
  );
}

/** What a person should know about a loaded day that is no reason not to run it. */
export function remarksOf(loaded: LoadedDay): string[] {
  const warnings = loaded.problems.filter(({ severity }) => severity === 'warning').map(formatProblem);
  const lists = loaded.listProblems.map((problem) => `${formatProblem(problem)} (the day goes without this file)`);
  return [...warnings, ...lists, ...loaded.notes];
}

/**
 * Takes a loaded day over: tasks of earlier days that go on in it end there first, so that a crash in between leaves
 * them ended for this reason, by which the next try finds them. `stop` ends a task; by default nothing drives it.
 */
export async function adoptDay(
  ctx: RunContext,
  loaded: LoadedDay,
  stop: (ref: TaskRef, reason: string) => Promise<void> = (ref, reason) => stopQuiet(ctx, ref, reason),
): Promise<void> {
  const { plan } = loaded;
  if (plan === undefined) return;
  for (const { day, task, state } of loaded.carried) {
    const ref = { day, task };
    if (state.status !== 'stopped') await stop(ref, carriedReason(plan.date));
    if (!prepared(state)) continue;
    try {
      await measureWork(ctx, ref, workspaceOf(ctx.home, state, ref));
    } catch (error) {
      const message = ctx.redact(`its work could not be measured: ${messageOf(error)}`);
      await ctx.journal.append({ type: 'agent.warned', ...ref, data: { message } });
    }
  }
  const known = ctx.journal.state.days[plan.date];
  // Those whose checkout was made ahead; the others go with the new plan.
  for (const task of known === undefined ? [] : planChanges(known, plan).removed)
    if (known?.tasks[task]?.status === 'preparing')
      await stop({ day: plan.date, task }, 'it is no longer in the task file');
  await planDay(ctx, plan, remarksOf(loaded));
}

async function stopQuiet(ctx: RunContext, ref: TaskRef, reason: string): Promise<void> {
  const items = Object.values(ctx.journal.state.items).filter(
    (item) => item.day === ref.day && item.task === ref.task && item.status === 'open',
  );
  await ctx.journal.append(
    { type: 'task.stopped', ...ref, data: { reason } },
    ...items.map(({ id }): NewEvent => ({
      type: 'item.withdrawn',
      ...ref,
      data: { id, why: `the task was ${reason}` },
    })),
  );
}
