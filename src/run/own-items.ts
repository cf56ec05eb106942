import { budgetDecision } from '../inbox/index.ts';
import type { ItemState, NewEvent } from '../journal/index.ts';
import { dayOf, record, taskOf, type RunContext, type TaskRef } from './context.ts';

/** Carries out the answers to items that the daemon itself asked: a budget, a login. Each once: what is done and its delivery are one group. */
export async function settleOwnItems(ctx: RunContext): Promise<void> {
  for (const item of Object.values(ctx.journal.state.items)) {
    if (item.source !== 'daemon' || item.status !== 'answered') continue;
    const ref = { day: item.day, task: item.task };
    const events = item.kind === 'budget' ? budgetEvents(ctx, ref, item) : loginEvents(ctx, ref, item);
    await record(ctx, ref, ...events, { type: 'item.delivered', data: { id: item.id } });
  }
}

function budgetEvents(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  const decision = budgetDecision(item);
  const scope = item.context === 'day' ? 'day' : 'task';
  const by = item.answeredBy ?? { kind: 'person' as const };
  const limit = scope === 'day' ? dayOf(ctx, ref.day).limitUsd : (taskOf(ctx, ref).limitUsd ?? 0);
  switch (decision.kind) {
    case 'raise_by':
      return [{ type: 'budget.raised', data: { scope, limitUsd: limit + decision.usd }, actor: by }];
    case 'raise_to':
      return [{ type: 'budget.raised', data: { scope, limitUsd: decision.usd }, actor: by }];
    case 'stop_task':
      return [{ type: 'task.stopped', data: { reason: 'the budget was not raised' }, actor: by }];
    case 'stop_day':
      return stopAll(ctx, ref, 'the budget was not raised');
  }
}

function loginEvents(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  return /^stop/i.test(item.answers?.[0] ?? '') ? stopAll(ctx, ref, 'the login does not work') : [];
}

function stopAll(ctx: RunContext, ref: TaskRef, reason: string): NewEvent[] {
  return Object.values(dayOf(ctx, ref.day).tasks)
    .filter((task) => task.status === 'parked' || task.status === 'queued')
    .map((task) => ({ type: 'task.stopped', day: ref.day, task: task.spec.id, data: { reason } }));
}
