import { expect, test } from 'vitest';
import type { TaskState } from '../journal/index.ts';
import { neededWork, whyNotReady } from './apply.ts';

/** As much of a task as is looked at. */
const aTask = (files: number, spec: object = {}) =>
  ({ status: 'done', spec: { project: 'p', needs: [], ...spec }, work: { stat: { files } } }) as unknown as TaskState;

test('a task that goes on with an earlier day’s needs that work too, its own last of all', () => {
  const startsFrom = [
    { day: '2026-11-20', task: 'base' },
    { day: '2026-11-20', task: 'a' },
    { day: '2026-11-21', task: 'a' },
  ];
  const state = aTask(1, { needs: ['b'], startsFrom });
  const days = {
    '2026-11-20': { tasks: { base: aTask(1), a: aTask(2) } },
    '2026-11-21': { tasks: { a: aTask(0) } },
    '2026-11-23': { tasks: { a: state, b: aTask(1), c: aTask(1) } },
  };
  const ctx = { journal: { state: { days } } } as unknown as Parameters<typeof neededWork>[0];
  const found = { day: '2026-11-23', task: 'a', state };
  expect(neededWork(ctx, found).map(({ day, task }) => `${day}/${task}`)).toEqual([
    '2026-11-23/b',
    '2026-11-20/base',
    '2026-11-20/a',
  ]);
});

test('one that added nothing to an earlier day’s work says where that is', () => {
  const state = aTask(0, { startsFrom: [{ day: '2026-11-20', task: 'a' }] });
  expect(whyNotReady({ day: '2026-11-23', task: 'a', state }, false, 'apply')).toBe(
    'a changed nothing: there is nothing to apply. What was done for it before is the work of 2026-11-20/a.',
  );
});
