import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths } from '../home/index.ts';
import { openJournal, takeLock, type JournalEvent } from '../journal/index.ts';
import { journalLine } from './journal-line.ts';
import { call } from './testing.ts';

async function home() {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'config'));
  writeFileSync(join(folder, 'config', 'dayshift.yaml'), '');
  const paths = homePaths(folder);
  const journal = await openJournal(paths);
  const actor = { kind: 'person', id: 'ann', via: 'cli' } as const;
  await journal.append({ type: 'day.started', day: '2026-11-23', data: {}, actor });
  for (let n = 0; n < 30; n += 1) {
    await journal.append({
      type: 'agent.said',
      day: '2026-11-23',
      task: `t${n % 3}`,
      data: { text: `word ${n}\n\u001b[2Jsecond line` },
    });
  }
  await journal.close();
  return paths;
}

async function run(...argv: string[]) {
  const { code, out, err } = await call(['journal', ...argv], { env: {}, cwd: tmpdir() });
  return { code, lines: out.split('\n').slice(0, -1), err };
}

test('each event is one readable line, of a day, of a task, or all', async () => {
  const { home: dir } = await home();
  const { lines, code } = await run('--home', dir);
  expect([code, lines.length]).toEqual([0, 31]);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}2026-11-23 +ann \(cli\) +day\.started$/);
  expect(lines[1]).toMatch(/2026-11-23\/t0 +daemon +agent\.said +word 0 second line$/);
  const hours = async (zone: string) => {
    writeFileSync(join(dir, 'config', 'dayshift.yaml'), `timezone: ${zone}\n`);
    return Number((await run('--home', dir)).lines[0]?.slice(11, 13));
  };
  expect(((await hours('Asia/Tokyo')) - (await hours('UTC')) + 24) % 24).toBe(9);
  expect((await run('--home', dir, '--task', 't1')).lines).toHaveLength(10);
  expect((await run('--home', dir, '--task', '2026-11-23/t1')).lines).toHaveLength(10);
  expect((await run('--home', dir, '--day', '2026-11-24')).lines).toHaveLength(0);
  expect(await run('--home', dir, '--day', 'someday')).toMatchObject({ code: 2 });
});

test('--json prints the events as they are', async () => {
  const { home: dir } = await home();
  const { lines } = await run('--home', dir, '--json');
  expect(JSON.parse(lines[1]!)).toMatchObject({
    seq: 2,
    type: 'agent.said',
    data: { text: 'word 0\n\u001b[2Jsecond line' },
  });
});

test('a line fits the terminal and holds nothing that could move its cursor', () => {
  const event = {
    v: 1,
    seq: 1,
    at: '2026-11-23T08:00:00.000Z',
    day: '2026-11-23',
    task: 'x\u001b[31m',
    actor: { kind: 'agent' },
    type: 'agent.said',
    data: { text: `\u001b]0;t\u0007${'long '.repeat(99)}` },
  } as JournalEvent;
  const line = journalLine(event, { color: false, columns: 120, tty: true }, String);
  expect(line.length).toBeLessThanOrEqual(120);
  expect(line).not.toMatch(/[\u0000-\u001f]/);
  expect(
    journalLine(
      { ...event, type: 'task.teleported', data: null } as unknown as JournalEvent,
      { color: false, columns: 80, tty: true },
      String,
    ),
  ).toContain('task.teleported');
});

test('a damaged journal names the place and the remedy, and the remedy works', async () => {
  const paths = await home();
  const file = join(paths.journal, readdirSync(paths.journal)[0]!);
  writeFileSync(file, readFileSync(file, 'utf8').replace('word 7', 'WORD 7'));
  const damaged = await run('--home', paths.home);
  expect(damaged.code).toBe(1);
  expect(damaged.err).toContain(`${file}:9: the journal is damaged`);
  expect(damaged.err).toContain('dayshift journal repair');

  const lock = await takeLock(paths.lockFile, { mode: 'daemon' });
  expect((await run('repair', '--home', paths.home)).err).toContain('Dayshift runs in this home already');
  await lock.release();
  const repaired = await run('repair', '--home', paths.home);
  expect([repaired.code, repaired.lines[0]]).toEqual([
    0,
    expect.stringMatching(/1 damaged lines? \(\d+ bytes\) .*\.damaged-1/),
  ]);
  const { lines } = await run('--home', paths.home);
  expect(lines.filter((line) => line.includes('journal.repaired'))).toHaveLength(1);
  expect((await run('repair', '--home', paths.home, '--json')).lines).toEqual(['[]']);
});
