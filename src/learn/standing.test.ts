import { expect, test } from 'vitest';
import { taskSpec } from '../journal/spec.testing.ts';
import { doubtsOf, judgementsOf, movesOf, selectForDay, selectLessons } from './index.ts';
import { all, date, stage, today } from './stage.testing.ts';

const kept = (given: ReturnType<typeof selectLessons>) => given.filter(({ held }) => held);

test('a trial is kept from about three in ten tasks, what came out of it by itself from one, always the same ones; what a person keeps from none', () => {
  const { say, state, take, byPerson } = stage();
  say('Keep functions short');
  const draw = () =>
    Array.from({ length: 1000 }, (_, n) =>
      kept(selectLessons(all(state), taskSpec(`t${n}`), { day: today, today })),
    ).flat().length;
  expect(draw()).toBeGreaterThan(250);
  expect(draw()).toBeLessThan(350);
  expect(draw()).toEqual(draw());
  take([{ type: 'lesson.moved', data: { id: 'l1', to: 'active', why: '' } }]);
  expect(draw()).toBeGreaterThan(70);
  expect(draw()).toBeLessThan(130);
  byPerson('l1', 'active');
  expect(draw()).toBe(0);
});

test('a check that a person keeps gates every task', () => {
  const { say, state, take } = stage();
  say('Tests must pass');
  take([{ type: 'lesson.moved', data: { id: 'l1', to: 'active', why: '' } }]);
  for (let n = 0; n < 200; n += 1)
    expect(kept(selectLessons(all(state), taskSpec(`t${n}`), { day: today, today }))).toEqual([]);
});

test('a new lesson is tried on three tasks; on more when they are rated, or when nobody rates them within days', () => {
  const { say, state, rated } = stage();
  say('Keep functions short');
  const tasks = Array.from({ length: 40 }, (_, n) => taskSpec(`t${n}`));
  const had = (day: string) =>
    Object.values(selectForDay(all(state), tasks, { day, today: day }))
      .flat()
      .filter(({ held }) => !held).length;
  expect(had(date(1))).toBe(3);
  for (const task of ['a', 'b', 'c']) rated(date(1), task, 3, ['l1']);
  expect(had(date(2))).toBeGreaterThan(20);

  say('Write comments in Latin', { day: date(2) });
  state.lessons.byId.l1!.status = 'retired';
  const uses = state.lessons.byId.l2!.uses;
  for (const task of ['x', 'y', 'z']) uses[`${date(3)}/${task}`] = { held: false, at: `${date(3)}T08:00:00.000Z` };
  expect(had(date(4))).toBe(0);
  expect(had(date(9))).toBe(3);
});

test('two new lessons are in one task once, so that a bad one can be told from the other', () => {
  const { say, state } = stage();
  say('Keep functions short');
  say('Write comments in Latin');
  const tasks = Array.from({ length: 40 }, (_, n) => taskSpec(`t${n}`));
  const given = Object.values(selectForDay(all(state), tasks, { day: date(1), today: date(1) }));
  expect(given.filter((one) => one.filter(({ held }) => !held).length > 1).length).toBeLessThanOrEqual(1);
  for (const id of ['l1', 'l2']) expect(given.flat().filter((one) => one.id === id && !one.held)).toHaveLength(3);
});

test('an active lesson that harms is found, and what it explains is held against no other', () => {
  const { say, rated, byPerson, statusOf } = stage();
  for (const text of ['Keep functions short', 'Write comments in Latin', 'Tests must pass']) say(text);
  for (const id of ['l1', 'l2', 'l3']) byPerson(id, 'active');
  for (const day of [1, 2, 3, 4, 5]) rated(date(day), 'a', day === 3 ? 3 : 5, ['l1', 'l3']);
  expect(statusOf('l1')).toBe('active');
  rated(date(6), 'a', 1, ['l1', 'l2', 'l3']);
  rated(date(6), 'b', 1, ['l1', 'l2', 'l3']);
  expect([statusOf('l1'), statusOf('l2'), statusOf('l3')]).toEqual(['active', 'retired', 'active']);
});

test('by odds an active lesson goes only where tasks without it are there to compare with', () => {
  const { say, rated, byPerson, statusOf } = stage();
  say('Keep functions short');
  byPerson('l1', 'active');
  for (let day = 1; day <= 9; day += 1) rated(date(day), 'a', 3, ['l1']);
  expect(statusOf('l1')).toBe('active');
  for (let day = 1; day <= 4; day += 1) rated(date(day), 'b', 5, ['l1'], true);
  expect(statusOf('l1')).toBe('retired');
});

test('what a person has used again counts anew', () => {
  const { say, rated, byPerson, statusOf } = stage();
  say('Write comments in Latin');
  for (const day of [1, 2, 3]) rated(date(day), 'x', 5, []);
  rated(date(4), 'a', 1, ['l1']);
  rated(date(5), 'a', 1, ['l1']);
  expect(statusOf('l1')).toBe('retired');
  byPerson('l1', 'active', date(6));
  rated(date(7), 'a', 1, ['l1']);
  expect(statusOf('l1')).toBe('active');
  rated(date(8), 'a', 1, ['l1']);
  expect(statusOf('l1')).toBe('retired');
});

test('no bad day and no time loosens a rule of the guard', () => {
  const { say, rated, byPerson, statusOf } = stage();
  say('Never touch migrations/');
  byPerson('l1', 'active');
  for (const day of [1, 2, 3]) rated(date(day), 'x', 5, []);
  for (let day = 4; day < 12; day += 1) rated(date(day), 'a', 1, ['l1']);
  rated(date(100), 'x', 5, []);
  expect(statusOf('l1')).toBe('active');
});

test.each(['Never touch migrations/', 'Tests must pass', 'Ask which database to use before starting'])(
  'what a person accepted is not ended by ratings, time or a project that is away: %j',
  (text) => {
    const { say, rated, byPerson, state, statusOf } = stage();
    say(text);
    byPerson('l1', 'active');
    for (const day of [1, 2, 3]) rated(date(day), 'x', 5, []);
    for (let day = 4; day <= 12; day += 1) rated(date(day), 'a', day % 2 === 0 ? 1 : 3.5, ['l1']);
    for (let day = 4; day <= 9; day += 1) rated(date(day), 'b', 5, ['l1'], true);
    const later = { today: date(100), vanished: () => 'there is no project home any more' };
    expect(movesOf(all(state), later)).toEqual([]);
    expect(statusOf('l1')).toBe('active');
    // It is asked about, where what it is about is there.
    expect(doubtsOf(all(state), { today: date(100) })).toMatchObject([{ id: 'l1' }]);
    expect(doubtsOf(all(state), later)).toEqual([]);
    byPerson('l1', 'active', date(100));
    expect(doubtsOf(all(state), { today: date(101) })).toEqual([]);
  },
);

test('a rule that a person calls wrong by its name twice is asked about', () => {
  const { say, byPerson, state, take } = stage();
  say('Never touch migrations/');
  byPerson('l1', 'active');
  for (const task of ['a', 'b']) {
    const { text, does } = state.lessons.byId.l1!;
    const applied = [{ id: 'l1', text, does, status: 'active' as const, held: false }];
    const remarks = [{ sign: 'bad' as const, text: 'l1 was wrong here', line: 3 }];
    take(judgementsOf(state, { day: date(1), task, rating: 4, remarks, applied }), date(1));
  }
  expect(movesOf(all(state), { today: date(2) })).toEqual([]);
  expect(doubtsOf(all(state), { today: date(2) })).toEqual([{ id: 'l1', why: '2 tasks that had it went worse' }]);
});

test('a date that a person passed over ends nothing', () => {
  const { say, take, byPerson, state } = stage();
  say('Keep functions short');
  take([{ type: 'lesson.changed', data: { id: 'l1', expires: date(1) } }]);
  expect(movesOf(all(state), { today: date(2) })).toHaveLength(1);
  byPerson('l1', 'active', date(2));
  expect(movesOf(all(state), { today: date(2) })).toEqual([]);
});

test('an L1 cache is no lesson', () => {
  const { say, state } = stage();
  say('Keep functions short');
  const { text, does } = state.lessons.byId.l1!;
  const applied = [{ id: 'l1', text, does, status: 'active' as const, held: false }];
  const remarks = [{ sign: 'bad' as const, text: 'The L1 cache is flushed too often', line: 3 }];
  expect(judgementsOf(state, { day: today, task: 'a', rating: 5, remarks, applied })).toMatchObject([
    { data: { effect: 'helpful' } },
  ]);
});
