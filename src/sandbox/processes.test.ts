import { expect, test } from 'vitest';
import { allProcesses, parsePs, parseStat, rowOf, startTimeOf } from './processes.ts';

test('a name with brackets, spaces and line breaks does not shift the fields', () => {
  const rest = 'S 10 11 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 99887766 1 2';
  expect(parseStat(`42 (a) b (\n) c) ${rest}`)).toEqual({
    pid: 42,
    parent: 10,
    group: 11,
    session: 12,
    zombie: false,
    startTime: '99887766',
    cpuMs: (5 + 6 + 7 + 8) * 10,
  });
  expect(parseStat('')).toBeUndefined();
});

test('a line of ps on macOS is read', () => {
  expect(parsePs('  501     1   500 Ss     1:02.50 Mon Nov 23 08:00:00 2026')).toEqual({
    pid: 501,
    parent: 1,
    group: 500,
    session: 500,
    zombie: false,
    startTime: 'Mon Nov 23 08:00:00 2026',
    cpuMs: 62_500,
  });
  expect(parsePs('')).toBeUndefined();
});

test('this process is in the table, with the same start time at every look', async () => {
  const row = (await allProcesses()).find(({ pid }) => pid === process.pid);
  expect(row?.startTime).toBe(startTimeOf(process.pid));
  expect(rowOf(process.pid)?.parent).toBe(process.ppid);
  expect(startTimeOf(2 ** 30)).toBeUndefined();
});
