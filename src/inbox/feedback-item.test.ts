import { expect, test } from 'vitest';
import type { ItemState } from '../journal/index.ts';
import { feedbackDecision, newFeedbackItem } from './index.ts';

const decided = (tasks: string[], text: string) => {
  const item = newFeedbackItem('q1', { date: '2026-11-23', tasks }, 0);
  return feedbackDecision({ ...item, answers: [text] } as unknown as ItemState);
};

test.each([
  [
    '★★★★',
    [
      { task: 'a', stars: 4 },
      { task: 'b', stars: 4 },
    ],
    [],
  ],
  [
    '3',
    [
      { task: 'a', stars: 3 },
      { task: 'b', stars: 3 },
    ],
    [],
  ],
  ['Not today', [], []],
  ['a 4', [{ task: 'a', stars: 4 }], []],
  [
    'a 2/5 ask me first\nB: shorter names',
    [
      { task: 'a', stars: 2, action: 'ask me first' },
      { task: 'b', action: 'shorter names' },
    ],
    [],
  ],
  ['all was fine', [], ['all was fine']],
  ['a', [], ['a']],
])('%j says what it says of the two tasks a and b', (text, ratings, unclear) => {
  expect(decided(['a', 'b'], text)).toEqual({ ratings, unclear });
});

test('of a single task its name may be left out', () => {
  expect(decided(['a'], 'write tests first')).toEqual({
    ratings: [{ task: 'a', action: 'write tests first' }],
    unclear: [],
  });
  expect(decided(['a'], '5 perfect')).toEqual({ ratings: [{ task: 'a', stars: 5, action: 'perfect' }], unclear: [] });
});
