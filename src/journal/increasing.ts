/**
 * The places of a longest strictly increasing run of the numbers, not necessarily neighbours: what is left
 * when as few as possible are taken away so that the rest is in order. O(n log n).
 */
export function longestIncreasing(numbers: readonly number[]): number[] {
  /** For each length, the place of the smallest number that such a run can end with. */
  const ends: number[] = [];
  const before: number[] = [];
  numbers.forEach((number, place) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? -1 : (ends[low - 1] ?? -1));
    ends[low] = place;
  });
  const run: number[] = [];
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place] ?? -1) run.push(place);
  return run.reverse();
}
