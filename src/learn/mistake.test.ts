import { expect, test } from 'vitest';
import { enforceable } from './mistake.ts';
import { stage, date } from './stage.testing.ts';

const known = { testCommand: 'npm test' };
const write = (...path: string[]) => ({ kind: 'guard', rule: { when: { effect: ['write', 'delete'], path } } });

test.each([
  ['Changed migrations/ although it has run', write('migrations/**')],
  ['Rewrote src/legacy.ts again', write('src/legacy.ts')],
  ['It ran `npm publish`', { kind: 'guard', rule: { when: { command: ['npm publish', 'npm publish *'] } } }],
  ['Two old tests are red', { kind: 'check', command: 'npm test' }],
  ['Forgot to run the tests', { kind: 'check', command: 'npm test' }],
  ['`npm run lint` fails', { kind: 'check', command: 'npm run lint' }],
])('what would keep %j from happening again', (mistake, does) => {
  expect(enforceable(mistake, known)).toMatchObject(does);
});

test.each([
  'Too long',
  'Forgot to change docs/API.md',
  'src/api.ts is hard to read',
  'The tests are good',
  'CHANGELOG.md has no word of it',
  'CHANGELOG.md is too long',
])('nothing that can be enforced is in %j', (mistake) => {
  expect(enforceable(mistake, known)).toBeUndefined();
});

test('a mistake that is told of a second task leads to a check or a rule that waits for a yes; once it leads to none', () => {
  const { say, state, statusOf } = stage();
  const seen = 'Two old tests are red now';
  say(seen, { sign: 'warning' });
  expect(state.lessons.byId.l1).toMatchObject({ does: { kind: 'instruction' }, status: 'candidate' });
  say('Two of the old tests are red now', { sign: 'bad', day: date(1), task: 'b', earlier: [seen] });
  expect(state.lessons.byId.l2).toMatchObject({
    ...{ does: { kind: 'check', command: 'npm test' }, status: 'candidate', supersedes: 'l1' },
    text: 'Two of the old tests are red now',
  });
  expect(state.lessons.byId.l1?.said).toHaveLength(2);
  // Read again, or told once more: it was proposed already.
  say('Two of the old tests are red now', { sign: 'bad', day: date(1), task: 'b', earlier: [seen] });
  say(seen, { sign: 'bad', day: date(2), task: 'c', earlier: [seen] });
  expect(statusOf('l3')).toBeUndefined();
});

test('what a rule about the whole folder refuses already is not proposed', () => {
  const { say, state } = stage();
  say('Never touch migrations/');
  const seen = 'Changed migrations/0001.sql although it has run';
  say(seen, { sign: 'bad', day: date(1), task: 'b', earlier: [seen] });
  expect(Object.values(state.lessons.byId).map(({ does }) => does.kind)).toEqual(['guard']);
});

test('what is checked already, or was turned down, is not proposed', () => {
  const { say, state, byPerson } = stage();
  const seen = 'Two old tests are red now';
  say(seen, { sign: 'bad', earlier: [seen], checks: ['npm test'] });
  expect(state.lessons.byId.l1?.does.kind).toBe('instruction');
  say(seen, { sign: 'bad', day: date(1), task: 'b', earlier: [seen] });
  byPerson('l2', 'retired');
  say(seen, { sign: 'bad', day: date(2), task: 'c', earlier: [seen] });
  expect(Object.keys(state.lessons.byId)).toEqual(['l1', 'l2']);
});

test('what is said of a lesson by its name is none itself', () => {
  const { say, state } = stage();
  say('Keep functions short');
  say('l1 was wrong here', { sign: 'bad' });
  expect(Object.keys(state.lessons.byId)).toEqual(['l1']);
});
