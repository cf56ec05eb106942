import type { JournalEvent } from './events.ts';
import { emptyChat, foldChat } from './fold-chat.ts';
import { foldDay, planDay } from './fold-day.ts';
import { foldFeedback } from './fold-feedback.ts';
import { foldHistory, foldLedgers } from './fold-ledger.ts';
import { foldLesson, giveTask } from './fold-lesson.ts';
import { foldItem } from './fold-item.ts';
import { foldSchedule } from './fold-schedule.ts';
import { foldTask } from './fold-task.ts';
import type { State } from './state.ts';

/** So many notices are known again: a slot that was cut off is taken up within a day or never. */
const REMEMBERED_NOTICES = 200;
const REMEMBERED_PROOFS = 20;

/** The state before the first event. */
export function emptyState(): State {
  return {
    ...{ seq: 0, at: '', days: {}, items: {}, lastItem: 0, chat: emptyChat() },
    ...{ ledgers: {}, history: [], windows: {}, feedback: {} },
    lessons: { byId: {}, last: 0, filed: {} },
  };
}

/**
 * Folds one event into `state`, in place, in constant time. An event that names a day, task or item that is
 * not there changes nothing but `seq`: the journal is history, and history is not refused.
 */
export function fold(state: State, event: JournalEvent): void {
  state.seq = event.seq;
  state.at = event.at;
  if (event.type === 'day.planned') {
    planDay(state, event);
    return;
  }
  foldChat(state, event);
  foldFeedback(state, event);
  if (event.type.startsWith('lesson.') || event.type.startsWith('feedback.')) foldLesson(state, event);
  if (event.type.startsWith('item.') || event.type === 'guard.decided') foldItem(state, event);
  if (event.type === 'account.window') {
    const { window, ...told } = event.data;
    state.windows[window] = { ...told, at: event.at } as State['windows'][string];
  }
  if (event.type.startsWith('schedule.')) foldSchedule(state, event);
  // What was reloaded is told as often as it is: its ids are no use.
  if (event.type === 'notice.posted' && event.data.notice !== 'reload')
    state.notices = [...(state.notices ?? []), event.data.id].slice(-REMEMBERED_NOTICES);
  if (event.type === 'cli.proved') {
    const { file, hash, settings, sandbox } = event.data;
    state.proofs = [...(state.proofs ?? []), { file, hash, settings, sandbox }].slice(-REMEMBERED_PROOFS);
  }
  const day = event.day === undefined ? undefined : state.days[event.day];
  if (day === undefined) return;
  foldDay(day, event);
  const task = event.task === undefined ? undefined : day.tasks[event.task];
  if (task === undefined) return;
  foldLedgers(state, event, task);
  giveTask(task, event);
  foldTask(task, event);
  foldHistory(state, event, task);
}
