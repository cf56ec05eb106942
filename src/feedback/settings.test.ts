import { expect, test } from 'vitest';
import { settingOf } from './settings.ts';

const config: Record<string, unknown> = {
  'chat.remind_minutes': [10, 30],
  'budget.day_usd': 50,
  concurrency: 3,
};
const wish = (words: string) => {
  const found = settingOf(words, (path) => config[path.join('.')]);
  return found === undefined ? undefined : [found.path.join('.'), found.to];
};

test.each([
  ['Reduce question poll interval to 30 seconds', ['chat.remind_minutes', [0.5, 30]]],
  ['Reduce the reminder interval to 5 minutes', ['chat.remind_minutes', [5, 30]]],
  ['Remind me after 1 hour', ['chat.remind_minutes', [60]]],
  ['Quiet hours from 22:00 to 7:00', ['chat.quiet_hours', '22:00-07:00']],
  ['Raise the daily budget from $50 to $80', ['budget.day_usd', 80]],
  ['No task may cost more than 4.50 USD', ['budget.task_usd', 4.5]],
  ['Month budget: $400', ['budget.month_usd', 400]],
  ['Alert me at 60 %', ['budget.alert_percent', 60]],
  ['Run 2 agents at a time', ['concurrency', 2]],
  ['Allow 4 retries', ['retries', 4]],
  ['Use opus tomorrow', ['agent.model', 'opus']],
  ['Task timeout 3 hours', ['timeout_minutes', 180]],
  ['Let checks take a time of 20 min', ['check_timeout_minutes', 20]],
])('%j asks for %j', (words, expected) => {
  expect(wish(words)).toEqual(expected);
});

test.each([
  'Start with simpler tasks',
  'Lower the budget by 5 dollars',
  'Run 3 agents in parallel',
  'Questions were late',
  'Remind me more often',
])('%j asks for no setting, or for one that holds', (words) => {
  expect(wish(words)).toBeUndefined();
});
