import { expect, test } from 'vitest';
import { formatProblem } from '../document/index.ts';
import type { PlanContext } from './context.ts';
import { parseTaskList } from './index.ts';
import { base, task } from './parse.testing.ts';
import { isDueOn, whenText } from './when.ts';

const context: PlanContext = {
  ...base,
  projects: [{ name: 'home', setup: [], checks: ['npm test'], egress: [], env: {} }],
};
const read = (text: string, kind: 'recurring' | 'backlog' = 'recurring') =>
  parseTaskList(text, 'config/recurring.yaml', kind, context);
const told = (text: string, kind: 'recurring' | 'backlog' = 'recurring') =>
  read(text, kind).problems.map((problem) => formatProblem(problem).replace('config/recurring.yaml:', ''));
/** The days of a week in which a task is due; the 23rd is a Monday. */
const week = ['23', '24', '25', '26', '27', '28', '29'].map((day) => `2026-11-${day}`);
const due = (...lines: string[]) => {
  const { tasks, problems } = read(task(...lines));
  expect(problems).toEqual([]);
  return week.filter((date) => isDueOn(tasks[0]!.when!, date)).map((date) => Number(date.slice(-2)));
};

test.each([
  ['every: day', [23, 24, 25, 26, 27, 28, 29]],
  ['every: weekday', [23, 24, 25, 26, 27]],
  ['every: weekend', [28, 29]],
  ['every: Monday', [23]],
  ['every: mondays', [23]],
  ['every: [mon, thu]', [23, 26]],
  ['every: tue, sunday', [24, 29]],
  ["cron: '0 8 * * 1-5'", [23, 24, 25, 26, 27]],
  ["cron: '0 0 24 * *'", [24]],
  ["cron: '30 23 * * sun'", [29]],
  ["cron: '0 8 1 * *'", []],
])('a task with %s is due on the right days', (line, days) => {
  expect(due(line)).toEqual(days);
});

test('what a recurring task says otherwise is what a task of a task file says, defaults and project included', () => {
  const { tasks } = read(`defaults: { retries: 1 }\n${task('every: monday', 'checks: [make]', 'needs: []')}`);
  expect(tasks[0]).toMatchObject({
    spec: { id: 'a', project: 'home', checks: ['npm test', 'make'], retries: 1 },
    when: { kind: 'days', days: [1] },
  });
  expect(whenText(tasks[0]!.when!)).toBe('monday');
});

test.each([
  ['no time', task(), ['2:5 tasks[0]: missing: every or cron, which say when it is due']],
  ['two times', task('every: day', "cron: '0 8 * * *'"), ['5:11 tasks[0].cron: a task has every or cron, not both']],
  [
    'a wrong day',
    task('every: mnday'),
    [
      '4:12 tasks[0].every: expected day, weekday, weekend, a week day such as monday, or a list of these, found the string "mnday": did you mean "monday"?',
    ],
  ],
  [
    'a wrong expression',
    task("cron: '0 25 * * *'"),
    [expect.stringMatching(/^4:11 {1,2}tasks\[0\]\.cron: no cron expression: hour/) as string],
  ],
  ['a date', `date: 2026-11-23\n${task('every: day')}`, [expect.stringMatching(/^1:1 .*unknown key/) as string]],
  ['a typo', task('every: day', 'nmae: x'), [expect.stringMatching(/^5:5 .*unknown key.*name/) as string]],
  [
    'an unknown need',
    task('every: day', 'needs: [b]'),
    [expect.stringMatching(/^5:13 .*there is no task "b"/) as string],
  ],
])('%s is told with its place', (_what, text, expected) => {
  expect(told(text).map((line) => line.replace(/^(\d+:\d+) {2}/, '$1 '))).toEqual(expected);
});

test('all errors of a list are told at once, and an empty file is an empty list', () => {
  expect(told('tasks:\n  - id: a\n    every: x\n  - name: B\n    cron: x\n')).toHaveLength(4);
  expect(read('')).toEqual({ tasks: [], problems: [] });
  expect(read('tasks:\n', 'backlog')).toEqual({ tasks: [], problems: [] });
});

test('the backlog takes tasks without a time, and none with one', () => {
  expect(read(task(), 'backlog').tasks.map(({ spec, when }) => [spec.id, when])).toEqual([['a', undefined]]);
  expect(told(task('every: day'), 'backlog')).toEqual([expect.stringContaining('unknown key') as string]);
});
