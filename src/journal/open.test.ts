import fc from 'fast-check';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { DAY, allEvents, anyEvent, contents, messages, planned, taskSpec, tempJournal, warned } from './testing.ts';
import type { JournalEvent, NewEvent } from './events.ts';
import { emptyState, fold } from './fold.ts';
import { openJournal } from './open.ts';
import { readState } from './read-only.ts';

test('an append is on disk, folded and told when it resolves', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock: manualClock() });
  const told: JournalEvent[] = [];
  journal.subscribe((event) => told.push(event));
  const actor = { kind: 'person', id: 'ann', via: 'cli' } as const;
  const events = await journal.append(
    { ...planned([taskSpec('a')]), actor },
    { type: 'day.started', day: DAY, data: {} },
  );
  expect(events.map((event) => [event.seq, event.type, event.actor.kind, event.at, event.v])).toEqual([
    [1, 'day.planned', 'person', '2026-11-23T08:00:00.000Z', 1],
    [2, 'day.started', 'daemon', '2026-11-23T08:00:00.000Z', 1],
  ]);
  expect(told).toEqual(events);
  expect(journal.state.days[DAY]?.status).toBe('running');
  expect(await allEvents(paths.journal)).toEqual(events);
  await journal.close();
});

test('a line is compact JSON with its checksum last; files are for their owner only', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock: manualClock() });
  await journal.append({ type: 'day.started', day: DAY, data: {} });
  await journal.close();
  const file = join(paths.journal, `${DAY}.jsonl`);
  expect(readFileSync(file, 'utf8')).toBe(
    '{"v":1,"seq":1,"at":"2026-11-23T08:00:00.000Z","day":"2026-11-23","actor":{"kind":"daemon"},"type":"day.started","data":{},"sum":"2871eed5"}\n',
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(paths.journal).mode & 0o777).toBe(0o700);
  expect(statSync(paths.stateFile).mode & 0o777).toBe(0o600);
});

test('what does not fit its schema is refused alone, and leaves no gap', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  const wrong = { type: 'day.warned', data: { message: 5 } } as unknown as NewEvent;
  const results = await Promise.allSettled([
    journal.append(warned('one')),
    journal.append(warned('not this one'), wrong),
    journal.append({ type: 'day.nonsense', data: {} } as unknown as NewEvent),
    journal.append({ ...warned('nor this'), day: 'tomorrow' }),
    journal.append({ type: 'journal.repaired', data: { file: '', kept: '', bytes: 0, through: 9 } }),
    journal.append(warned('two')),
  ]);
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'rejected',
    'rejected',
    'fulfilled',
  ]);
  expect((results[1] as PromiseRejectedResult).reason).toMatchObject({
    name: 'DayshiftError',
    message: expect.stringContaining('day.warned is not written, for it is not valid: message:') as string,
  });
  expect(await journal.append()).toEqual([]);
  await journal.close();
  expect((await allEvents(paths.journal)).map((event) => event.seq)).toEqual([1, 2]);
});

test('nothing is acknowledged, folded or told before the disk has it, and what waits shares one wait for the disk', async () => {
  const paths = tempJournal();
  const probe = await open(paths.journal.replace(/journal$/, 'probe'), 'w');
  const handles = Object.getPrototypeOf(probe) as { datasync: (this: FileHandle) => Promise<void> };
  await probe.close();
  const { datasync } = handles;
  onTestFinished(() => void (handles.datasync = datasync));
  const waits: (() => void)[] = [];
  handles.datasync = async function () {
    await new Promise<void>((resolve) => waits.push(resolve));
    await datasync.call(this);
  };
  const journal = await openJournal(paths);
  const acknowledged: string[] = [];
  const told: number[] = [];
  journal.subscribe((event) => told.push(event.seq));
  const append = (text: string) => journal.append(warned(text)).then(() => acknowledged.push(text));
  const first = append('a');
  await expect.poll(() => waits.length).toBe(1);
  const others = Promise.all(['b', 'c', 'd'].map(append));
  // The bytes are in the file by now, and count for nobody.
  expect(messages(await allEvents(paths.journal))).toEqual(['a']);
  expect([acknowledged, told, journal.state.seq]).toEqual([[], [], 0]);
  waits[0]!();
  await first;
  await expect.poll(() => waits.length).toBe(2);
  expect([acknowledged, told, journal.state.seq]).toEqual([['a'], [1], 1]);
  waits[1]!();
  await others;
  expect([acknowledged, told, waits.length]).toEqual([['a', 'b', 'c', 'd'], [1, 2, 3, 4], 2]);
  handles.datasync = datasync;
  await journal.close();
});

test('what arrives during a write is written together, in the order of the calls', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  const texts = Array.from({ length: 300 }, (_, i) => `m${i}`);
  const told: number[] = [];
  journal.subscribe((event) => told.push(event.seq));
  await Promise.all(texts.map((text) => journal.append(warned(text))));
  expect(told).toEqual(texts.map((_, i) => i + 1));
  await journal.close();
  expect(messages(await allEvents(paths.journal))).toEqual(texts);
});

test('a subscriber that throws hurts nobody, and one that left hears nothing', async () => {
  const warnings: string[] = [];
  const journal = await openJournal(tempJournal(), { onWarning: (text) => warnings.push(text) });
  const heard: number[] = [];
  journal.subscribe(() => {
    throw new Error('boom');
  });
  const leave = journal.subscribe((event) => {
    heard.push(event.seq);
    leave();
  });
  await journal.append(warned('one'), warned('two'));
  await journal.append(warned('three'));
  expect(heard).toEqual([1]);
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toContain('boom');
  await journal.close();
});

test('a subscriber sees an append folded as a whole, and may append itself', async () => {
  const journal = await openJournal(tempJournal());
  const seen: number[] = [];
  let inner: Promise<JournalEvent[]> | undefined;
  journal.subscribe((event) => {
    seen.push(journal.state.seq);
    if (event.seq === 1) inner = journal.append(warned('mine'));
  });
  await journal.append(warned('one'), warned('two'));
  await inner;
  expect(seen).toEqual([2, 2, 3]);
  await journal.close();
});

test('the state has no part in the objects of who appended', async () => {
  const journal = await openJournal(tempJournal());
  const spec = taskSpec('a');
  await journal.append(planned([spec]));
  spec.name = 'changed later';
  expect(journal.state.days[DAY]?.tasks.a?.spec.name).toBe('Task a');
  await journal.close();
});

test('after close nothing is taken, what was waiting is written, and closing twice is fine', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  const waiting = journal.append(warned('last'));
  const closing = journal.close();
  await expect(journal.append(warned('late'))).rejects.toThrow('closed');
  await waiting;
  await closing;
  await journal.close();
  expect(messages(await allEvents(paths.journal))).toEqual(['last']);
});

test('each day has its file; a clock that is set back does not go back to an older one', async () => {
  const paths = tempJournal();
  const clock = manualClock(Date.parse('2026-11-23T23:59:59.990Z'));
  const journal = await openJournal(paths, { clock });
  const before = journal.append(warned('a'));
  clock.advance(20);
  await Promise.all([before, journal.append(warned('b'))]);
  await journal.close();
  const back = await openJournal(paths, { clock: manualClock(Date.parse('2026-11-20T12:00:00Z')) });
  await back.append(warned('c'));
  await back.close();
  expect(readdirSync(paths.journal)).toEqual(['2026-11-23.jsonl', '2026-11-24.jsonl']);
  expect((await allEvents(paths.journal)).map((event) => [event.seq, event.at.slice(0, 10)])).toEqual([
    [1, '2026-11-23'],
    [2, '2026-11-24'],
    [3, '2026-11-20'],
  ]);
  expect((await readState({ ...paths, stateFile: '/nonexistent' })).state.seq).toBe(3);
});

test('a file that somebody else writes to, or takes away, stops the journal before it acknowledges more', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  await journal.append(warned('mine'));
  const file = join(paths.journal, readdirSync(paths.journal)[0]!);
  writeFileSync(file, 'theirs\n', { flag: 'a' });
  await expect(journal.append(warned('again'))).rejects.toThrow('changed by somebody else');
  await expect(journal.append(warned('and again'))).rejects.toThrow('changed by somebody else');
  await journal.close();
});

test('a folder that cannot be made says so with a hint', async () => {
  const paths = tempJournal();
  mkdirSync(join(paths.journal, '..'), { recursive: true });
  writeFileSync(paths.journal, 'a file in the way');
  await expect(openJournal(paths)).rejects.toMatchObject({ name: 'DayshiftError', kind: 'environment' });
});

test('a read-only journal can be read', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  await journal.append(warned('x'));
  await journal.close();
  chmodSync(paths.journal, 0o500);
  const before = contents(paths.journal);
  expect((await readState(paths)).state.seq).toBe(1);
  expect(contents(paths.journal)).toEqual(before);
});

test('for any events: live state, replay, and snapshot at any point plus tail are the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
      fc.nat(),
      async (groups, at) => {
        const paths = tempJournal();
        let journal = await openJournal(paths);
        const written: JournalEvent[] = [];
        for (const [index, group] of groups.entries()) {
          written.push(...(await journal.append(...group)));
          if (index !== at % groups.length) continue;
          await journal.close(); // writes the snapshot
          journal = await openJournal(paths);
        }
        const live = structuredClone(journal.state);
        const folded = emptyState();
        for (const event of written) fold(folded, event);
        expect(folded).toEqual(live);
        expect(await allEvents(paths.journal)).toEqual(written);
        // With the snapshot from somewhere in the middle, without it, and with the one of the end.
        expect((await readState(paths)).state).toEqual(live);
        expect((await readState({ ...paths, stateFile: '/nonexistent' })).state).toEqual(live);
        await journal.close();
        expect(await readState(paths)).toMatchObject({ state: live, warnings: [] });
      },
    ),
    { numRuns: 60 },
  );
});
