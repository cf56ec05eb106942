import type { Clock } from '../../src/base/index.ts';

/** An input is seen to within so long, in ms: the longest of what people wait for (a voice note, a push) is done in half of it. */
const PATIENCE_MS = 10 * 60_000;

/** Resolves with the work's result, or, where that takes too long, with what `late` comes to. The work goes on. */
export function withPatience<T>(clock: Clock, work: Promise<T>, late: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PATIENCE_MS, () => {
      late().then(resolve, reject);
    });
    void work.then(resolve, reject).finally(cancel);
  });
}
