import { expect, test } from 'vitest';
import { emptyState, fold, type NewEvent, type Plan, type State, type TaskSpec } from '../journal/index.ts';
import { DAY, taskSpec } from '../journal/testing.ts';
import { nextOfBacklog } from './backlog.ts';
import { changesText, planChanges } from './changes.ts';
import { composeDay, type DayInput } from './compose.ts';
import { everyOf } from './when.ts';

const NEXT = '2026-11-24';

function planOf(date: string, tasks: TaskSpec[], more: Partial<Plan> = {}): Plan {
  const { file = `tasks/${date}.yaml`, timezone = 'UTC', concurrency = 3, maxCostUsd = 10, alertPercent = 75 } = more;
  return { date, file, timezone, concurrency, maxCostUsd, alertPercent, tasks };
}

function stateOf(...events: NewEvent[]): State {
  const state = emptyState();
  for (const [index, event] of events.entries()) {
    fold(state, { v: 1, seq: index + 1, at: `${DAY}T08:00:00.000Z`, actor: { kind: 'daemon' }, ...event });
  }
  return state;
}

const planned = (plan: Plan): NewEvent => ({
  type: 'day.planned',
  day: plan.date,
  data: { plan, payer: '', warnings: [] },
});
const started = (day: string): NewEvent => ({ type: 'day.started', day, data: {} });
const paused = (day: string): NewEvent => ({ type: 'day.paused', day, data: { reason: 'x' } });
const on = (day: string, task: string, event: Omit<NewEvent, 'day' | 'task'>) => ({ ...event, day, task }) as NewEvent;
const done = { type: 'task.done' as const, data: { reasons: [] } };
const prepared = (task: string) =>
  on(DAY, task, { type: 'task.prepared', data: { checkout: '/c', base: 'b', kind: 'worktree', ms: 1 } });

function compose(state: State, more: Partial<DayInput> = {}) {
  const { plan, carried, notes } = composeDay({
    ...{ date: NEXT, file: planOf(NEXT, [taskSpec('own')]), empty: planOf(NEXT, []), recurring: [], state },
    ...{ carry: 'along' },
    ...more,
  });
  const tasks = plan?.tasks.map(({ id, origin }) => (origin === undefined ? id : `${id} ${origin.kind}`));
  return { plan, tasks, carried: carried.map(({ day, task }) => `${day}/${task}`), notes };
}

const everyDay = everyOf('day')!;

test('a day is its file’s tasks, the recurring ones that are due, and what is left of a day that is paused', () => {
  const state = stateOf(
    planned(planOf(DAY, [taskSpec('a'), taskSpec('b')])),
    started(DAY),
    on(DAY, 'a', done),
    paused(DAY),
  );
  const recurring = [
    { spec: taskSpec('r'), when: everyDay },
    { spec: taskSpec('never'), when: everyOf('sunday')! },
    { spec: taskSpec('OWN'), when: everyDay },
  ];
  const { tasks, carried, notes } = compose(state, { recurring });
  expect(tasks).toEqual(['b carried', 'own', 'r recurring']);
  expect(carried).toEqual([`${DAY}/b`]);
  expect(notes).toEqual([
    'OWN is the task file’s own today: the recurring one is left out',
    `b is carried over from ${DAY}`,
  ]);
});

test('what goes on by itself, or waits for an answer, stays in its day', () => {
  const specs = ['works', 'waits', 'queued'].map((id) => taskSpec(id));
  const running = stateOf(
    planned(planOf(DAY, specs)),
    started(DAY),
    on(DAY, 'works', { type: 'attempt.intended', data: { sessionId: 's', mode: 'start', why: 'first' } }),
    on(DAY, 'waits', { type: 'task.parked', data: { reason: 'question', item: 'q1' } }),
  );
  expect(compose(running).carried).toEqual([]);
  fold(running, { v: 1, seq: 9, at: '', actor: { kind: 'daemon' }, ...paused(DAY) });
  // A paused day's question keeps its task: the answer must find it.
  expect(compose(running).carried).toEqual([`${DAY}/works`, `${DAY}/queued`]);
});

test('a task whose day’s money is used up is carried, with all that lies behind its work', () => {
  const specs = [taskSpec('a'), taskSpec('b', { needs: ['a'] })];
  const state = stateOf(
    planned(planOf(DAY, specs)),
    started(DAY),
    prepared('a'),
    on(DAY, 'a', done),
    prepared('b'),
    on(DAY, 'b', { type: 'task.parked', data: { reason: 'budget', item: 'q1' } }),
  );
  const { plan, carried } = compose(state, { file: undefined, carry: 'always' });
  expect(carried).toEqual([`${DAY}/b`]);
  expect(plan?.tasks).toMatchObject([
    {
      ...{ id: 'b', needs: [], origin: { kind: 'carried', day: DAY, task: 'b' } },
      startsFrom: [
        { day: DAY, task: 'a' },
        { day: DAY, task: 'b' },
      ],
    },
  ]);
});

test('a task of the file with the name of one that is left goes on with its work, and is the file’s own', () => {
  const state = stateOf(planned(planOf(DAY, [taskSpec('own')])), started(DAY), prepared('own'), paused(DAY));
  const { plan, tasks, carried } = compose(state);
  expect([tasks, carried]).toEqual([['own'], [`${DAY}/own`]]);
  expect(plan?.tasks[0]?.startsFrom).toEqual([{ day: DAY, task: 'own' }]);
});

test('a crash after the old tasks were ended and before the new day was planned loses nothing', () => {
  const state = stateOf(
    planned(planOf(DAY, [taskSpec('a'), taskSpec('b')])),
    started(DAY),
    paused(DAY),
    on(DAY, 'a', { type: 'task.stopped', data: { reason: `carried over to ${NEXT}` } }),
    on(DAY, 'b', { type: 'task.stopped', data: { reason: 'a person stopped it' } }),
  );
  expect(compose(state).tasks).toEqual(['a carried', 'own']);
});

test('once a day is known its carried tasks stay, and nothing more is carried into it', () => {
  const first = planOf(NEXT, [
    taskSpec('own'),
    taskSpec('old', { origin: { kind: 'carried', day: DAY, task: 'old' } }),
  ]);
  const state = stateOf(planned(planOf(DAY, [taskSpec('left')])), paused(DAY), planned(first), started(NEXT));
  expect(compose(state, { file: planOf(NEXT, [taskSpec('own'), taskSpec('new')]) })).toMatchObject({
    tasks: ['own', 'new', 'old carried'],
    carried: [],
  });
});

test('without a file nothing is carried unless that was asked for, and a day with nothing to do has no plan', () => {
  const state = stateOf(planned(planOf(DAY, [taskSpec('a')])), paused(DAY));
  expect(compose(state, { file: undefined }).plan).toBeUndefined();
  expect(compose(state, { file: undefined, carry: 'always' }).tasks).toEqual(['a carried']);
  expect(compose(state, { carry: 'never' }).tasks).toEqual(['own']);
  expect(compose(state, { file: undefined, evenEmpty: true }).tasks).toEqual([]);
  expect(compose(state, { file: undefined, recurring: [{ spec: taskSpec('r'), when: everyDay }] }).tasks).toEqual([
    'a carried',
    'r recurring',
  ]);
});

test('what is too long ago is not carried', () => {
  const state = stateOf(planned(planOf('2026-11-01', [taskSpec('a')])), paused('2026-11-01'));
  expect(compose(state).carried).toEqual([]);
});

test('changes of a running day’s file: new ones come, those that have not begun go, those that have are left alone', () => {
  const state = stateOf(
    planned(
      planOf(
        DAY,
        ['runs', 'goes', 'changes', 'stays', 'over', 'ready', 'moved', 'unready'].map((id) => taskSpec(id)),
      ),
    ),
    started(DAY),
    ...['runs', 'ready', 'moved', 'unready'].map((id) => on(DAY, id, { type: 'task.preparing', data: {} })),
    on(DAY, 'runs', {
      type: 'attempt.intended',
      data: { sessionId: 's', mode: 'start', why: 'first' },
    }),
    on(DAY, 'over', done),
  );
  const now = planOf(
    DAY,
    [
      ...['runs', 'changes', 'ready'].map((id) => taskSpec(id, { name: 'x' })),
      // Its checkout is made already, and would be another.
      taskSpec('moved', { setup: ['npm ci'] }),
      taskSpec('stays'),
      taskSpec('new'),
    ],
    {
      maxCostUsd: 20,
    },
  );
  expect(changesText(planChanges(state.days[DAY]!, now))).toBe(
    'added: new; removed: goes, unready; changed: changes, ready; the day’s budget is $20; begun already, so that its changes are ignored: runs, moved',
  );
  fold(state, { v: 1, seq: 99, at: '', actor: { kind: 'daemon' }, ...planned(now) });
  const { tasks } = state.days[DAY]!;
  expect(Object.keys(tasks)).toEqual(['runs', 'changes', 'ready', 'moved', 'stays', 'new', 'over', 'unready']);
  expect(['runs', 'changes', 'ready'].map((id) => tasks[id]!.spec.name)).toEqual(['Task runs', 'x', 'x']);
});

test('a list of recurring tasks that is broken takes none away from a day that has them', () => {
  const recurring = taskSpec('r', { origin: { kind: 'recurring' } });
  const state = stateOf(planned(planOf(NEXT, [taskSpec('own'), recurring])), started(NEXT));
  expect(compose(state, { recurring: undefined }).tasks).toEqual(['own', 'r recurring']);
  expect(compose(state, { recurring: [] }).tasks).toEqual(['own']);
});

const backlog = (...tasks: TaskSpec[]) => tasks.map((spec) => ({ spec }));
const room = (state: State, time = '09:00') => ({
  ...{ state, day: state.days[DAY]!, now: Date.parse(`${DAY}T${time}:00Z`), until: '17:00' },
});

test('the backlog gives its first task that there is time for', () => {
  const state = stateOf(planned(planOf(DAY, [], { maxCostUsd: 1000 })), started(DAY));
  const list = backlog(taskSpec('long', { estimate: { hours: 4 } }), taskSpec('short', { estimate: { hours: 1 } }));
  expect(nextOfBacklog(list, room(state))?.id).toBe('long');
  expect(nextOfBacklog(list, room(state, '14:00'))?.id).toBe('short');
  expect(nextOfBacklog(list, room(state, '16:01'))).toBeUndefined();
  expect(nextOfBacklog(list, { ...room(state), now: Date.parse('2026-11-24T09:00:00Z') })).toBeUndefined();
});

test('the backlog gives nothing that the day’s money is not likely to pay for, its open tasks counted', () => {
  const list = backlog(taskSpec('more', { maxCostUsd: 0.5 }));
  const open = stateOf(planned(planOf(DAY, [taskSpec('a', { maxCostUsd: 0.5 })], { maxCostUsd: 1 })), started(DAY));
  expect(nextOfBacklog(list, room(open))).toBeUndefined();
  const over = stateOf(planned(planOf(DAY, [taskSpec('a')], { maxCostUsd: 1 })), started(DAY), on(DAY, 'a', done));
  expect(nextOfBacklog(list, room(over))?.id).toBe('more');
});

test('a task that a day has taken is not taken again, and one that needs it starts with its work', () => {
  const taken = taskSpec('first', { origin: { kind: 'backlog' } });
  const list = backlog(taskSpec('first'), taskSpec('second', { needs: ['first'] }));
  const before = stateOf(
    planned(planOf('2026-11-20', [taken])),
    planned(planOf(DAY, [], { maxCostUsd: 99 })),
    started(DAY),
  );
  expect(nextOfBacklog(list, room(before))).toBeUndefined();
  fold(before, { v: 1, seq: 9, at: '', actor: { kind: 'daemon' }, ...on('2026-11-20', 'first', done) });
  expect(nextOfBacklog(list, room(before))).toMatchObject({
    ...{ id: 'second', needs: [], origin: { kind: 'backlog' } },
    startsFrom: [{ day: '2026-11-20', task: 'first' }],
  });
});

test('a task of the backlog that has the name of one of the day is left there', () => {
  const state = stateOf(planned(planOf(DAY, [taskSpec('A')], { maxCostUsd: 99 })), started(DAY));
  expect(nextOfBacklog(backlog(taskSpec('a')), room(state))).toBeUndefined();
});
