import type { MessagePriority } from '../journal/index.ts';

/** What chat servers allow: about one message a second in a chat, some at once, and so many in all. */
const CHAT_BURST = 5;
const GROUP_PER_SECOND = 20 / 60;
const CHAT_PER_SECOND = 1;
const ALL_PER_SECOND = 25;
/** So much of a chat's purse is kept for what matters: edits of cards leave it alone. */
const KEPT_FROM_CARDS = 3;

interface Bucket {
  tokens: number;
  at: number;
}

/** One purse for everything that a bot sends, edits included: the servers count them together. */
export interface Purse {
  /** Takes from the purse and returns 0, or returns how many ms to wait before asking again. */
  take(chat: string, kind: { group: boolean; priority: MessagePriority }, now: number): number;
  /** The server said to be still for so long, in ms from `now`: everybody is. */
  still(ms: number, now: number): void;
}

export function createPurse(): Purse {
  const chats = new Map<string, Bucket>();
  const all: Bucket = { tokens: ALL_PER_SECOND, at: 0 };
  let still = { since: 0, until: 0 };

  const fill = (bucket: Bucket, rate: number, most: number, now: number) => {
    // A clock that was set back gives nothing, and takes nothing.
    bucket.tokens = Math.min(most, bucket.tokens + Math.max(0, (now - bucket.at) / 1000) * rate);
    bucket.at = now;
  };

  return {
    take(chat, { group, priority }, now) {
      // A clock that was set back ends it: rather one message too early than none for an hour.
      if (now >= still.since && now < still.until) return still.until - now;
      const rate = group ? GROUP_PER_SECOND : CHAT_PER_SECOND;
      const own = chats.get(chat) ?? { tokens: CHAT_BURST, at: now };
      chats.set(chat, own);
      fill(own, rate, CHAT_BURST, now);
      fill(all, ALL_PER_SECOND, ALL_PER_SECOND, now);
      const need = priority === 'card' ? 1 + KEPT_FROM_CARDS : 1;
      if (own.tokens < need) return Math.ceil(((need - own.tokens) / rate) * 1000);
      if (all.tokens < 1) return Math.ceil(((1 - all.tokens) / ALL_PER_SECOND) * 1000);
      own.tokens -= 1;
      all.tokens -= 1;
      if (chats.size > 1000) for (const [name, bucket] of chats) if (bucket.tokens >= CHAT_BURST) chats.delete(name);
      return 0;
    },
    still(ms, now) {
      const before = now >= still.since ? still.until : 0;
      still = { since: now, until: Math.max(before, now + ms) };
    },
  };
}
