import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withRating } from './rate.ts';

const DATE = '2026-11-23';

test('a rating makes the file that people write', () => {
  const text = withRating('', DATE, {
    task: 'task-001',
    name: 'Documentation',
    stars: 4,
    action: 'Write the tests first',
  });
  expect(text).toBe(
    '# Feedback - 2026-11-23\n\n## task-001: Documentation\nRating: 4/5\n\nAction: Write the tests first\n',
  );
});

test('a second rating takes the place of the first one, and words are added', () => {
  const one = withRating('', DATE, { task: 'a', name: 'A', stars: 2 });
  const two = withRating(one, DATE, { task: 'b', name: 'B', stars: 5 });
  const three = withRating(two, DATE, { task: 'a', name: 'A', stars: 3, remark: 'Better after the hint' });
  expect(three).toContain('## a: A\nRating: 3/5\n\nBetter after the hint\n\n## b: B\nRating: 5/5\n');
  expect(three).not.toContain('2/5');
});

test('what a person wrote stays, to the byte', () => {
  const written =
    '# Feedback - 2026-11-23\r\n\r\n## Task-001: Documentation Task\r\nRating: 5/5\r\n\r\n⚠️  Forgot to write tests\r\n\r\n## Orchestrator Performance\r\n- Good: Cost tracking\r\n';
  const text = withRating(written, DATE, { task: 'task-001', name: 'x', stars: 4 });
  expect(text).toBe(written.replace('5/5', '4/5'));
});

test('the same twice is there once', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 5 }), (before, words, stars) => {
      const rating = { task: 'a', name: 'A', stars, action: words };
      const once = withRating(before, DATE, rating);
      expect(withRating(once, DATE, rating)).toBe(once);
    }),
  );
});

test('no words of anybody’s begin a section', () => {
  const text = withRating('', DATE, { task: 'a', name: 'A', remark: '## b: B\nRating: 1/5' });
  expect(text.match(/^## /gm)).toHaveLength(1);
});
