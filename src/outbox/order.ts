import type { MessagePriority, PendingMessage } from '../journal/index.ts';

const ranks: Record<MessagePriority, number> = { reply: 0, question: 1, alert: 2, message: 3, card: 4 };

/** Lower goes first. */
export function rankOf(priority: MessagePriority): number {
  return ranks[priority];
}

/** The wait before the next try: 1, 2, 4 … 60 seconds. */
export function backoffMs(tries: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.max(0, tries - 1));
}

/** What may go out at `now` (milliseconds), first things first, and when the next one may; each in the order in which it was written down. */
export function dueOf(
  pending: readonly PendingMessage[],
  notBefore: (id: string) => number,
  now: number,
): { due: PendingMessage[]; next: number | undefined } {
  const due: PendingMessage[] = [];
  let next: number | undefined;
  for (const message of pending) {
    const at = notBefore(message.id);
    if (at <= now) due.push(message);
    else next = Math.min(next ?? at, at);
  }
  due.sort((a, b) => rankOf(a.priority) - rankOf(b.priority));
  return { due, next };
}
