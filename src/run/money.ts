import { alertsDue, estimateCall, room } from '../budget/index.ts';
import { BudgetStop, type DoorHandlers } from '../door/index.ts';
import { budgetQuestion } from '../inbox/index.ts';
import { dayOf, record, taskOf, type RunContext } from './context.ts';
import type { LiveAttempt } from './live.ts';
import { waitForItem } from './wait.ts';

/** Reservations that were granted and are not in the journal's fold yet, by day: two calls at once must not both pass. */
const granted = new WeakMap<RunContext, Map<string, { day: string; task: string; usd: number }>>();

function pending(ctx: RunContext) {
  let map = granted.get(ctx);
  if (map === undefined) granted.set(ctx, (map = new Map()));
  return map;
}

/**
 * Lets a model call out if its likely cost fits the task's and the day's budget, and reserves that. Otherwise
 * the call waits while a person is asked; when the hold is over, the attempt is parked on that item.
 */
export async function beforeCall(live: LiveAttempt, call: Parameters<DoorHandlers['beforeCall']>[0]): Promise<void> {
  const { ctx, ref } = live;
  const usd = estimateCall(ctx.prices, call);
  for (;;) {
    const waiting = pending(ctx);
    let taskExtra = 0;
    let dayExtra = 0;
    for (const other of waiting.values()) {
      if (other.day === ref.day) dayExtra += other.usd;
      if (other.day === ref.day && other.task === ref.task) taskExtra += other.usd;
    }
    const space = room(dayOf(ctx, ref.day), taskOf(ctx, ref), usd, { taskExtra, dayExtra });
    if (space.ok) {
      waiting.set(call.call, { day: ref.day, task: ref.task, usd });
      try {
        await record(ctx, ref, { type: 'model.reserved', data: { call: call.call, model: call.model, usd } });
      } finally {
        waiting.delete(call.call);
      }
      return;
    }
    const item = await ctx.inTurn(() => budgetItem(live, space));
    const settled = await live.suspended(() =>
      waitForItem(ctx, item, ctx.home.config.questions.hold_seconds * 1000, live.signal),
    );
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

async function budgetItem(
  live: LiveAttempt,
  space: { scope: 'task' | 'day'; limitUsd: number; spentUsd: number },
): Promise<string> {
  const { ctx, ref } = live;
  const known = Object.values(ctx.journal.state.items).find(
    (item) =>
      item.kind === 'budget' &&
      item.status === 'open' &&
      item.day === ref.day &&
      (item.context === 'day' || item.task === ref.task),
  );
  if (known !== undefined) return known.id;
  const id = ctx.newItemId();
  await record(ctx, ref, {
    type: 'item.opened',
    data: {
      id,
      kind: 'budget',
      questions: [budgetQuestion(space)],
      context: space.scope,
      source: 'daemon',
      silence: { kind: 'wait' },
    },
  });
  return id;
}

/** Writes down what a call cost, and tells when a budget's alert line was passed. */
export async function settle(live: LiveAttempt, data: Parameters<DoorHandlers['onSettled']>[0]): Promise<void> {
  const { ctx, ref } = live;
  await record(ctx, ref, { type: 'model.settled', data });
  for (const alert of alertsDue(dayOf(ctx, ref.day), taskOf(ctx, ref)))
    await record(ctx, ref, { type: 'budget.alerted', data: alert });
}
