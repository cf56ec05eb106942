import fc from 'fast-check';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { openJournal } from './open.ts';
import { readState } from './read-only.ts';
import { repairJournal } from './repair.ts';
import { allEvents, contents, messages, tempJournal, warned } from './testing.ts';

const clock = manualClock();
const A = '2026-11-23.jsonl';
const B = '2026-11-24.jsonl';

/** Two files of five events each; the lines of both. */
async function written() {
  const paths = tempJournal();
  const days = manualClock();
  const journal = await openJournal(paths, { clock: days });
  for (let i = 1; i <= 10; i += 1) {
    if (i === 6) days.advance(86_400_000);
    await journal.append(warned(`m${i}`));
  }
  await journal.close();
  const linesOf = (file: string) => readFileSync(join(paths.journal, file), 'latin1').split('\n').slice(0, -1);
  return { ...paths, a: linesOf(A), b: linesOf(B) };
}

type Written = Awaited<ReturnType<typeof written>>;

function spoil(paths: Written, a: string[], b: string[]): void {
  writeFileSync(join(paths.journal, A), a.map((line) => `${line}\n`).join(''), 'latin1');
  writeFileSync(join(paths.journal, B), b.map((line) => `${line}\n`).join(''), 'latin1');
}

const repair = (paths: Written) => repairJournal(paths.journal, { stateFile: paths.stateFile, clock });

/** What the journal says: messages, and `seq-through` for what is marked as lost. */
async function story(paths: Written): Promise<string> {
  const events = await allEvents(paths.journal);
  return events
    .map((event) => {
      if (event.type === 'journal.repaired') return `(${event.seq}-${event.data.through ?? event.seq})`;
      return event.type === 'day.warned' ? event.data.message : event.type;
    })
    .join(' ');
}

test('a journal that is not damaged stays as it is, a torn tail included', async () => {
  const paths = await written();
  const before = contents(paths.journal);
  expect(await repair(paths)).toEqual([]);
  appendFileSync(join(paths.journal, B), 'torn');
  expect(await repair(paths)).toEqual([]);
  expect(contents(paths.journal)).toEqual({ ...before, [B]: `${before[B]}torn` });
  expect(existsSync(paths.stateFile)).toBe(true);
});

const bad = '{"v":1,"seq":0,"broken"';
const cases: [string, (a: string[], b: string[]) => [string[], string[]], string, { file: string; lines: number }[]][] =
  [
    [
      'one line',
      (a, b) => [[a[0]!, bad, ...a.slice(2)], b],
      'm1 (2-2) m3 m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 1 }],
    ],
    [
      'two lines melted into one',
      (a, b) => [[a[0]!, bad, ...a.slice(3)], b],
      'm1 (2-3) m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 1 }],
    ],
    [
      'one line torn into three',
      (a, b) => [[a[0]!, bad, '', bad, ...a.slice(2)], b],
      'm1 (2-2) m3 m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 3 }],
    ],
    [
      'two places',
      (a, b) => [[a[0]!, bad, a[2]!, bad, a[4]!], b],
      'm1 (2-2) m3 (4-4) m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 2 }],
    ],
    [
      'the first line',
      (a, b) => [[bad, ...a.slice(1)], b],
      '(1-1) m2 m3 m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 1 }],
    ],
    [
      'over the end of a file',
      (a, b) => [
        [...a.slice(0, 3), bad, bad],
        [bad, ...b.slice(1)],
      ],
      'm1 m2 m3 (4-6) m7 m8 m9 m10',
      [
        { file: A, lines: 2 },
        { file: B, lines: 1 },
      ],
    ],
    ['a whole file', (a, b) => [[bad], b], '(1-5) m6 m7 m8 m9 m10', [{ file: A, lines: 1 }]],
    ['the end', (a, b) => [a, [...b.slice(0, 3), bad, bad]], 'm1 m2 m3 m4 m5 m6 m7 m8 (9-10)', [{ file: B, lines: 2 }]],
    [
      'a line too much',
      (a, b) => [[a[0]!, bad, ...a.slice(1)], b],
      'm1 m2 m3 m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 1 }],
    ],
    [
      'a line twice',
      (a, b) => [[a[0]!, a[1]!, a[1]!, ...a.slice(2)], b],
      'm1 m2 m3 m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 1 }],
    ],
    [
      'a line in the wrong place',
      (a, b) => [[a[4]!, ...a.slice(0, 4)], b],
      'm1 m2 m3 m4 (5-5) m6 m7 m8 m9 m10',
      [
        { file: A, lines: 1 },
        { file: B, lines: 0 },
      ],
    ],
    [
      'lines that somebody deleted',
      (a, b) => [[a[0]!, a[3]!, a[4]!], b],
      'm1 (2-3) m4 m5 m6 m7 m8 m9 m10',
      [{ file: A, lines: 0 }],
    ],
  ];

test.each(cases)('the damaged lines go aside and every good one stays: %s', async (_name, change, expected, done) => {
  const paths = await written();
  const [a, b] = change(paths.a, paths.b);
  spoil(paths, a, b);
  await expect(readState({ ...paths, stateFile: '/nonexistent' })).rejects.toThrow('damaged');
  const before = contents(paths.journal);
  const repairs = await repair(paths);
  expect(repairs).toMatchObject(done);
  expect(await story(paths)).toBe(expected);
  const after = contents(paths.journal);
  for (const { file, kept, bytes, lines } of repairs) {
    // Nothing is lost: what is in the day file and what is aside make up what was there.
    const now = after[file]!.split('\n').filter((line) => !line.includes('"journal.repaired"'));
    const aside = kept === '' ? [] : after[kept]!.split('\n').slice(0, -1);
    expect([...now.slice(0, -1), ...aside].sort()).toEqual(before[file]!.split('\n').slice(0, -1).sort());
    expect([aside.length, kept === '' ? 0 : after[kept]!.length]).toEqual([lines, bytes]);
  }
  expect(existsSync(paths.stateFile)).toBe(false);
  // Again changes nothing, and the journal goes on where it would have, no seq given out twice.
  expect(await repair(paths)).toEqual([]);
  expect(contents(paths.journal)).toEqual(after);
  const journal = await openJournal(paths, { clock });
  expect(await journal.append(warned('after'))).toMatchObject([{ seq: 11 }]);
  await journal.close();
  expect(await story(paths)).toBe(`${expected} after`);
  expect((await readState(paths)).state).toEqual((await readState({ ...paths, stateFile: '/nonexistent' })).state);
  const behind = (await allEvents(paths.journal)).filter((event) => event.seq > 9);
  expect(await allEvents(paths.journal, { afterSeq: 9 })).toEqual(behind);
});

test('damage in the middle of an append leaves the rest of that append', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths, { clock });
  await journal.append(warned('a'), warned('b'), warned('c'));
  await journal.append(warned('d'));
  await journal.close();
  const file = join(paths.journal, A);
  for (const [at, expected] of [
    [1, ['a', 'c', 'd']],
    [2, ['a', 'b', 'd']],
    [0, ['b', 'c', 'd']],
  ] as const) {
    const copy = tempJournal();
    mkdirSync(copy.journal);
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[at] = 'garbage';
    writeFileSync(join(copy.journal, A), lines.join('\n'));
    await repairJournal(copy.journal);
    expect(messages(await allEvents(copy.journal))).toEqual(expected);
    expect((await readState(copy)).state.seq).toBe(4);
  }
});

test('a repair that was killed between two files is finished by the next', async () => {
  const paths = await written();
  spoil(paths, [...paths.a.slice(0, 3), bad, bad], [bad, ...paths.b.slice(1)]);
  const spoiled = contents(paths.journal);
  await repair(paths);
  const whole = contents(paths.journal);
  // Killed after the first file was replaced, and before the second one was.
  writeFileSync(join(paths.journal, B), spoiled[B]!, 'latin1');
  expect(await repair(paths)).toMatchObject([{ file: B, kept: `${B}.damaged-1`, lines: 1 }]);
  expect(contents(paths.journal)).toEqual(whole);
  // Killed after the copy, before the day file: the copy is found again. A temporary file is in nobody's way.
  writeFileSync(join(paths.journal, B), spoiled[B]!, 'latin1');
  writeFileSync(join(paths.journal, `${B}.repairing`), 'half');
  await repair(paths);
  expect(contents(paths.journal)).toEqual(whole);
});

test('a second repair of a file keeps both damaged parts', async () => {
  const paths = await written();
  spoil(paths, [paths.a[0]!, 'first', ...paths.a.slice(2)], paths.b);
  await repair(paths);
  const lines = readFileSync(join(paths.journal, A), 'utf8').split('\n');
  lines[2] = 'second';
  writeFileSync(join(paths.journal, A), lines.join('\n'));
  await repair(paths);
  const now = contents(paths.journal);
  expect([now[`${A}.damaged-1`], now[`${A}.damaged-2`]]).toEqual(['first\n', 'second\n']);
  expect(await story(paths)).toBe('m1 (2-2) (3-3) m4 m5 m6 m7 m8 m9 m10');
});

test(
  'whatever bytes are overwritten, a repair keeps every line that is whole and can be done once only',
  { timeout: 60_000 },
  async () => {
    const pristine = await written();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            file: fc.constantFrom(A, B),
            at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
            bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (blows) => {
          const paths = { ...pristine, ...tempJournal() };
          mkdirSync(paths.journal);
          spoil(paths, paths.a, paths.b);
          for (const { file, at, bytes } of blows) {
            const whole = readFileSync(join(paths.journal, file));
            whole.set(bytes.subarray(0, whole.length), Math.floor(at * Math.max(0, whole.length - bytes.length)));
            writeFileSync(join(paths.journal, file), whole);
          }
          const after = contents(paths.journal);
          const survivors = [...paths.a, ...paths.b].filter((line) =>
            `\n${after[A]!}${after[B]!}`.includes(`\n${line}\n`),
          );
          await repair(paths);
          const journal = await openJournal(paths, { clock });
          await journal.append(warned('goes on'));
          await journal.close();
          const now = `\n${contents(paths.journal)[A]!}${contents(paths.journal)[B]!}`;
          for (const line of survivors) expect(now).toContain(`\n${line}\n`);
          expect(await repair(paths)).toEqual([]);
          expect(messages(await allEvents(paths.journal)).at(-1)).toBe('goes on');
          rmSync(paths.journal, { recursive: true });
        },
      ),
      { numRuns: 30 },
    );
  },
);
