import type { JournalEvent } from './events.ts';
import type { State } from './state.ts';

/** Folds the life of an inbox item. */
export function foldItem(state: State, event: JournalEvent): void {
  if (event.type === 'item.opened') {
    const { id, kind, questions, context, source, toolUseId, call, file, about, silence } = event.data;
    state.lastItem = Math.max(state.lastItem, Number(id.slice(1)) || 0);
    state.items[id] = {
      id,
      kind,
      status: 'open',
      day: event.day ?? '',
      task: event.task ?? '',
      attempt: event.attempt ?? 0,
      openedAt: event.at,
      questions,
      ...(context === undefined ? {} : { context }),
      source,
      ...(toolUseId === undefined ? {} : { toolUseId }),
      ...(call === undefined ? {} : { call }),
      ...(file === undefined ? {} : { file }),
      ...(about === undefined ? {} : { about }),
      silence,
    };
    return;
  }
  if (event.type === 'item.drafted') {
    const item = state.items[event.data.id];
    if (item?.status !== 'open') return;
    item.drafts = { ...item.drafts, [event.data.question]: event.data.answer };
    return;
  }
  if (event.type === 'guard.decided') {
    const item = event.data.item === undefined ? undefined : state.items[event.data.item];
    if (item !== undefined) item.used = true;
    return;
  }
  if (event.type === 'item.reminded') {
    const item = state.items[event.data.id];
    if (item !== undefined) item.reminded = Math.max(item.reminded ?? 0, event.data.step);
    return;
  }
  if (event.type === 'item.escalated') {
    const item = state.items[event.data.id];
    if (item !== undefined) item.escalated = true;
    return;
  }
  if (event.type === 'item.expired') {
    const item = state.items[event.data.id];
    if (item?.status === 'open') Object.assign(item, { status: 'expired', overAt: event.at });
    return;
  }
  if (event.type === 'item.answered') {
    const item = state.items[event.data.id];
    if (item?.status !== 'open') return;
    item.status = 'answered';
    item.answers = event.data.answers;
    item.answeredBy = event.actor;
    item.answeredAt = event.at;
  } else if (event.type === 'item.delivered') {
    const item = state.items[event.data.id];
    if (item?.status !== 'answered') return;
    item.status = 'delivered';
    item.deliveredAt = event.at;
  } else if (event.type === 'item.withdrawn') {
    const item = state.items[event.data.id];
    if (item === undefined || item.status === 'delivered') return;
    item.status = 'withdrawn';
    item.overAt = event.at;
    item.withdrawnWhy = event.data.why;
  }
}
