import type { ItemState } from '../journal/index.ts';
import type { RunContext } from './context.ts';

/**
 * Waits until an item is no longer open, `ms` have passed, or `signal` fires. Resolves with the item as it is
 * then; the caller looks at its status.
 */
export function waitForItem(
  ctx: RunContext,
  id: string,
  ms: number,
  signal: AbortSignal,
): Promise<ItemState | undefined> {
  const now = () => ctx.journal.state.items[id];
  if (now()?.status !== 'open' || ms <= 0 || signal.aborted) return Promise.resolve(now());
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe();
      cancel();
      signal.removeEventListener('abort', done);
      resolve(now());
    };
    const unsubscribe = ctx.journal.subscribe(() => {
      if (now()?.status !== 'open') done();
    });
    const cancel = ctx.clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
