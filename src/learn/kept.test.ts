import { expect, test } from 'vitest';
import { taskSpec } from '../journal/testing.ts';
import type { State, TaskState } from '../journal/index.ts';
import { keptOf } from './kept.ts';
import { wellRated } from './past.ts';

const of = (standing: number, committed = standing, added = 10) => keptOf({ added, standing, committed });

test('survival says something only of committed work of some lines, and only at its ends', () => {
  expect(of(10)).toBe('stands');
  expect(of(9)).toBe('stands');
  expect(of(8)).toBeUndefined();
  expect(of(4)).toBe('rewritten');
  expect(of(0, 0)).toBeUndefined();
  expect(of(10, 0)).toBeUndefined();
  expect(of(4, 4, 4)).toBeUndefined();
  expect(keptOf(undefined)).toBeUndefined();
});

test('work that people committed as it was is well done, also without stars; what they wrote anew is not, whatever its stars', () => {
  const task = (id: string, standing: number): TaskState =>
    ({
      ...{ spec: taskSpec(id, { project: 'app' }), files: { 'a.ts': 'read' } },
      survival: { tree: 't', added: 10, standing, committed: standing, where: 'checkout', at: '' },
    }) as never;
  const day = '2026-11-23';
  const state = {
    days: { [day]: { date: day, tasks: { kept: task('kept', 10), half: task('half', 6), anew: task('anew', 2) } } },
    feedback: { [day]: { tasks: { anew: { rating: 5 } } } },
  } as unknown as State;
  expect(wellRated(state, 'app').map(({ key }) => key)).toEqual([`${day}/kept`]);
});
