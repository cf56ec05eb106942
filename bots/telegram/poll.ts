import type { UpdateSupplier } from '@grammyjs/runner';
import type { Update } from 'grammy/types';
import type { Clock } from '../../src/base/index.ts';
import { backoffMs } from '../../src/outbox/index.ts';
import { PlatformError } from '../chat/index.ts';
import { asSignal, type BotApi } from './api.ts';
import { hasCode, refusal } from './refuse.ts';

/** The server holds a request so long, in seconds, when there is nothing new. */
const HOLD_SECONDS = 25;
/** Without any answer for so much longer, in ms, the connection is taken for dead. */
const GRACE_MS = 10_000;
/** While something is still being seen to, new updates are looked for so often, in ms. */
const BUSY_MS = 500;
/** A server that does not hold requests is asked no more often than this, in ms. */
const LEAST_MS = 200;
/** Waits between tries, in ms, at most: a network that comes back is noticed within it. */
const MOST_WAIT_MS = 30_000;
/** Two programs on one bot take each other's updates: the longer this one waits, the fewer are lost. */
const CONFLICT_MS = 60_000;

/** After a week without any updates Telegram counts anew from anywhere: so long before that, in ms, the old count is forgotten. */
const FORGET_MS = 5 * 24 * 3_600_000;

/** The server hands over so many at once. */
const AT_ONCE = 100;
/** Of these so many may be known ones. */
const MOST_KNOWN = 80;

const WANTED = ['message', 'callback_query'] as const;

export interface Poller extends UpdateSupplier<Update> {
  /** An update was seen to, and answered: it may be confirmed. */
  finished(update: Update): void;
}

/** What the poller tells: once for each change, not for each try. */
export type Health = 'up' | { why: 'conflict' | 'token' | 'unreachable'; words: string };

/**
 * Fetches updates. None is confirmed to the server (by an offset past it) before it was seen to: after a kill the server
 * sends it again, and the core knows what it has begun. Nothing of this is kept on disk: the server keeps it.
 */
export function createPoller(api: BotApi, clock: Clock, tell: (health: Health) => void): Poller {
  const open = new Set<number>();
  /** Seen to, but below them something is still open: the server goes on sending them. */
  const done = new Set<number>();
  let next = 0;
  let failures = 0;
  let lastAt = clock.now();
  let told = 'up';
  let wake: () => void = () => undefined;

  /**
   * Everything below it was seen to. The server hands over a hundred from there on: before all of those are known ones,
   * what takes so long is confirmed. A kill would lose it then; but nobody is deaf because of it.
   */
  const offset = () => (open.size === 0 ? next : Math.max(Math.min(...open), next - MOST_KNOWN));

  function say(health: Health): void {
    const name = health === 'up' ? 'up' : health.why;
    if (name === told) return;
    told = name;
    tell(health);
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        wake = () => undefined;
        resolve();
      };
      const cancel = clock.after(ms, end);
      signal.addEventListener('abort', end);
      wake = () => {
        if (open.size === 0) end();
      };
      if (signal.aborted) end();
    });
  }

  async function ask(limit: number, signal: AbortSignal): Promise<Update[]> {
    const timeout = open.size === 0 ? HOLD_SECONDS : 0;
    const controller = new AbortController();
    const stop = () => controller.abort();
    signal.addEventListener('abort', stop);
    const cancel = clock.after(timeout * 1000 + GRACE_MS, stop);
    try {
      const wanted = { offset: offset(), limit, timeout, allowed_updates: WANTED };
      return await api.getUpdates(wanted, asSignal(controller.signal));
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
    }
  }

  /** How long to wait after a failure. */
  async function failed(error: unknown): Promise<number> {
    failures += 1;
    const refused = refusal(error);
    const words = refused.message;
    if (hasCode(error, 409)) {
      // Telegram holds either requests or a web hook; the person gave us the bot.
      if (error.description.includes('webhook')) await api.deleteWebhook().catch(() => undefined);
      else say({ why: 'conflict', words });
      return Math.min(CONFLICT_MS, backoffMs(failures + 2));
    }
    if (hasCode(error, 401) || hasCode(error, 404)) {
      say({ why: 'token', words });
      return CONFLICT_MS;
    }
    if (refused instanceof PlatformError && refused.why === 'flood') return refused.retryAfterMs ?? 5000;
    say({ why: 'unreachable', words });
    return Math.min(MOST_WAIT_MS, backoffMs(failures));
  }

  return {
    async supply(batch, given) {
      const signal = given as unknown as AbortSignal;
      const isEnded = () => signal.aborted;
      while (!isEnded()) {
        if (open.size > 0) await pause(BUSY_MS, signal);
        if (isEnded()) break;
        const since = clock.now();
        if (open.size === 0 && since - lastAt > FORGET_MS) next = 0;
        try {
          const updates = await ask(AT_ONCE, signal);
          failures = 0;
          say('up');
          if (updates.length > 0) lastAt = clock.now();
          const unknown = updates.filter(({ update_id: id }) => !open.has(id) && !done.has(id));
          const fresh = unknown.slice(0, Math.max(1, batch));
          for (const { update_id: id } of fresh) {
            open.add(id);
            next = Math.max(next, id + 1);
          }
          if (fresh.length > 0) return fresh;
          if (clock.now() - since < LEAST_MS && open.size === 0) await pause(LEAST_MS, signal);
        } catch (error) {
          if (isEnded()) break;
          await pause(await failed(error), signal);
        }
      }
      return [];
    },
    finished({ update_id: id }) {
      open.delete(id);
      done.add(id);
      const floor = offset();
      for (const old of done) if (old < floor) done.delete(old);
      wake();
    },
  };
}
