import { expect, test } from 'vitest';
import type { ItemState } from '../journal/index.ts';
import { planReminders, quietMs, type ReminderPolicy } from './remind.ts';

const MINUTE = 60_000;
const OPENED = Date.parse('2026-11-23T09:00:00Z');
const policy: ReminderPolicy = { after: [10, 30], timezone: 'UTC' };

function item(id: string, more: Partial<ItemState> = {}): ItemState {
  return {
    ...{ id, kind: 'question', status: 'open', day: '2026-11-23', task: 'a', attempt: 1, source: 'tool' },
    ...{ openedAt: new Date(OPENED).toISOString(), questions: [], silence: { kind: 'wait' } },
    ...more,
  };
}

const at = (minutes: number) => OPENED + minutes * MINUTE;
const plan = (items: ItemState[], minutes: number, more: Partial<ReminderPolicy> = {}) =>
  planReminders({ items: Object.fromEntries(items.map((one) => [one.id, one])) }, { ...policy, ...more }, at(minutes));

test('reminders come after ten and thirty minutes, then hourly', () => {
  const times: number[] = [];
  let reminded = 0;
  for (let minute = 0; minute <= 200; minute += 1) {
    const [due] = plan([item('q1', { reminded })], minute).remind;
    if (due === undefined) continue;
    times.push(minute);
    reminded = due.step;
  }
  expect(times).toEqual([10, 30, 90, 150]);
});

test('the next look is at the very next reminder', () => {
  expect(plan([item('q1')], 0).next).toBe(at(10));
  expect(plan([item('q1', { reminded: 1 })], 12).next).toBe(at(30));
  expect(plan([item('q1', { reminded: 2 })], 31).next).toBe(at(90));
  expect(plan([], 0).next).toBeUndefined();
});

test('what was slept through is one reminder, not many', () => {
  const [due] = plan([item('q1')], 500).remind;
  expect(due?.step).toBe(9);
  expect(plan([item('q1', { reminded: 9 })], 500).remind).toEqual([]);
});

test('all that is due is one list, and what was answered is not in it', () => {
  const items = ['q1', 'q2', 'q10'].map((id) => item(id));
  expect(plan([...items, item('q3', { status: 'answered' })], 11).remind.map(({ item: { id } }) => id)).toEqual([
    'q1',
    'q2',
    'q10',
  ]);
});

test('in quiet hours nobody is reminded; when they are over it is made up for', () => {
  const night = { quiet: '09:05-09:45' };
  expect(plan([item('q1')], 12, night).remind).toEqual([]);
  expect(plan([item('q1')], 12, night).next).toBe(at(45));
  expect(plan([item('q1')], 45, night).remind).toHaveLength(1);
});

test('quiet hours go over midnight, by the clock of the home', () => {
  const quiet = { quiet: '22:00-07:00', timezone: 'Europe/Berlin' };
  expect(quietMs(quiet, Date.parse('2026-11-23T20:59:00Z'))).toBe(0);
  expect(quietMs(quiet, Date.parse('2026-11-23T21:00:00Z'))).toBe(9 * 60 * MINUTE);
  expect(quietMs(quiet, Date.parse('2026-11-24T05:59:30Z'))).toBe(30_000);
  expect(quietMs(quiet, Date.parse('2026-11-24T06:00:00Z'))).toBe(0);
});

test('what nobody answers goes to everyone else, once', () => {
  const late = { escalateAfter: 20 };
  expect(plan([item('q1')], 19, late).escalate).toEqual([]);
  expect(plan([item('q1')], 20, late).escalate).toHaveLength(1);
  expect(plan([item('q1', { escalated: true })], 25, late).escalate).toEqual([]);
});
