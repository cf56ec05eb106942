import {
  alertsDue,
  estimateCall,
  room,
  wideBudgets,
  type MonthLimits,
  type Room,
  type Scope,
  type WideBudget,
} from '../budget/index.ts';
import { projectConfig } from '../home/index.ts';
import { BudgetStop, type DoorHandlers, type ModelCall } from '../door/index.ts';
import { budgetScope, newBudgetItem } from '../inbox/index.ts';
import { monthKey, type ItemState } from '../journal/index.ts';
import { dayOf, record, taskOf, type RunContext, type TaskRef } from './context.ts';
import type { LiveAttempt } from './live.ts';
import { waitForItem } from './wait.ts';

/**
 * Lets a model call out if its likely cost fits the task's and the day's budget, and reserves that. Otherwise
 * the call waits while a person is asked; when the hold is over, the attempt is parked on that item.
 */
export async function beforeCall(live: LiveAttempt, call: ModelCall): Promise<void> {
  const { ctx, ref } = live;
  const usd = likelyCost(live, call);
  for (;;) {
    // One call looks and reserves at a time: two at once must not both pass on the same money.
    const space = await ctx.inTurn(() => reserve(live, call, usd));
    if (space.ok) return;
    const item = await ctx.inTurn(() => openBudgetItem(ctx, ref, { ...space, callUsd: usd }));
    const holdMs = ctx.home.config.questions.hold_seconds * 1000;
    const settled = await live.suspended(() => waitForItem(ctx, item, holdMs, live.signal));
    if (settled?.status !== 'open') await whenSettled(live, item);
    // An attempt that is being ended must not ask again.
    if (settled?.status === 'open' || live.signal.aborted) {
      live.end({
        end: 'parked',
        detail: `the ${space.scope}'s budget is used up`,
        then: [{ type: 'task.parked', data: { reason: 'budget', item } }],
      });
      throw new BudgetStop(`The ${space.scope}'s budget of ${space.limitUsd} USD is used up. A person was asked.`);
    }
  }
}

/** By the request's size, but never less than what this task's calls have cost on average: two agents at once then keep to the line. */
function likelyCost(live: LiveAttempt, call: ModelCall): number {
  const { spentUsd, calls } = taskOf(live.ctx, live.ref);
  return Math.max(estimateCall(live.ctx.prices, call), calls === 0 ? 0 : spentUsd / calls);
}

async function reserve(live: LiveAttempt, call: ModelCall, usd: number): Promise<Room> {
  const { ctx, ref } = live;
  const space = room(dayOf(ctx, ref.day), taskOf(ctx, ref), usd, wideOf(ctx, ref));
  if (space.ok) await record(ctx, ref, { type: 'model.reserved', data: { call: call.call, model: call.model, usd } });
  return space;
}

/** The answer was given; it counts once the loop has carried it out. */
async function whenSettled(live: LiveAttempt, id: string): Promise<void> {
  const { journal } = live.ctx;
  if (journal.state.items[id]?.status !== 'answered') return;
  await new Promise<void>((resolve) => {
    const done = () => {
      unsubscribe();
      live.signal.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = journal.subscribe(() => {
      if (journal.state.items[id]?.status !== 'answered') done();
    });
    live.signal.addEventListener('abort', done);
  });
}

/** The item that asks about a used-up budget: the one that is open, or a new one. */
export async function openBudgetItem(
  ctx: RunContext,
  ref: TaskRef,
  space: { scope: Scope; limitUsd: number; spentUsd: number; callUsd?: number },
): Promise<string> {
  const known = Object.values(ctx.journal.state.items).find(
    (item) => item.kind === 'budget' && item.status === 'open' && isAbout(ctx, item, ref, space.scope),
  );
  if (known !== undefined) return known.id;
  const id = ctx.newItemId();
  await record(ctx, ref, {
    type: 'item.opened',
    data: newBudgetItem(id, { ...space, project: taskOf(ctx, ref).spec.project }),
  });
  return id;
}

/** A day's budget is asked about once for all tasks, a month's once for all days, a task's own for that task. */
function isAbout(ctx: RunContext, item: ItemState, ref: TaskRef, scope: Scope): boolean {
  if (budgetScope(item) !== scope) return false;
  switch (scope) {
    case 'task':
      return item.day === ref.day && item.task === ref.task;
    case 'day':
      return item.day === ref.day;
    case 'project': {
      const asked = ctx.journal.state.days[item.day]?.tasks[item.task]?.spec.project;
      return monthKey(item.day) === monthKey(ref.day) && asked === taskOf(ctx, ref).spec.project;
    }
    case 'month':
      return monthKey(item.day) === monthKey(ref.day);
  }
}

/** What the config says of a month, for everything and for this project. */
export function monthLimits(ctx: Pick<RunContext, 'home'>, project: string): MonthLimits {
  return { monthUsd: ctx.home.config.budget.month_usd, projectUsd: projectConfig(ctx.home, project).month_usd };
}

/** The budgets over days that this task is under. */
export function wideOf(ctx: Pick<RunContext, 'home' | 'journal'>, ref: TaskRef): WideBudget[] {
  const { project } = taskOf(ctx, ref).spec;
  return wideBudgets(ctx.journal.state, ref.day, project, monthLimits(ctx, project));
}

/** Writes down what a call cost, and tells when a budget's alert line was passed. */
export async function settle(live: LiveAttempt, data: Parameters<DoorHandlers['onSettled']>[0]): Promise<void> {
  const { ctx, ref } = live;
  await record(ctx, ref, { type: 'model.settled', data });
  // In turn, so that two calls that settle at once tell of a line once.
  await ctx.inTurn(() => alert(ctx, ref));
}

async function alert(ctx: RunContext, ref: TaskRef): Promise<void> {
  for (const data of alertsDue(dayOf(ctx, ref.day), taskOf(ctx, ref), taskOf(ctx, ref).alerted, wideOf(ctx, ref)))
    await record(ctx, ref, { type: 'budget.alerted', data });
}
