import { expect, test } from 'vitest';
import { encodeAction } from './actions.ts';
import { laneOf } from './lane.ts';

test.each(['/stop', '/stop a', '/pause@our_bot', '/answer q7 B', 'q7: B', '/today'])('%s waits for nothing', (text) => {
  expect(laneOf({ text })).toBeUndefined();
});

test.each(['please use tabs', '/tell a please', '/pr a', '/stopper', '', 'queue it'])(
  '%s is heard in its order',
  (text) => {
    expect(laneOf({ text })).toBe('words');
  },
);

test('an answer waits for no other tap, marks stand in their order', () => {
  const data = (action: Parameters<typeof encodeAction>[0]) => ({ tap: encodeAction(action, new Uint8Array(32)) });
  expect(laneOf(data({ do: 'answer', item: 'q7', question: 0, option: 1 }))).toBeUndefined();
  expect(laneOf(data({ do: 'done', item: 'q7', question: 0, marked: 3 }))).toBeUndefined();
  expect(laneOf(data({ do: 'mark', item: 'q7', question: 0, marked: 3 }))).toBe('marks');
  expect(laneOf(data({ do: 'task', verb: 'pr', ref: 'abcdefgh', sure: 1 }))).toBe('taps');
});
