import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { openJournal } from './open.ts';
import { readState } from './read-only.ts';
import { allEvents, messages, tempFolder, tempJournal, warned } from './testing.ts';

const FILE = '2026-11-23.jsonl';
const clock = manualClock();

/** A journal of three appends: one event, one event, and `last` events. */
async function written(last = 1) {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock });
  await journal.append(warned('one'));
  await journal.append(warned('two ü'));
  const path = join(paths.journal, FILE);
  const whole = statSync(path).size;
  await journal.append(...Array.from({ length: last }, (_, i) => warned(`last ${i} ü`)));
  await journal.close();
  return { paths: { ...paths, stateFile: join(paths.journal, '..', 'none.json') }, path, whole };
}

async function reopened(paths: { journal: string; stateFile: string }) {
  const warnings: string[] = [];
  const journal = await openJournal(paths, { clock, onWarning: (text) => warnings.push(text) });
  const state = structuredClone(journal.state);
  await journal.append(warned('after'));
  await journal.close();
  return { warnings, state, events: await allEvents(paths.journal) };
}

test('a last line that is torn at any byte is cut, kept aside and reported', async () => {
  const { paths, path, whole } = await written();
  const bytes = readFileSync(path);
  for (let length = whole; length <= bytes.length; length += 1) {
    const home = tempJournal();
    mkdirSync(home.journal);
    writeFileSync(join(home.journal, FILE), bytes.subarray(0, length));
    // Readers are not disturbed by it, whoever tore it.
    const complete = length === bytes.length;
    expect((await readState(home)).state.seq).toBe(complete ? 3 : 2);
    expect(await allEvents(home.journal)).toHaveLength(complete ? 3 : 2);
    // Starting anew waits for the disk several times: at both ends, and at steps between.
    if (length > whole + 3 && length < bytes.length - 3 && length % 9 !== 0) continue;

    const { warnings, events } = await reopened(home);
    if (length === whole) {
      expect(messages(events)).toEqual(['one', 'two ü', 'after']);
      expect(warnings).toEqual([]);
    } else if (length >= bytes.length - 1) {
      // Only the newline is missing, or nothing: the event is there.
      expect(messages(events)).toEqual(['one', 'two ü', 'last 0 ü', 'after']);
      expect(warnings).toEqual([]);
    } else {
      expect(messages(events)).toEqual(['one', 'two ü', 'after']);
      expect(warnings).toEqual([expect.stringContaining(`${length - whole} bytes were taken away and kept in`)]);
      const repaired = events[2]!;
      const kept = `${FILE}.torn-20261123T080000000Z`;
      expect(repaired).toMatchObject({
        seq: 3,
        type: 'journal.repaired',
        data: { file: FILE, kept, bytes: length - whole },
      });
      expect(readFileSync(join(home.journal, kept))).toEqual(bytes.subarray(whole, length));
      expect(statSync(join(home.journal, kept)).mode & 0o777).toBe(0o600);
    }
    // Once is enough: the next start finds nothing.
    expect((await reopened(home)).warnings).toEqual([]);
  }
  expect(readdirSync(paths.journal)).toEqual([FILE]);
});

test('an append of several events counts as a whole or not at all', async () => {
  const { path, whole } = await written(3);
  const bytes = readFileSync(path);
  const lengths = new Set([whole, bytes.length]);
  for (let length = whole; length <= bytes.length; length += 29) lengths.add(length);
  // Around the end of each line.
  for (let end = bytes.indexOf('\n', whole); end >= 0; end = bytes.indexOf('\n', end + 1)) {
    for (const by of [-1, 0, 1]) lengths.add(end + by);
  }
  for (const length of lengths) {
    const home = tempJournal();
    mkdirSync(home.journal);
    writeFileSync(join(home.journal, FILE), bytes.subarray(0, length));
    const { state, events } = await reopened(home);
    expect(messages(events).filter((text) => text.startsWith('last'))).toHaveLength(length >= bytes.length - 1 ? 3 : 0);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
    expect(state.seq).toBe(events.length - 1);
  }
});

test('a damaged last line with its newline is a torn tail; with anything behind it, it is damage', async () => {
  const { paths, path, whole } = await written();
  const bytes = readFileSync(path);
  bytes.fill(0, whole + 10, whole + 20);
  writeFileSync(path, bytes);
  const { warnings, events } = await reopened(paths);
  expect(messages(events)).toEqual(['one', 'two ü', 'after']);
  expect(warnings).toHaveLength(1);

  for (const behind of ['x', '\n', 'garbage\n', `${readFileSync(path, 'utf8').split('\n')[0]}\n`]) {
    const again = await written();
    writeFileSync(again.path, Buffer.concat([bytes, Buffer.from(behind)]));
    const before = readFileSync(again.path);
    const refused = {
      name: 'DayshiftError',
      kind: 'internal',
      hint: expect.stringContaining('dayshift journal repair') as string,
    };
    await expect(openJournal(again.paths)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(`${again.path}:3:`) as string,
    });
    await expect(readState(again.paths)).rejects.toMatchObject(refused);
    await expect(allEvents(again.paths.journal)).rejects.toMatchObject(refused);
    expect(readFileSync(again.path)).toEqual(before);
  }
});

test('a torn line in a file that is not the last is damage', async () => {
  const { paths, path } = await written();
  appendFileSync(path, 'torn');
  writeFileSync(join(paths.journal, '2026-11-24.jsonl'), '');
  // An empty newer file is what a crash right after midnight leaves.
  expect((await readState(paths)).state.seq).toBe(3);
  copyFileSync(path, join(paths.journal, '2026-11-24.jsonl'));
  await expect(openJournal(paths)).rejects.toThrow(`${path}:4:`);
});

test('events that are missing or out of order are damage', async () => {
  const { paths, path } = await written();
  const [one, two, three] = readFileSync(path, 'utf8').split('\n');
  for (const [lines, where, what] of [
    [[one, three], 2, 'event 3 stands where 2 must be'],
    [[two, three], 1, 'event 2 stands where 1 must be'],
    [[one, two, two, three], 3, 'event 2 stands where 3 must be'],
    [[one, three, two], 2, 'event 3 stands where 2 must be'],
  ] as const) {
    writeFileSync(path, `${lines.join('\n')}\n`);
    await expect(openJournal(paths)).rejects.toThrow(`${path}:${where}: the journal is damaged: ${what}`);
  }
});

test('a file of zeros behind good lines, as a power loss leaves it, is cut', async () => {
  const { paths, path } = await written();
  truncateSync(path, statSync(path).size + 300_000);
  const { warnings, events } = await reopened(paths);
  expect(warnings).toHaveLength(1);
  expect(messages(events)).toEqual(['one', 'two ü', 'last 0 ü', 'after']);
});

test('the journal folder may be missing, with all folders above it', async () => {
  const folder = join(tempFolder(), 'a', 'b');
  const { events } = await reopened({ journal: join(folder, 'journal'), stateFile: join(folder, 'state.json') });
  expect(messages(events)).toEqual(['after']);
});

test('lines longer than what is read at a time are read whole', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock });
  const texts = [300, 262_143, 262_144, 900_000, 1].map((length) => 'ü'.repeat(length));
  for (const text of texts) await journal.append(warned(text));
  await journal.close();
  expect(messages(await allEvents(paths.journal))).toEqual(texts);
  const { warnings, events } = await reopened(paths);
  expect(warnings).toEqual([]);
  expect(messages(events)).toEqual([...texts, 'after']);
});
