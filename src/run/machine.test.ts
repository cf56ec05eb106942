import { expect, test } from 'vitest';
import type { NewEvent, TaskSpec } from '../journal/index.ts';
import { nextStep } from './machine.ts';
import { aSpec, attemptEvents, DAY, endEvents, preparedEvents, questionEvent, stateOf } from './testing.ts';

const NOW = Date.parse(`${DAY}T12:00:00Z`);

function stepAfter(events: NewEvent[], spec: Partial<TaskSpec> = {}, now = NOW) {
  const state = stateOf([aSpec('a', spec)], events);
  return nextStep(state.days[DAY]!.tasks.a!, { day: DAY, items: state.items, now });
}

const begun = [...preparedEvents('a'), ...attemptEvents('a', 1)];
const answered = (id: string, answers = ['B']): NewEvent => ({
  type: 'item.answered',
  task: 'a',
  data: { id, answers },
});
const verdict = (decision: 'proceed' | 'retry' | 'escalate', tree = 't1', round = 1): NewEvent[] => [
  { type: 'task.checking', task: 'a', attempt: 1, data: { round } },
  { type: 'review.decided', task: 'a', attempt: 1, data: { round, decision, reasons: ['r'], tree } },
];

test('a queued task is prepared, a prepared one is started', () => {
  expect(stepAfter([])).toEqual({ do: 'prepare' });
  expect(stepAfter(preparedEvents('a'))).toMatchObject({ do: 'launch', mode: 'start', why: 'first' });
});

test('a task that was being prepared when the daemon died is prepared again', () => {
  expect(stepAfter([{ type: 'task.preparing', task: 'a', data: {} }])).toEqual({ do: 'prepare' });
});

test('an attempt that nobody drives is buried before anything else happens', () => {
  expect(stepAfter(begun)).toEqual({ do: 'bury' });
  expect(stepAfter(begun.slice(0, -1))).toEqual({ do: 'bury' });
});

test('a lost attempt goes on in its session with a prompt', () => {
  expect(stepAfter([...begun, ...endEvents('a', 1, 'lost')])).toMatchObject({
    do: 'launch',
    mode: 'prompt',
    why: 'interrupted',
  });
});

test('a task during which Dayshift ends again and again fails; a retry begins to count anew', () => {
  const lost = (n: number) => [...attemptEvents('a', n), ...endEvents('a', n, 'lost')];
  const times = (n: number) => [...preparedEvents('a'), ...Array.from({ length: n }, (_, at) => lost(at + 1)).flat()];
  expect(stepAfter(times(7))).toMatchObject({ do: 'launch', why: 'interrupted' });
  expect(stepAfter(times(8))).toEqual({ do: 'fail', reason: expect.stringContaining('8 times in a row') as unknown });
  const ended = [...times(7), ...attemptEvents('a', 8), ...endEvents('a', 8, 'parked'), ...lost(9)];
  expect(stepAfter(ended)).toMatchObject({ do: 'launch', why: 'interrupted' });
  const failed: NewEvent[] = [{ type: 'task.failed', task: 'a', data: { reason: 'r' } }];
  const retried: NewEvent[] = [{ type: 'task.retried', task: 'a', data: {} }];
  expect(stepAfter([...times(8), ...failed, ...retried, ...lost(9)])).toMatchObject({ do: 'launch' });
});

test('a deferred question parks the task, and its answer resumes the very call', () => {
  const asked = [
    ...begun,
    questionEvent('q1', 'a', 'tool-1'),
    ...endEvents('a', 1, 'deferred', { toolUseId: 'tool-1' }),
  ];
  expect(stepAfter(asked)).toEqual({ do: 'park', item: 'q1' });
  const parked: NewEvent[] = [...asked, { type: 'task.parked', task: 'a', data: { reason: 'question', item: 'q1' } }];
  expect(stepAfter(parked)).toBeUndefined();
  expect(stepAfter([...parked, answered('q1')])).toEqual({
    do: 'launch',
    mode: 'resume',
    why: 'answer',
    items: ['q1'],
  });
});

test('a deferred question that was withdrawn is not asked again: the agent goes on by a prompt', () => {
  const step = stepAfter([
    ...begun,
    questionEvent('q1', 'a', 'tool-1'),
    ...endEvents('a', 1, 'deferred', { toolUseId: 'tool-1' }),
    { type: 'task.parked', task: 'a', data: { reason: 'question', item: 'q1' } },
    { type: 'item.withdrawn', task: 'a', data: { id: 'q1', why: 'no longer needed' } },
  ]);
  expect(step).toMatchObject({ do: 'launch', mode: 'prompt', items: [] });
});

test('an answer that came between the defer and the park is not lost', () => {
  const events = [
    ...begun,
    questionEvent('q1', 'a', 'tool-1'),
    answered('q1'),
    ...endEvents('a', 1, 'deferred', { toolUseId: 'tool-1' }),
  ];
  expect(stepAfter(events)).toMatchObject({ do: 'launch', mode: 'resume', items: ['q1'] });
});

test('a resume that finds no deferred call gives the answer by prompt; one that finds no session starts anew', () => {
  const resumed = [
    ...begun,
    questionEvent('q1', 'a', 'tool-1'),
    ...endEvents('a', 1, 'deferred', { toolUseId: 'tool-1' }),
    answered('q1'),
    ...attemptEvents('a', 2, 'resume'),
    ...endEvents('a', 2, 'failed', { resumeImpossible: true }),
  ];
  expect(stepAfter(resumed)).toMatchObject({ do: 'launch', mode: 'prompt', items: ['q1'] });
  const again = [
    ...resumed,
    ...attemptEvents('a', 3, 'prompt'),
    ...endEvents('a', 3, 'failed', { resumeImpossible: true }),
  ];
  expect(stepAfter(again)).toMatchObject({ do: 'launch', mode: 'start', items: ['q1'] });
});

test('a question whose hook was held when the daemon died parks, and its answer goes in as a prompt', () => {
  const events: NewEvent[] = [...begun, questionEvent('q1', 'a', 'tool-1'), ...endEvents('a', 1, 'lost')];
  expect(stepAfter(events)).toEqual({ do: 'park', item: 'q1' });
  const parked: NewEvent[] = [
    ...events,
    { type: 'task.parked', task: 'a', data: { reason: 'question', item: 'q1' } },
    answered('q1'),
  ];
  expect(stepAfter(parked)).toMatchObject({ do: 'launch', mode: 'prompt', why: 'answer', items: ['q1'] });
});

test('finished work is checked, and done only where the verdict is for the very tree that is there', () => {
  const ended = endEvents('a', 1, 'finished');
  expect(stepAfter([...begun, ...ended])).toEqual({ do: 'check' });
  expect(stepAfter([...begun, ...verdict('proceed'), ...ended])).toEqual({ do: 'finish', tree: 't1' });
  expect(stepAfter([...begun, ...verdict('proceed', 'another'), ...ended])).toEqual({ do: 'check' });
});

test('a check that was cut off by a kill is run again', () => {
  const [checking] = verdict('proceed');
  expect(stepAfter([...begun, checking!, ...endEvents('a', 1, 'lost')])).toEqual({ do: 'check' });
});

test('failed checks outside an attempt send the agent back once, and are looked at again after it', () => {
  const sentBack = [...begun, ...endEvents('a', 1, 'finished'), ...verdict('retry')];
  expect(stepAfter(sentBack)).toMatchObject({ do: 'launch', mode: 'prompt', why: 'checks' });
  const second = [...sentBack, ...attemptEvents('a', 2, 'prompt'), ...endEvents('a', 2, 'finished')];
  expect(stepAfter(second)).toEqual({ do: 'check' });
});

test('a verdict that gives up fails the task with its reasons', () => {
  expect(stepAfter([...begun, ...verdict('escalate'), ...endEvents('a', 1, 'finished')])).toEqual({
    do: 'fail',
    reason: 'r',
    ask: true,
  });
});

test('a hung or crashed agent is tried again as often as the task allows', () => {
  const once = [...begun, ...endEvents('a', 1, 'hung')];
  expect(stepAfter(once, { retries: 1 })).toMatchObject({ do: 'launch', why: 'hung' });
  const twice = [...once, ...attemptEvents('a', 2, 'prompt'), ...endEvents('a', 2, 'failed')];
  expect(stepAfter(twice, { retries: 1 })).toMatchObject({ do: 'fail' });
});

test('an agent that fell or hung while its question waits is parked on it: no try is spent without the answer', () => {
  for (const end of ['failed', 'hung'] as const) {
    const events = [...preparedEvents('a'), ...attemptEvents('a', 1), questionEvent('q1', 'a', 't')];
    expect(stepAfter([...events, ...endEvents('a', 1, end)])).toEqual({ do: 'park', item: 'q1' });
  }
});

test('a used-up time or number of turns fails at once', () => {
  expect(stepAfter([...begun, ...endEvents('a', 1, 'timeout')])).toMatchObject({ do: 'fail' });
  expect(stepAfter([...begun, ...endEvents('a', 1, 'max_turns')])).toMatchObject({ do: 'fail' });
});

test('a usage limit holds until the named time, then the task goes on by itself', () => {
  const until = `${DAY}T12:30:00Z`;
  const events: NewEvent[] = [
    ...begun,
    ...endEvents('a', 1, 'parked'),
    { type: 'task.parked', task: 'a', data: { reason: 'usage_limit', until } },
  ];
  expect(stepAfter(events)).toBeUndefined();
  expect(stepAfter(events, {}, Date.parse(until))).toMatchObject({ do: 'launch', mode: 'prompt', why: 'waited' });
});

test('a paused task waits for a person; one parked by the end of the daemon goes on with the next', () => {
  const parked = (reason: 'paused' | 'shutdown'): NewEvent[] => [
    ...begun,
    ...endEvents('a', 1, 'parked'),
    { type: 'task.parked', task: 'a', data: { reason } },
  ];
  expect(stepAfter(parked('paused'))).toBeUndefined();
  expect(stepAfter([...parked('paused'), { type: 'task.unparked', task: 'a', data: { why: '' } }])).toMatchObject({
    do: 'launch',
  });
  expect(stepAfter(parked('shutdown'))).toMatchObject({ do: 'launch', why: 'interrupted' });
});

test.each(['shutdown', 'paused', 'usage_limit'] as const)(
  'an agent that was ended (%s) while its question was held waits for the answer: it does not ask again',
  (reason) => {
    const events: NewEvent[] = [
      ...begun,
      questionEvent('q1', 'a', 'tool-1'),
      ...endEvents('a', 1, 'parked'),
      { type: 'task.parked', task: 'a', data: { reason } },
      { type: 'task.unparked', task: 'a', data: { why: '' } },
    ];
    expect(stepAfter(events)).toEqual({ do: 'park', item: 'q1' });
    const parked: NewEvent = { type: 'task.parked', task: 'a', data: { reason: 'question', item: 'q1' } };
    expect(stepAfter([...events, parked, answered('q1')])).toMatchObject({
      do: 'launch',
      mode: 'prompt',
      items: ['q1'],
    });
  },
);

test('an agent that stops while its question file waits is parked on it', () => {
  const file = questionEvent('q1', 'a', 'none');
  expect(stepAfter([...begun, file, ...endEvents('a', 1, 'finished')])).toEqual({ do: 'park', item: 'q1' });
});

test('a retried task goes on in its session, and what ended has no next step', () => {
  const failed: NewEvent[] = [
    ...begun,
    ...endEvents('a', 1, 'timeout'),
    { type: 'task.failed', task: 'a', data: { reason: '' } },
  ];
  expect(stepAfter(failed)).toBeUndefined();
  expect(stepAfter([...failed, { type: 'task.retried', task: 'a', data: { hint: 'h' } }])).toMatchObject({
    do: 'launch',
    mode: 'prompt',
    why: 'again',
  });
});

test('a retry after its workspace was cleaned prepares anew and starts a new session', () => {
  const cleaned: NewEvent[] = [
    ...begun,
    ...endEvents('a', 1, 'timeout'),
    { type: 'task.failed', task: 'a', data: { reason: '' } },
    { type: 'workspace.cleaned', task: 'a', data: { bytes: 1, forced: true } },
    { type: 'task.retried', task: 'a', data: {} },
  ];
  expect(stepAfter(cleaned)).toEqual({ do: 'prepare' });
  expect(stepAfter([...cleaned, ...preparedEvents('a')])).toMatchObject({ do: 'launch', mode: 'start' });
});
