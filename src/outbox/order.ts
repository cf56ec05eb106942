import type { MessagePriority, PendingMessage } from '../journal/index.ts';

const ranks: Record<MessagePriority, number> = { reply: 0, question: 1, alert: 2, message: 3, card: 4 };

/** Lower goes first. */
export function rankOf(priority: MessagePriority): number {
  return ranks[priority];
}

/** The wait after so many failures in a row: 1, 2, 4 … 60 seconds. */
export function backoffMs(failures: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.max(0, Math.min(16, failures - 1)));
}

/** The message that goes out next: what matters most, of these the one that was written down first. What has begun is not cut in two by its like. */
export function nextOf(pending: readonly PendingMessage[]): PendingMessage | undefined {
  let best: PendingMessage | undefined;
  for (const message of pending) {
    if (best === undefined || rankOf(message.priority) < rankOf(best.priority)) best = message;
  }
  return best;
}

/** Words of that age, in ms, are no news any more: better reported than sent. What asks something is never too old. */
const TOO_OLD_MS = 24 * 3_600_000;
/** So long, in ms, a message may be on its way before it goes elsewhere too. */
const FALL_BACK_MS = 10 * 60_000;

/** What becomes of a message that cannot be sent now, at `now` (ms since the epoch). */
export function fateOf(message: PendingMessage, now: number): 'wait' | 'fall_back' | 'give_up' {
  const age = now - Date.parse(message.at);
  if (message.priority !== 'question' && age > TOO_OLD_MS) return 'give_up';
  const matters = message.priority === 'question' || message.priority === 'alert';
  return matters && message.fellBack !== true && age >= FALL_BACK_MS ? 'fall_back' : 'wait';
}
