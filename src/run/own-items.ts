import { budgetDecision, loginDecision } from '../inbox/index.ts';
import type { ItemState, NewEvent } from '../journal/index.ts';
import { dayOf, record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { isForAgent } from './machine.ts';

/** Carries out the answers to items that the daemon itself asked: a budget, a login. Each once: what is done and its delivery are one group. */
export async function settleOwnItems(ctx: RunContext): Promise<void> {
  for (const item of Object.values(ctx.journal.state.items)) {
    if (item.status !== 'answered' || isForAgent(item)) continue;
    const ref = { day: item.day, task: item.task };
    await record(ctx, ref, ...eventsFor(ctx, ref, item), { type: 'item.delivered', data: { id: item.id } });
  }
}

function eventsFor(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  if (item.kind === 'budget') return budgetEvents(ctx, ref, item);
  return loginDecision(item)?.kind === 'stop' ? stopAll(ctx, ref, 'the login does not work') : [];
}

function budgetEvents(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  const decision = budgetDecision(item);
  const by = item.answeredBy ?? { kind: 'person' as const };
  switch (decision?.kind) {
    case 'more': {
      const { scope, usd } = decision;
      const limit = scope === 'day' ? dayOf(ctx, ref.day).limitUsd : (taskOf(ctx, ref).limitUsd ?? 0);
      return [{ type: 'budget.raised', data: { scope, limitUsd: limit + usd }, actor: by }];
    }
    case 'raise':
      return [{ type: 'budget.raised', data: { scope: decision.scope, limitUsd: decision.usd }, actor: by }];
    case 'stop_task':
      return [{ type: 'task.stopped', data: { reason: 'the budget was not raised' }, actor: by }];
    case 'pause_day':
      return [{ type: 'day.paused', data: { reason: 'the budget is used up' }, actor: by }];
    // No amount was named, so nothing may be spent: the next call asks again.
    case 'unclear':
    case undefined:
      return [];
  }
}

function stopAll(ctx: RunContext, ref: TaskRef, reason: string): NewEvent[] {
  return Object.values(dayOf(ctx, ref.day).tasks)
    .filter((task) => task.status === 'parked' || task.status === 'queued')
    .map((task) => ({ type: 'task.stopped', day: ref.day, task: task.spec.id, data: { reason } }));
}
