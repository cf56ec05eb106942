import { expect, test } from 'vitest';
import { dateIn, dateOfFile, isDate, isTimezone, shiftDate } from './dates.ts';

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['2026-13-01', false],
  ['2026-1-1', false],
  ['', false],
])('%s is a day: %s', (text, expected) => {
  expect(isDate(text)).toBe(expected);
});

test('today depends on the time zone', () => {
  const now = new Date('2026-11-23T23:30:00Z');
  expect(dateIn(now, 'UTC')).toBe('2026-11-23');
  expect(dateIn(now, 'Europe/Berlin')).toBe('2026-11-24');
  expect(dateIn(now, 'America/Los_Angeles')).toBe('2026-11-23');
});

test('the next day is the next day over the change of a clock, a month and a year', () => {
  expect(shiftDate('2026-03-28', 1)).toBe('2026-03-29');
  expect(shiftDate('2026-12-31', 1)).toBe('2027-01-01');
  expect(shiftDate('2026-03-01', -1)).toBe('2026-02-28');
});

test('a file’s name tells its day only if it is nothing but a day', () => {
  expect(dateOfFile('tasks/2026-11-23.yaml')).toBe('2026-11-23');
  expect(dateOfFile('2026-11-23.yml')).toBe('2026-11-23');
  expect(dateOfFile('tasks/2026-11-23-b.yaml')).toBeUndefined();
  expect(dateOfFile('tasks/example.yaml')).toBeUndefined();
});

test('time zones are told from other words', () => {
  expect(isTimezone('Europe/Berlin')).toBe(true);
  expect(isTimezone('Mars/Phobos')).toBe(false);
  expect(isTimezone('')).toBe(false);
});
