import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventData, NewEvent } from './events.ts';
import { emptyState, fold } from './fold.ts';
import { costOf, dayCostOf, type State } from './state.ts';
import { DAY, anyEvent, planned, taskSpec } from './testing.ts';

/** Folds new events as the journal would number them, a second apart. */
function folded(events: NewEvent[], state: State = emptyState()): State {
  for (const event of events) {
    const seq = state.seq + 1;
    const at = new Date(Date.parse('2026-11-23T08:00:00Z') + seq * 1000).toISOString();
    fold(state, { v: 1, seq, at, actor: { kind: 'daemon' }, ...event });
  }
  return state;
}

const of = { day: DAY, task: 'a' };
const plan = planned([taskSpec('a', { maxCostUsd: 2 }), taskSpec('b')]);
const taskA = (state: State) => state.days[DAY]!.tasks.a!;
const tokens = { input: 1, output: 2, cacheWrite5m: 3, cacheWrite1h: 4, cacheRead: 5 };
const reserved = (call: string, usd: number): NewEvent => ({
  ...of,
  type: 'model.reserved',
  data: { call, model: 'm', usd },
});
const settled = (call: string, usd: number, basis: EventData<'model.settled'>['basis'] = 'exact'): NewEvent => ({
  ...of,
  type: 'model.settled',
  data: { call, model: 'm', tokens, usd, basis, ms: 1 },
});
const intended: NewEvent = {
  ...of,
  attempt: 1,
  type: 'attempt.intended',
  data: { sessionId: 's', mode: 'start', why: 'new' },
};
const ended = (end: EventData<'attempt.ended'>['end'], more: Partial<EventData<'attempt.ended'>> = {}): NewEvent => ({
  ...of,
  type: 'attempt.ended',
  data: { end, exitCode: null, workedMs: 1000, ...more },
});
const opened = (id: string): NewEvent => ({
  ...of,
  attempt: 1,
  type: 'item.opened',
  data: { id, kind: 'question', questions: [], source: 'tool', silence: { kind: 'wait' } },
});
const answered = (id: string, answer: string): NewEvent => ({
  ...of,
  type: 'item.answered',
  data: { id, answers: [answer] },
});

test('a plan makes queued tasks; a second one keeps what has begun and takes the rest anew', () => {
  const state = folded([
    plan,
    { type: 'day.started', day: DAY, data: {} },
    { ...of, type: 'task.preparing', data: {} },
  ]);
  expect([state.days[DAY]?.status, taskA(state).status, taskA(state).limitUsd]).toEqual(['running', 'preparing', 2]);
  folded([planned([taskSpec('b', { name: 'new b' }), taskSpec('c')], 20)], state);
  const day = state.days[DAY]!;
  // a has begun and stays although the new plan leaves it out.
  expect(Object.values(day.tasks).map((task) => [task.spec.id, task.spec.name, task.status])).toEqual([
    ['b', 'new b', 'queued'],
    ['c', 'Task c', 'queued'],
    ['a', 'Task a', 'preparing'],
  ]);
  expect([day.status, day.limitUsd, day.startedAt]).toEqual(['running', 20, '2026-11-23T08:00:02.000Z']);
});

test('a plan that only says otherwise what is over leaves the day over', () => {
  const over: NewEvent[] = [
    plan,
    { type: 'day.started', day: DAY, data: {} },
    { ...of, type: 'task.done', data: { reasons: [] } },
    { ...of, task: 'b', type: 'task.done', data: { reasons: [] } },
    { type: 'day.reported', day: DAY, data: { path: 'r' } },
  ];
  expect(folded([...over, planned([taskSpec('a', { name: 'new a' })])]).days[DAY]?.status).toBe('reported');
  expect(folded([...over, planned([taskSpec('a'), taskSpec('c')])]).days[DAY]?.status).toBe('planned');
});

test('a model call costs its reservation until it is settled, then what it cost, once', () => {
  const state = folded([plan, reserved('c1', 0.5), reserved('c2', 0.25)]);
  expect(costOf(taskA(state))).toBe(0.75);
  folded([settled('c1', 0.125), settled('c1', 0.125), settled('never reserved', 9)], state);
  expect([costOf(taskA(state)), taskA(state).calls]).toEqual([0.375, 1]);
  folded([settled('c2', 0.25, 'estimate')], state);
  expect(taskA(state)).toMatchObject({ spentUsd: 0.375, estimatedUsd: 0.25, reserved: {}, calls: 2 });
  expect(taskA(state).tokens).toEqual({ input: 2, output: 4, cacheWrite5m: 6, cacheWrite1h: 8, cacheRead: 10 });
  folded([reserved('c3', 1), settled('c3', 0, 'none')], state);
  expect([taskA(state).calls, dayCostOf(state.days[DAY]!)]).toEqual([2, 0.375]);
  // The month and the project are charged as often as the task is, and so is what forecasts learn from.
  for (const ledger of Object.values(state.ledgers)) expect(ledger).toMatchObject({ spentUsd: 0.375, reserved: {} });
  expect(Object.keys(state.ledgers)).toHaveLength(2);
  folded([intended, reserved('c4', 1), { ...of, type: 'task.done', data: { reasons: [] } }], state);
  folded([settled('c4', 0.125), settled('c4', 0.125)], state);
  expect(Object.values(state.ledgers).map(({ spentUsd }) => spentUsd)).toEqual([0.5, 0.5]);
  expect(state.history).toMatchObject([{ task: 'a', usd: 0.5 }]);
});

test('the first answer to an item counts; a withdrawn or delivered one takes none', () => {
  const state = folded([plan, opened('q7'), answered('q7', 'first'), answered('q7', 'second')]);
  expect(state.items.q7).toMatchObject({
    status: 'answered',
    answers: ['first'],
    answeredAt: '2026-11-23T08:00:03.000Z',
  });
  expect(state.lastItem).toBe(7);
  folded(
    [
      { ...of, type: 'item.delivered', data: { id: 'q7' } },
      { ...of, type: 'item.withdrawn', data: { id: 'q7', why: 'late' } },
    ],
    state,
  );
  expect(state.items.q7?.status).toBe('delivered');
  folded(
    [
      opened('q8'),
      { ...of, type: 'item.delivered', data: { id: 'q8' } },
      { ...of, type: 'item.withdrawn', data: { id: 'q8', why: 'gone' } },
      answered('q8', 'late'),
    ],
    state,
  );
  expect(state.items.q8).toMatchObject({ status: 'withdrawn', withdrawnWhy: 'gone' });
  expect(state.items.q8?.answers).toBeUndefined();
});

test('a parked task is ready when it is unparked, and neither once it works again', () => {
  const parked: NewEvent = { ...of, type: 'task.parked', data: { reason: 'question', item: 'q1' } };
  const state = folded([plan, intended, parked]);
  expect(taskA(state)).toMatchObject({ status: 'parked', parked: { reason: 'question', item: 'q1' } });
  folded([{ ...of, type: 'task.unparked', data: { why: 'answered' } }], state);
  expect(taskA(state).parked?.ready).toBe(true);
  folded([{ ...intended, attempt: 2 }], state);
  expect([taskA(state).status, taskA(state).parked, taskA(state).attempt, taskA(state).open]).toEqual([
    'working',
    undefined,
    2,
    true,
  ]);
});

test('an attempt that fails or hangs uses up a retry, and a resume that is impossible does not', () => {
  const retries = (event: NewEvent) => taskA(folded([plan, intended, event])).retries;
  expect([retries(ended('failed')), retries(ended('hung'))]).toEqual([1, 1]);
  expect([
    retries(ended('failed', { resumeImpossible: true })),
    retries(ended('finished')),
    retries(ended('lost')),
  ]).toEqual([0, 0, 0]);
});

test('a retry by a person queues the task again with its hint, and what it cost stays', () => {
  const state = folded([
    plan,
    intended,
    reserved('c', 1),
    settled('c', 1),
    ended('failed'),
    { ...of, type: 'task.failed', data: { reason: 'broken' } },
    { ...of, type: 'task.retried', data: { hint: 'try the other way' } },
  ]);
  expect(taskA(state)).toMatchObject({
    status: 'queued',
    retries: 0,
    workedMs: 0,
    hint: 'try the other way',
    spentUsd: 1,
    attempt: 1,
  });
  expect(taskA(state).reason).toBeUndefined();
  folded([{ ...of, type: 'attempt.started', data: { pid: 1, startTime: '2', sandbox: 'none' } }], state);
  expect(taskA(state).hint).toBeUndefined();
});

test('messages to the agent wait until they are delivered', () => {
  const sent = (id: string): NewEvent => ({ ...of, type: 'tell.sent', data: { id, text: id } });
  const state = folded([plan, sent('1'), sent('2'), { ...of, type: 'tell.delivered', data: { id: '1' } }]);
  expect(taskA(state).tells).toEqual([{ id: '2', text: '2' }]);
});

test('a paused day says why; a budget that was raised is the limit from then on', () => {
  const state = folded([plan, { type: 'day.paused', day: DAY, data: { reason: 'lunch' } }]);
  expect(state.days[DAY]).toMatchObject({ status: 'paused', pauseReason: 'lunch' });
  folded(
    [
      { type: 'day.resumed', day: DAY, data: {} },
      { type: 'budget.raised', day: DAY, data: { scope: 'day', limitUsd: 99 } },
      { ...of, type: 'budget.raised', data: { scope: 'task', limitUsd: 9 } },
    ],
    state,
  );
  expect([state.days[DAY]?.limitUsd, taskA(state).limitUsd, state.days[DAY]?.pauseReason]).toEqual([99, 9, undefined]);
});

test('an event about what is not there changes only how far the state is', () => {
  const state = folded([plan]);
  const before = structuredClone(state);
  folded(
    [
      { ...of, task: 'nobody', type: 'task.done', data: { reasons: [] } },
      { ...of, day: '2000-01-01', type: 'task.done', data: { reasons: [] } },
      answered('q99', 'x'),
    ],
    state,
  );
  expect(state).toEqual({ ...before, seq: 4, at: '2026-11-23T08:00:04.000Z' });
});

test('whatever happens, the state stays plain JSON and no event is changed', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (news) => {
      const events = JSON.parse(JSON.stringify(news)) as NewEvent[];
      const before = structuredClone(events);
      const state = folded(events);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      expect(events).toEqual(before);
      expect(state.seq).toBe(events.length);
    }),
  );
});
