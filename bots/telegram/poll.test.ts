import { expect, test } from 'vitest';
import { manualClock } from '../../src/base/index.ts';
import type { BotApi } from './api.ts';
import { createPoller } from './poll.ts';

test('one update that takes for ever keeps none of three hundred others away', async () => {
  const all = [...Array(300).keys()].map((n) => ({ update_id: 100 + n }));
  const getUpdates = ({ offset, limit }: { offset: number; limit: number }) =>
    Promise.resolve(all.filter(({ update_id }) => update_id >= offset).slice(0, limit));
  const clock = manualClock();
  const life = new AbortController();
  const seen = new Set<number>();
  const turns = async (times: number) => {
    const before = seen.size;
    for (let turn = 0; turn < times && seen.size === before; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(500);
    }
    if (seen.size === before) life.abort();
  };
  const poller = createPoller({ getUpdates } as unknown as BotApi, clock, () => undefined);
  for (let round = 0; round < 30 && seen.size < 300 && !life.signal.aborted; round += 1) {
    const supplied = poller.supply(49, life.signal as never);
    // Where nothing comes any more it is over.
    void turns(20);
    for (const update of await supplied) {
      expect(seen.has(update.update_id)).toBe(false);
      seen.add(update.update_id);
      if (update.update_id !== 100) poller.finished(update);
    }
  }
  life.abort();
  expect(seen.size).toBe(300);
});
