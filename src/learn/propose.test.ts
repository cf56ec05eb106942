import { expect, test } from 'vitest';
import type { NewEvent } from '../journal/index.ts';
import { proposalsOf } from './index.ts';
import { all, date, stage, today } from './stage.testing.ts';

/** A lesson that a person keeps. */
function kept(text: string) {
  const home = stage();
  home.say(text);
  home.byPerson('l1', 'active');
  return home;
}

test.each([
  ['Never touch migrations/', 'Touched migrations/'],
  ['Never touch migrations/', 'It touched migrations/ again'],
  ['Never delete files in fixtures/', 'Deleted files in fixtures/'],
  ["Don't edit package.json", 'Edited package.json'],
  ['Never use `curl`', 'Used `curl` again'],
  ['Never push to main', 'Pushed to main'],
  ['Do not change public function names', 'Changed public function names'],
])('a mistake that %j forbids is evidence for it: %j', (rule, mistake) => {
  const { say, state, statusOf } = kept(rule);
  expect(say(mistake, { sign: 'bad', day: date(1) })).toEqual([]);
  expect(statusOf('l1')).toBe('active');
  expect(state.lessons.byId.l1?.said).toHaveLength(2);
});

test.each([
  ['Never touch migrations/', 'Touch migrations/ when needed'],
  ['Tests must pass', 'Tests must not pass'],
  ['Always run `npm run lint`', 'Always run `npm run lint:all`'],
])('%j ends by a yes to what is against it only: %j', (rule, wish) => {
  const { say, statusOf, state } = kept(rule);
  expect(say(wish, { day: date(1) })).toMatchObject([{ status: 'candidate', supersedes: 'l1' }]);
  expect(statusOf('l1')).toBe('active');
  expect(state.lessons.byId.l2?.status).toBe('candidate');
});

test('who decides is told what it is against', () => {
  const { state } = kept('Never touch migrations/');
  const actions = [{ text: 'Touch migrations/ when needed', line: 4 }];
  const given = { day: date(1), task: 'b', file: 'f', remarks: [], actions };
  const said = { project: 'home', modules: [], file: () => undefined };
  const { notes } = proposalsOf(given, all(state), said, () => 'l2', date(1));
  expect(notes?.l2).toBe('It is against l1: “Never touch migrations/”. With your yes it takes the place of l1.');
});

test.each([
  ['Keep functions under 20 lines', 'Keep functions under 40 lines'],
  ['Indent with tabs in all source files', 'Indent with spaces in all source files'],
  ['Write commit messages in German', 'Write commit messages in English'],
  ['Estimates are 2x too low', 'Estimates are 3x too low'],
  ['Prefer `vitest` for all unit tests', 'Prefer `jest` for all unit tests'],
])('the newer value takes the place of the older: %j, %j', (older, newer) => {
  const { say, state, statusOf } = stage();
  say(older);
  // In another section, and as an edit of the very line.
  expect(say(newer)).toMatchObject([{ text: newer, status: 'trial', supersedes: 'l1' }]);
  expect(statusOf('l1')).toBe('retired');
  expect(say(newer, { day: date(1) })).toEqual([]);
  expect(state.lessons.byId.l2?.said).toHaveLength(2);
});

test.each([
  ['Keep functions short', 'Keep the functions short, please'],
  ['Always write unit tests for endpoints', 'Write unit tests for new endpoints'],
])('other words for the same are no other value: %j, %j', (older, newer) => {
  const { say, state } = stage();
  say(older);
  expect(say(newer, { day: date(1) })).toEqual([]);
  expect(state.lessons.byId.l1?.said).toHaveLength(2);
  // An edited section is no third piece of evidence.
  expect(say(newer, { day: date(1) })).toEqual([]);
  expect(state.lessons.byId.l1?.said).toHaveLength(2);
});

const narrow = { project: 'home', module: 'api' };

test.each([
  [
    'a narrower lesson does not swallow a wish for all',
    narrow,
    'Write tests with realistic names and edge cases',
    true,
  ],
  ['nor one for some paths', { project: 'home', paths: ['src/api/**'] }, 'Write tests with realistic names', true],
  ['a wider one says it already', { project: 'home' }, 'Write tests with realistic names', false],
])('%s', (_, scope, text, isNew) => {
  const { say, take, statusOf } = stage();
  say(text);
  take([{ type: 'lesson.changed', data: { id: 'l1', scope } }]);
  expect(say(text, { day: date(1) })).toHaveLength(isNew ? 1 : 0);
  expect(statusOf('l1')).toBe('trial');
});

test('an exception ends no general rule, and waits for a yes', () => {
  const { say, state, take, statusOf } = kept('Never change generated client code under src/gen/ by hand');
  take([{ type: 'lesson.changed', data: { id: 'l1', scope: {} } }]);
  const wish = 'Change generated client code under src/gen/ by hand';
  expect(say(wish, { day: date(1) })).toMatchObject([{ status: 'candidate' }]);
  expect(state.lessons.byId.l2?.supersedes).toBeUndefined();
  expect(statusOf('l1')).toBe('active');
});

test('what a model takes for the same must be about the same tasks', () => {
  const { say, state, take } = stage();
  say('Keep functions short');
  take([{ type: 'lesson.changed', data: { id: 'l1', scope: { project: 'other' } } }]);
  const given = {
    day: date(1),
    task: 'b',
    file: 'f',
    remarks: [],
    actions: [{ text: 'Methods are too long', line: 4 }],
  };
  const said = { project: 'home', modules: [], file: () => undefined };
  const { events } = proposalsOf(
    given,
    all(state),
    said,
    () => 'l2',
    date(1),
    () => ({ sameAs: 'l1' }),
  );
  expect(events.map(({ type }: NewEvent) => type)).toEqual(['lesson.proposed']);
});

test('what is said of a lesson by its id makes no lesson', () => {
  const { say } = kept('Keep functions short');
  expect(say('l1 was wrong here', { sign: 'warning', day: today, task: 'b' })).toEqual([]);
  expect(say('The l1 cache is flushed too often', { sign: 'bad', day: today, task: 'c' })).toHaveLength(1);
});
