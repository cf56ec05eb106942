import { expect, test } from 'vitest';
import type { NewEvent, TaskSpec } from '../journal/index.ts';
import { admit, closed, nextWake } from './schedule.ts';
import { aSpec, attemptEvents, DAY, endEvents, preparedEvents, questionEvent, stateOf } from './testing.ts';

const NOW = Date.parse(`${DAY}T12:00:00Z`);

function admission(
  specs: TaskSpec[],
  events: NewEvent[] = [],
  driven: string[] = [],
  ahead: string[] = [],
  concurrency = 2,
) {
  const state = stateOf(specs, events, concurrency);
  return admit(state, state.days[DAY]!, { driven: new Set(driven), ahead: new Set(ahead), room: 99 }, NOW, () => ({}));
}

const done = (task: string): NewEvent => ({ type: 'task.done', task, data: { reasons: [] } });

test('slots are filled in the order of priority, then of the file; one more is prepared ahead', () => {
  const specs = [aSpec('a', { priority: 'low' }), aSpec('b'), aSpec('c', { priority: 'urgent' })];
  expect(admission(specs)).toMatchObject({ go: ['c', 'b'], ahead: ['a'] });
});

test('a task waits until what it needs is done', () => {
  const specs = [aSpec('a', { needs: ['b'] }), aSpec('b')];
  expect(admission(specs).go).toEqual(['b']);
  expect(admission(specs, [done('b')]).go).toEqual(['a']);
});

test('a task whose need failed is dropped with the reason', () => {
  const specs = [aSpec('a', { needs: ['b'] }), aSpec('b')];
  const failed: NewEvent = { type: 'task.failed', task: 'b', data: { reason: 'x' } };
  expect(admission(specs, [failed])).toMatchObject({ go: [], drop: [{ task: 'a', reason: 'dependency failed: b' }] });
});

test('a task that was paused before it began still waits for what it needs, and is dropped when that fails', () => {
  const specs = [aSpec('a', { needs: ['b'] }), aSpec('b')];
  const resumed: NewEvent[] = [
    { type: 'task.parked', task: 'a', data: { reason: 'paused' } },
    { type: 'task.unparked', task: 'a', data: { why: 'x' } },
  ];
  expect(admission(specs, resumed).go).toEqual(['b']);
  expect(admission(specs, [...resumed, done('b')]).go).toEqual(['a']);
  const failed: NewEvent = { type: 'task.failed', task: 'b', data: { reason: 'x' } };
  expect(admission(specs, [...resumed, failed]).drop).toHaveLength(1);
  expect(admission(specs, [{ type: 'task.preparing', task: 'a', data: {} }, failed]).drop).toHaveLength(1);
  expect(admission(specs, [{ type: 'task.preparing', task: 'a', data: {} }, failed], ['a']).drop).toEqual([]);
});

test('what was interrupted comes before what was parked, and that before new work', () => {
  const parked: NewEvent[] = [
    ...preparedEvents('b'),
    ...attemptEvents('b', 1),
    questionEvent('q1', 'b', 't'),
    ...endEvents('b', 1, 'deferred', { toolUseId: 't' }),
    { type: 'task.parked', task: 'b', data: { reason: 'question', item: 'q1' } },
    { type: 'item.answered', task: 'b', data: { id: 'q1', answers: ['A'] } },
  ];
  const lost = [...preparedEvents('c'), ...attemptEvents('c', 1)];
  expect(admission([aSpec('a'), aSpec('b'), aSpec('c')], [...parked, ...lost]).go).toEqual(['c', 'b']);
});

test('driven tasks hold their slots, and nothing is started twice', () => {
  expect(admission([aSpec('a'), aSpec('b'), aSpec('c')], [], ['a', 'b'])).toMatchObject({ go: [], ahead: ['c'] });
  expect(admission([aSpec('a'), aSpec('b')], [], ['a'], ['b'])).toMatchObject({ go: [], ahead: [] });
});

test('an agent that was let go holds no slot while its process ends; one that is sent back does', () => {
  const judged = (decision: 'proceed' | 'escalate' | 'retry'): NewEvent[] => [
    ...preparedEvents('a'),
    ...attemptEvents('a', 1),
    { type: 'task.checking', task: 'a', attempt: 1, data: { round: 1 } },
    { type: 'review.decided', task: 'a', attempt: 1, data: { round: 1, decision, reasons: [], tree: 'tree' } },
  ];
  const started = (events: NewEvent[]) => admission([aSpec('a'), aSpec('b')], events, ['a'], [], 1).go;
  expect(started(judged('proceed'))).toEqual(['b']);
  expect(started(judged('escalate'))).toEqual(['b']);
  expect(started(judged('retry'))).toEqual([]);
  expect(started(judged('proceed').slice(0, -1))).toEqual([]);
  // It is looked at once more.
  const again: NewEvent = { type: 'task.checking', task: 'a', attempt: 1, data: { round: 2 } };
  expect(started([...judged('proceed'), again])).toEqual([]);
});

test('a paused day starts nothing', () => {
  expect(admission([aSpec('a')], [{ type: 'day.paused', data: { reason: 'x' } }]).go).toEqual([]);
});

test('from 95 % of the budget on no new task starts, what began goes on', () => {
  const spent: NewEvent[] = [
    { type: 'model.reserved', task: 'b', data: { call: 'c', model: 'm', usd: 48 } },
    ...preparedEvents('b'),
    ...attemptEvents('b', 1),
  ];
  expect(admission([aSpec('a'), aSpec('b')], spent)).toMatchObject({ go: ['b'], ahead: [] });
});

test('while the usage limit holds or the login is broken, nothing starts', () => {
  const limit: NewEvent = {
    type: 'task.parked',
    task: 'a',
    data: { reason: 'usage_limit', until: `${DAY}T13:00:00Z` },
  };
  expect(admission([aSpec('a'), aSpec('b')], [limit]).go).toEqual([]);
  const login: NewEvent = {
    type: 'item.opened',
    task: 'a',
    data: { id: 'q1', kind: 'login', questions: [], source: 'daemon', silence: { kind: 'wait' } },
  };
  const state = stateOf([aSpec('a')], [login]);
  expect(closed(state, state.days[DAY]!, NOW)).toContain('q1');
});

test('the next look is at the earliest time that something waits for', () => {
  const limit: NewEvent = {
    type: 'task.parked',
    task: 'a',
    data: { reason: 'usage_limit', until: `${DAY}T13:00:00Z` },
  };
  const state = stateOf([aSpec('a'), aSpec('b')], [limit]);
  expect(nextWake(state, state.days[DAY]!, NOW)).toBe(Date.parse(`${DAY}T13:00:00Z`));
  expect(nextWake(stateOf([aSpec('a')]), stateOf([aSpec('a')]).days[DAY]!, NOW)).toBeUndefined();
});
