import { DayshiftError } from '../base/index.ts';
import { dayForecast } from '../budget/index.ts';
import { budgetScope, newForecastItem } from '../inbox/index.ts';
import type { Actor, DayState, NewEvent, Plan } from '../journal/index.ts';
import type { RunContext } from '../run/index.ts';

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

/** Sets a planned day going, or one that was paused or cut off. Nothing where it runs already or is over. */
export async function setGoing(ctx: RunContext, date: string, by: Actor): Promise<void> {
  const day = ctx.journal.state.days[date];
  if (day === undefined) throw new DayshiftError('usage', `there is no plan for ${date}`);
  const open = Object.values(day.tasks).some((task) => !['done', 'failed', 'stopped'].includes(task.status));
  if (day.status === 'planned' || (day.status === 'reported' && open))
    await ctx.journal.append({ type: 'day.started', day: date, data: {}, actor: by }, ...forecastItem(ctx, day));
}

/** A question as the day starts, where it is likely to cost more than its budget: once a day. */
function forecastItem(ctx: RunContext, day: DayState): NewEvent[] {
  const [first] = Object.keys(day.tasks);
  if (day.status !== 'planned' || first === undefined) return [];
  const { usd, records } = dayForecast(ctx.journal.state.history, day.plan.tasks);
  if (usd.p80 <= day.limitUsd) return [];
  const data = newForecastItem(ctx.newItemId(), { limitUsd: day.limitUsd, p50Usd: usd.p50, p80Usd: usd.p80, records });
  return [{ type: 'item.opened', day: day.date, task: first, data }];
}
