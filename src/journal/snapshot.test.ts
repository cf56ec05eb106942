import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { eventData } from './events.ts';
import { isKnown, isKnownKind, type ReadEvent } from './known.ts';
import { encodeLine } from './line.ts';
import { openJournal } from './open.ts';
import { readState } from './read-only.ts';
import { seal } from './seal.ts';
import { allEvents, messages, planned, taskSpec, tempJournal, warned } from './testing.ts';

const clock = manualClock();

async function written(events = 12) {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock });
  await journal.append(planned([taskSpec('a')]));
  for (let i = 1; i < events; i += 1) await journal.append(warned(`m${i}`));
  await journal.close();
  return { ...paths, file: join(paths.journal, '2026-11-23.jsonl') };
}

test('a start with a good snapshot reads only what came after it', async () => {
  const paths = await written();
  const { state } = await readState(paths);
  // What the snapshot covers is not looked at again: this damage far before its end goes unseen, but by a replay.
  const bytes = readFileSync(paths.file);
  bytes.write('X', 20);
  writeFileSync(paths.file, bytes);
  expect(await readState(paths)).toMatchObject({ state, warnings: [] });
  const journal = await openJournal(paths, { clock });
  expect(journal.state).toEqual(state);
  expect(await journal.append(warned('more'))).toMatchObject([{ seq: 13 }]);
  await journal.close();
  rmSync(paths.stateFile);
  await expect(readState(paths)).rejects.toThrow(`${paths.file}:1:`);
});

test('what came after the snapshot is replayed, also over new files', async () => {
  const paths = await written();
  const old = readFileSync(paths.stateFile);
  const later = manualClock(clock.now() + 86_400_000);
  const journal = await openJournal(paths, { clock: later });
  await journal.append(warned('next day'), { type: 'day.started', day: '2026-11-23', data: {} });
  const live = structuredClone(journal.state);
  await journal.close();
  writeFileSync(paths.stateFile, old);
  expect(readdirSync(paths.journal)).toHaveLength(2);
  expect(await readState(paths)).toMatchObject({ state: live, warnings: [] });
});

test.each([
  [
    'damaged',
    (text: string) => text.replace('"m11"', '"m12"').replace('running', 'paused').replace('Task a', 'Task b'),
  ],
  ['damaged', (text: string) => text.slice(0, 100)],
  ['damaged', () => ''],
  ['damaged', () => '\0'.repeat(500)],
  ['damaged', () => seal('{nonsense}')],
  ['newer Dayshift', (text: string) => resealed(text, { version: 99, state: 'of another form' })],
  ['older Dayshift', (text: string) => resealed(text, { version: 0 })],
  ['knew fewer events', (text: string) => resealed(text, { skipped: ['task.done'] })],
  ['has not the event 12', (text: string) => resealed(text, { offset: 0 })],
  ['has not the event 12', (text: string) => resealed(text, { line: '00000000' })],
  ['has not the event 12', (text: string) => resealed(text, { file: '2026-11-22.jsonl' })],
])('a snapshot that is no good costs a replay and a warning: %s', async (why, spoil) => {
  const paths = await written();
  const { state } = await readState(paths);
  writeFileSync(paths.stateFile, spoil(readFileSync(paths.stateFile, 'utf8')));
  const found = await readState(paths);
  expect(found.state).toEqual(state);
  expect(found.warnings).toEqual([expect.stringContaining(why)]);
  const warnings: string[] = [];
  const journal = await openJournal(paths, { clock, onWarning: (text) => warnings.push(text) });
  expect(journal.state).toEqual(state);
  expect(warnings).toEqual(found.warnings);
  await journal.close();
  expect((await readState(paths)).warnings).toEqual([]);
});

function resealed(text: string, change: object): string {
  const { sum: _sum, ...snapshot } = JSON.parse(text) as Record<string, unknown>;
  return seal(JSON.stringify({ ...snapshot, ...change }));
}

test('a snapshot that is ahead of the journal is not trusted, and what is missing is said', async () => {
  const paths = await written();
  const lines = readFileSync(paths.file, 'utf8').split('\n');
  truncateSync(paths.file, Buffer.byteLength(`${lines.slice(0, 5).join('\n')}\n`));
  const cut = await readState(paths);
  expect(cut.state.seq).toBe(5);
  expect(cut.warnings).toEqual([
    expect.stringContaining('has not the event 12'),
    expect.stringContaining('ends at event 5, but 12 were there once'),
  ]);
  rmSync(paths.file);
  expect((await readState(paths)).warnings[1]).toContain('ends at event 0, but 12 were there once');
});

test('a snapshot that cannot be written is a warning, and the journal goes on', async () => {
  const paths = tempJournal();
  mkdirSync(paths.stateFile);
  const warnings: string[] = [];
  const journal = await openJournal(paths, { onWarning: (text) => warnings.push(text) });
  await journal.append(warned('x'));
  await journal.close();
  expect(warnings).toEqual([
    expect.stringContaining('cannot be read'),
    expect.stringContaining('so that the next start takes longer'),
  ]);
  expect(messages(await allEvents(paths.journal))).toEqual(['x']);
});

test('a snapshot is written by and by, while events go on', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  const all: Promise<unknown>[] = [];
  for (let i = 0; i < 5200; i += 1) all.push(journal.append(warned(`m${i}`)));
  await Promise.all(all);
  await expect.poll(() => existsSync(paths.stateFile)).toBe(true);
  const { state, warnings } = await readState(paths);
  expect([state.seq, warnings]).toEqual([5200, []]);
  await journal.close();
});

test('events of a newer version are kept, passed over, and warned of once a kind', async () => {
  const paths = await written();
  const newer = (seq: number, more: object) =>
    encodeLine(
      JSON.stringify({
        v: 1,
        seq,
        at: '2026-11-23T09:00:00.000Z',
        actor: { kind: 'daemon' },
        day: '2026-11-23',
        ...more,
      }),
      0,
    );
  appendFileSync(
    paths.file,
    newer(13, { type: 'task.teleported', data: { to: 'moon' } }) +
      newer(14, { type: 'task.teleported', data: { to: 'mars' } }) +
      newer(15, { v: 2, type: 'day.paused', data: { because: 'another form' } }) +
      newer(16, { v: 2, type: 'day.planned', data: [] }),
  );
  const before = readFileSync(paths.file);
  for (const stateFile of [paths.stateFile, '/nonexistent']) {
    const { state, warnings } = await readState({ ...paths, stateFile });
    expect([state.seq, state.days['2026-11-23']?.status]).toEqual([16, 'planned']);
    expect(warnings.map((text) => /: (.*) is kept/.exec(text)?.[1])).toEqual([
      'task.teleported',
      'day.paused (v2)',
      'day.planned (v2)',
    ]);
  }
  expect((await allEvents(paths.journal)).at(-1)?.seq).toBe(12);
  expect((await allEvents(paths.journal, { unknown: true })).at(-1)).toMatchObject({ seq: 16, v: 2 });

  const journal = await openJournal(paths, { clock });
  await journal.append(warned('after'));
  await journal.close();
  expect(readFileSync(paths.file).subarray(0, before.length)).toEqual(before);
  // The snapshot remembers what it passed over, for the version that will know it.
  expect((await readState(paths)).warnings).toHaveLength(3);
});

test('the names that are known without a schema are those that have one', () => {
  for (const type of Object.keys(eventData)) expect(isKnown({ v: 1, type } as ReadEvent)).toBe(true);
  expect(isKnown({ v: 2, type: 'task.done' } as ReadEvent)).toBe(false);
  expect(isKnownKind('toString')).toBe(false);
});
