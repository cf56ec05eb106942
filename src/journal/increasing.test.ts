import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestIncreasing } from './increasing.ts';

test.each([
  [[], []],
  [
    [1, 2, 3],
    [1, 2, 3],
  ],
  [
    [1, 2, 7, 3, 4, 8],
    [1, 2, 3, 4, 8],
  ],
  [
    [1, 2, 2, 3],
    [1, 2, 3],
  ],
  [[3, 2, 1], [1]],
])('of %j the run %j is kept', (numbers, expected) => {
  expect(longestIncreasing(numbers).map((place) => numbers[place])).toEqual(expected);
});

test('the run is in order and as long as any', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }), (numbers) => {
      const places = longestIncreasing(numbers);
      for (let i = 1; i < places.length; i += 1) {
        expect(places[i]!).toBeGreaterThan(places[i - 1]!);
        expect(numbers[places[i]!]!).toBeGreaterThan(numbers[places[i - 1]!]!);
      }
      const longest = numbers
        .map((_, end) => end)
        .reduce<number[]>((best, end) => {
          best.push(1 + Math.max(0, ...best.filter((_, i) => numbers[i]! < numbers[end]!)));
          return best;
        }, []);
      expect(places.length).toBe(Math.max(0, ...longest));
    }),
  );
});
