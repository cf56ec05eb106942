import type { Scope } from '../budget/index.ts';
import {
  budgetDecision,
  budgetScope,
  canaryDecision,
  holdsNothingUp,
  loginDecision,
  placeOfItem,
  runawayDecision,
  usageLimitDecision,
} from '../inbox/index.ts';
import type { Actor, ItemState, NewEvent, TaskStatus } from '../journal/index.ts';
import { dayOf, record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { isForAgent } from './machine.ts';
import { wideOf } from './money.ts';

/** How what runs is ended: with events that are written together with its end. */
export interface Stopping {
  stop(ref: TaskRef, events: NewEvent[], detail: string): Promise<void>;
  parkAll(date: string): Promise<void>;
}

/**
 * Carries out the answers to items that the daemon itself asked: a budget, a login. Each once: what is done and its
 * delivery are one group. Withdraws questions of tasks that are over.
 */
export async function settleOwnItems(ctx: RunContext, running: Stopping): Promise<void> {
  for (const item of Object.values(ctx.journal.state.items)) {
    if (item.status === 'open' && isPointless(ctx, item)) await withdraw(ctx, item);
    // The schedule's own are carried out by the schedule; what nothing waits for by the operator, whether a day runs or not.
    if (item.status !== 'answered' || item.kind === 'schedule' || isForAgent(item) || holdsNothingUp(item)) continue;
    const ref = { day: item.day, task: item.task };
    const events: NewEvent[] = [...eventsFor(ctx, ref, item), { type: 'item.delivered', data: { id: item.id } }];
    // Its agent may be held while it waits for this very answer.
    if (events.some((event) => event.type === 'task.stopped' && event.task === undefined))
      await running.stop(ref, events, 'a person stopped it');
    if (ctx.journal.state.items[item.id]?.status === 'answered') await record(ctx, placeOfItem(item), ...events);
    if (events.some((event) => event.type === 'day.paused')) await running.parkAll(item.day);
  }
}

const ENDED: readonly TaskStatus[] = ['done', 'failed', 'stopped'];

/** Whether nobody needs the answer any more: the task that asked is over, or every task where it is about the whole day. */
function isPointless(ctx: RunContext, item: ItemState): boolean {
  const tasks = ctx.journal.state.days[item.day]?.tasks ?? {};
  if (item.kind === 'failed_check') return tasks[item.task] !== undefined && tasks[item.task]?.status !== 'failed';
  const ofDay =
    ['login', 'canary', 'usage_limit'].includes(item.kind) || (item.kind === 'budget' && budgetScope(item) !== 'task');
  const about = Object.values(tasks).filter((task) => ofDay || task.spec.id === item.task);
  return about.length > 0 && about.every((task) => ENDED.includes(task.status));
}

async function withdraw(ctx: RunContext, item: ItemState): Promise<void> {
  await record(ctx, placeOfItem(item), { type: 'item.withdrawn', data: { id: item.id, why: whyPointless(ctx, item) } });
}

function whyPointless(ctx: RunContext, item: ItemState): string {
  if (item.kind === 'failed_check') return 'it has another go';
  if (item.task === '') return 'the day is over';
  const { status, reason } = taskOf(ctx, item);
  return `the task is ${status}${reason === undefined || reason === '' ? '' : `: ${reason}`}`;
}

function eventsFor(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  if (item.kind === 'budget') return budgetEvents(ctx, ref, item);
  if (item.kind === 'canary') {
    return canaryDecision(item)?.kind === 'stop' ? stopAll(ctx, ref, 'the canary failed') : goOn(ctx, ref, item);
  }
  if (item.kind === 'usage_limit') return limitEvents(ctx, ref, item);
  if (item.kind === 'runaway' || item.kind === 'violation') return runawayEvents(ctx, item);
  return loginDecision(item)?.kind === 'stop' ? stopAll(ctx, ref, 'the login does not work') : [];
}

function limitEvents(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  const decision = usageLimitDecision(item);
  const actor = item.answeredBy ?? { kind: 'person' as const };
  if (decision?.kind === 'pause_day')
    return [{ type: 'day.paused', data: { reason: 'the usage limit is reached' }, actor }];
  if (decision?.kind !== 'try_now') return [];
  return Object.values(dayOf(ctx, ref.day).tasks)
    .filter(({ parked }) => parked?.reason === 'usage_limit')
    .map(({ spec }) => ({ type: 'task.unparked', task: spec.id, data: { why: 'a person has it tried' }, actor }));
}

function runawayEvents(ctx: RunContext, item: ItemState): NewEvent[] {
  const decision = runawayDecision(item);
  const actor = item.answeredBy ?? { kind: 'person' as const };
  if (decision?.kind === 'stop_task')
    return [
      {
        type: 'task.stopped',
        data: {
          reason: `${item.kind === 'runaway' ? 'it ran in circles' : 'the guard halted it'}, and a person stopped it`,
        },
        actor,
      },
    ];
  if (decision?.words === undefined) return [];
  return [{ type: 'tell.sent', data: { id: ctx.newId(), text: decision.words }, actor }];
}

function budgetEvents(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  const decision = budgetDecision(item);
  const by = item.answeredBy ?? { kind: 'person' as const };
  switch (decision?.kind) {
    case 'more': {
      const { scope, usd } = decision;
      return [raised(ctx, ref, scope, (limit) => limit + usd, by)];
    }
    case 'raise':
      return [raised(ctx, ref, decision.scope, () => decision.usd, by)];
    case 'stop_task':
      // The day's own question names no task that could be stopped.
      if (ref.task === '') return [];
      return [{ type: 'task.stopped', data: { reason: 'the budget was not raised' }, actor: by }];
    case 'pause_day':
      return [{ type: 'day.paused', data: { reason: 'the budget is used up' }, actor: by }];
    case 'tomorrow':
      return [{ type: 'day.paused', data: { reason: 'the budget is used up: it goes on tomorrow' }, actor: by }];
    case 'keep':
    // No amount was named, so nothing may be spent: the next call asks again.
    case 'unclear':
    case undefined:
      return [];
  }
}

/** The day that was paused because of this item, and what was parked with it. */
function goOn(ctx: RunContext, ref: TaskRef, item: ItemState): NewEvent[] {
  const day = dayOf(ctx, ref.day);
  if (day.status !== 'paused') return [];
  const by = item.answeredBy ?? { kind: 'person' as const };
  const paused = Object.values(day.tasks).filter((task) => task.parked?.reason === 'paused');
  return [
    { type: 'day.resumed', data: {}, actor: by },
    ...paused.map(({ spec }): NewEvent => ({
      type: 'task.unparked',
      task: spec.id,
      data: { why: 'the day was resumed' },
    })),
  ];
}

function raised(ctx: RunContext, ref: TaskRef, scope: Scope, to: (limit: number) => number, actor: Actor): NewEvent {
  const wide = scope === 'day' ? undefined : wideOf(ctx, ref).find((one) => one.scope === scope);
  const limit = wide?.limitUsd ?? (scope === 'day' ? dayOf(ctx, ref.day).limitUsd : (taskOf(ctx, ref).limitUsd ?? 0));
  const from = wide === undefined ? {} : { fromUsd: wide.fromUsd };
  return { type: 'budget.raised', data: { scope, limitUsd: to(limit), ...from }, actor };
}

function stopAll(ctx: RunContext, ref: TaskRef, reason: string): NewEvent[] {
  return Object.values(dayOf(ctx, ref.day).tasks)
    .filter((task) => task.status === 'parked' || task.status === 'queued')
    .map((task) => ({ type: 'task.stopped', day: ref.day, task: task.spec.id, data: { reason } }));
}
