import { expect, test } from 'vitest';
import { didYouMean, nearest, orList } from './nearest.ts';

test.each([
  ['modle', 'module'],
  ['maxCostUsd', 'max_cost_usd'],
  ['needsonly', undefined],
  ['nedes', 'needs'],
  ['MODULE', 'module'],
  ['context-files', 'context_files'],
  ['dependson', undefined],
  ['x'.repeat(100), undefined],
])('%s is near %s', (word, expected) => {
  expect(nearest(word, ['module', 'max_cost_usd', 'context_files', 'needs'])).toBe(expected);
});

test('without candidates there is nothing to propose', () => {
  expect(didYouMean('a', [])).toBe('');
});

test('lists read as people write them', () => {
  expect(orList(['a'])).toBe('a');
  expect(orList(['a', 'b', 'c'])).toBe('a, b or c');
});
