import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import type { JournalEvent } from './events.ts';
import { followEvents } from './follow.ts';
import { openJournal } from './open.ts';
import type { EventFilter } from './read.ts';
import { repairJournal } from './repair.ts';
import { allEvents, messages, tempJournal, warned } from './testing.ts';

async function written() {
  const paths = tempJournal();
  const clock = manualClock();
  const journal = await openJournal(paths, { clock });
  for (const text of ['a', 'b', 'c', 'd']) {
    await journal.append(
      warned(`${text}1`, 't1'),
      { ...warned(`${text}2`, 't2'), day: '2026-11-24' },
      warned(`about "task":"t1" and "day":"2026-11-24" ${text}`, 't"3'),
    );
    if (text === 'b') clock.advance(86_400_000);
  }
  await journal.close();
  return paths;
}

test('events are read by day, by task, after a seq, and all of these together', async () => {
  const { journal } = await written();
  const read = async (filter: EventFilter) => messages(await allEvents(journal, filter));
  expect(await read({})).toHaveLength(12);
  expect(await read({ day: '2026-11-24' })).toEqual(['a2', 'b2', 'c2', 'd2']);
  expect(await read({ task: 't1' })).toEqual(['a1', 'b1', 'c1', 'd1']);
  expect(await read({ task: 't"3', afterSeq: 6 })).toHaveLength(2);
  expect(await read({ task: 't1', day: '2026-11-24' })).toEqual([]);
  expect(await read({ afterSeq: 9 })).toHaveLength(3);
  for (let afterSeq = 0; afterSeq <= 13; afterSeq += 1)
    expect(await read({ afterSeq })).toHaveLength(Math.max(0, 12 - afterSeq));
  expect(await allEvents(join(journal, 'nowhere'))).toEqual([]);
});

test('a filter does not pass over damage', async () => {
  const { journal } = await written();
  const file = join(journal, '2026-11-23.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('b2', 'bX'));
  await expect(allEvents(journal, { task: 't1' })).rejects.toThrow(`${file}:5:`);
  // What lies after it in another file needs none of it.
  expect(await allEvents(journal, { task: 't1', afterSeq: 6 })).toHaveLength(2);
});

/** Follows in the background; `until` resolves when so many messages have come. */
function following(dir: string, filter: EventFilter = {}) {
  const end = new AbortController();
  const seen: JournalEvent[] = [];
  const done = (async () => {
    for await (const event of followEvents(dir, filter, end.signal)) seen.push(event);
  })();
  onTestFinished(() => end.abort());
  return {
    seen,
    done,
    until: (count: number) => expect.poll(() => messages(seen).length, { interval: 5 }).toBeGreaterThanOrEqual(count),
    stop: () => end.abort(),
  };
}

test('a follower gets what is there and what comes, over to new files and writers', async () => {
  const paths = tempJournal();
  const clock = manualClock();
  // It may begin before there is a journal at all.
  const follower = following(paths.journal);
  const one = following(paths.journal, { task: 't1', afterSeq: 2 });
  const expected: string[] = [];
  for (let start = 0; start < 3; start += 1) {
    const journal = await openJournal(paths, { clock });
    for (let n = 0; n < 5; n += 1) {
      const group = Array.from({ length: 1 + n }, (_, i) => `${start}.${n}.${i}`);
      await journal.append(...group.map((text) => warned(text, 't1')), warned('other', 't2'));
      expected.push(...group, 'other');
      if (n % 2 === 0) await follower.until(expected.length);
    }
    await journal.close();
    clock.advance(86_400_000);
  }
  await follower.until(expected.length);
  await one.until(expected.filter((text) => text !== 'other').length - 1);
  follower.stop();
  one.stop();
  await Promise.all([follower.done, one.done]);
  expect(messages(follower.seen)).toEqual(expected);
  expect(messages(one.seen)).toEqual(expected.slice(2).filter((text) => text !== 'other'));
});

test('a follower waits behind a torn line, and goes on after the repair of a file', async () => {
  const paths = await written();
  const follower = following(paths.journal);
  await follower.until(12);
  const last = join(paths.journal, '2026-11-24.jsonl');
  appendFileSync(last, '{"v":1,"seq":13,"torn');
  const journal = await openJournal(paths, { clock: manualClock(Date.parse('2026-11-24T12:00:00Z')) });
  await journal.append(warned('after the tear'));
  await journal.close();
  await follower.until(13);
  const file = join(paths.journal, '2026-11-23.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('b2', 'bX'));
  await repairJournal(paths.journal);
  const again = await openJournal(paths, { clock: manualClock(Date.parse('2026-11-24T13:00:00Z')) });
  await again.append(warned('after the repair'));
  await again.close();
  await follower.until(14);
  follower.stop();
  await follower.done;
  expect(messages(follower.seen).slice(-2)).toEqual(['after the tear', 'after the repair']);
});

test('a follower ends with the damage that it meets', async () => {
  const paths = await written();
  const follower = following(paths.journal);
  await follower.until(12);
  appendFileSync(join(paths.journal, '2026-11-24.jsonl'), 'garbage\ngarbage\n');
  await expect(follower.done).rejects.toThrow('2026-11-24.jsonl:7: the journal is damaged');
});

test('a follower that was stopped before it began ends at once', async () => {
  const { journal } = tempJournal();
  mkdirSync(journal);
  const follower = following(journal);
  follower.stop();
  await follower.done;
  expect(follower.seen).toEqual([]);
});
