import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { withSetting } from './set-config.ts';
import { config } from './templates/config.ts';

test.each([
  ['concurrency: 3 # agents\n', ['concurrency'], 2, 'concurrency: 2 # agents\n'],
  ['# mine\na: 1\n', ['retries'], 4, '# mine\na: 1\nretries: 4\n'],
  ['', ['chat', 'remind_minutes'], [5, 30], 'chat:\n  remind_minutes: [5, 30]\n'],
  [
    'chat:\n  # often\n  remind_minutes: [10, 30] # min\n  tell: all\n\nretries: 1\n',
    ['chat', 'remind_minutes'],
    [5, 30],
    'chat:\n  # often\n  remind_minutes: [5, 30] # min\n  tell: all\n\nretries: 1\n',
  ],
  [
    'chat:\n  tell: all # loud\n\n# below\nretries: 1\n',
    ['chat', 'remind_minutes'],
    [5],
    'chat:\n  tell: all # loud\n  remind_minutes: [5]\n\n# below\nretries: 1\n',
  ],
  ['budget: { day_usd: 50 }\n', ['budget', 'month_usd'], 400, 'budget: { day_usd: 50, month_usd: 400 }\n'],
  ['budget: { day_usd: 50 }\n', ['budget', 'day_usd'], 80, 'budget: { day_usd: 80 }\n'],
  [
    'chat:\n  quiet_hours: "22:00-07:00"\n',
    ['chat', 'quiet_hours'],
    '21:00-07:00',
    'chat:\n  quiet_hours: 21:00-07:00\n',
  ],
  ['a: 1', ['agent', 'model'], 'opus', 'a: 1\nagent:\n  model: opus\n'],
])('%j with %j', (text, path, value, expected) => {
  expect(withSetting(text, path, value)).toBe(expected);
});

test('a list in lines is set, and what stands beside it stays', () => {
  const text = 'chat:\n  remind_minutes:\n    - 10 # first\n    - 30\n  # loud\n  tell: all\n';
  const next = withSetting(text, ['chat', 'remind_minutes'], [5, 30]);
  expect(parse(next)).toEqual({ chat: { remind_minutes: [5, 30], tell: 'all' } });
  expect(next).toContain('  # loud\n  tell: all\n');
});

test('the config of a new home takes any setting, and keeps every line of its own', () => {
  for (const [path, value] of [
    [
      ['chat', 'remind_minutes'],
      [5, 30],
    ],
    [['budget', 'day_usd'], 80],
    [['concurrency'], 2],
    [['agent', 'model'], 'opus'],
  ] as const) {
    const next = withSetting(config, path, value);
    expect(path.reduce((node: unknown, key) => (node as Record<string, unknown>)[key], parse(next))).toEqual(value);
    const comments = config.split('\n').filter((line) => line.trim().startsWith('#'));
    expect(next.split('\n').filter((line) => line.trim().startsWith('#'))).toEqual(comments);
    expect(withSetting(next, path, value)).toBe(next);
  }
});
