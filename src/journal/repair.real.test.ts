import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { openJournal } from './open.ts';
import { repairJournal } from './repair.ts';
import { allEvents, contents, tempJournal, warned } from './testing.ts';

const clock = manualClock();
const bad = '{"v":1,"seq":0,"broken"';

/** A journal of two files with five events each, damaged from the end of the first to the second's first line. */
async function damaged() {
  const paths = tempJournal();
  const days = manualClock();
  const journal = await openJournal(paths, { clock: days });
  for (let n = 1; n <= 10; n += 1) {
    if (n === 6) days.advance(86_400_000);
    await journal.append(warned(`m${n}`));
  }
  await journal.close();
  const change = (file: string, to: (lines: string[]) => string[]) => {
    const text = contents(paths.journal)[file]!;
    writeFileSync(join(paths.journal, file), `${to(text.split('\n').slice(0, -1)).join('\n')}\n`);
  };
  change('2026-11-23.jsonl', (lines) => [...lines.slice(0, 3), bad, bad]);
  change('2026-11-24.jsonl', (lines) => [bad, ...lines.slice(1)]);
  return paths;
}

test('a repair that is killed at any moment can be done again', async () => {
  const paths = await damaged();
  const repair = () => repairJournal(paths.journal, { stateFile: paths.stateFile, clock });
  const spoiled = contents(paths.journal);
  await repair();
  /** What the journal says; the name of what was kept aside may count a repair that was killed. */
  const story = async () =>
    (await allEvents(paths.journal)).map((event) => [
      event.seq,
      event.type,
      event.type === 'journal.repaired' ? event.data.through : event.data,
    ]);
  const expected = await story();
  const module = new URL('./repair.ts', import.meta.url).href;
  // The n-th call that changes a file ends the process at once, without a word.
  for (let n = 1; n <= 40; n += 1) {
    rmSync(paths.journal, { recursive: true });
    mkdirSync(paths.journal);
    for (const [name, text] of Object.entries(spoiled)) writeFileSync(join(paths.journal, name), text, 'latin1');
    const script = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { repairJournal } = await import(${JSON.stringify(module)});
      let left = ${n};
      for (const name of ['openSync', 'writeSync', 'fsyncSync', 'renameSync', 'rmSync']) {
        const real = fs[name];
        fs[name] = (...args) => {
          if ((name !== 'openSync' || args[1] === 'wx') && --left === 0) {
            if (name === 'writeSync') real(args[0], args[1], 0, 3);
            process.kill(process.pid, 'SIGKILL');
          }
          return real(...args);
        };
      }
      syncBuiltinESMExports();
      await repairJournal(${JSON.stringify(paths.journal)});
      console.log('done');`;
    let ended = '';
    try {
      ended = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      expect(error).toMatchObject({ signal: 'SIGKILL' });
    }
    await repair();
    expect(await story()).toEqual(expected);
    if (ended !== '') {
      expect(n).toBeGreaterThan(8);
      return;
    }
  }
  expect.unreachable('the repair never came to its end');
});
