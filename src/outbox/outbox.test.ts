import { expect, test } from 'vitest';
import type { PendingMessage } from '../journal/index.ts';
import { backoffMs, createPurse, fateOf, nextOf } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const own = { group: false, priority: 'message' } as const;

/** How many calls a chat is let make in so many ms, asking as often as it may. */
function lets(purse: ReturnType<typeof createPurse>, chat: string, kind: Parameters<typeof purse.take>[1], ms: number) {
  let count = 0;
  for (let now = 0; now < ms;) {
    const wait = purse.take(chat, kind, now);
    if (wait === 0) count += 1;
    now += Math.max(1, wait);
  }
  return count;
}

test('a chat gets about one message a second, a group twenty a minute, all chats together what the server takes', () => {
  expect(lets(createPurse(), 'a', own, MINUTE)).toBeLessThanOrEqual(65);
  expect(lets(createPurse(), 'a', own, MINUTE)).toBeGreaterThanOrEqual(60);
  const inGroup = lets(createPurse(), '-1', { group: true, priority: 'message' }, 10 * MINUTE);
  expect(inGroup).toBeLessThanOrEqual(205);
  const purse = createPurse();
  const first = Array.from({ length: 100 }, (_, chat) => purse.take(`chat ${chat}`, own, 0));
  expect(first.filter((wait) => wait === 0)).toHaveLength(25);
});

test('edits of cards leave something for questions; when the server says to be still, everybody is', () => {
  const purse = createPurse();
  const card = { group: false, priority: 'card' } as const;
  const question = { group: false, priority: 'question' } as const;
  const edits = Array.from({ length: 5 }, () => purse.take('a', card, 0)).filter((wait) => wait === 0);
  expect(edits).toHaveLength(2);
  expect([1, 2, 3, 4].map(() => purse.take('a', question, 0) === 0)).toEqual([true, true, true, false]);
  purse.still(10_000, 0);
  expect(purse.take('b', question, 4000)).toBe(6000);
  expect(purse.take('b', question, 10_000)).toBe(0);
});

test('a clock that is set back gives nothing and stops nothing', () => {
  const purse = createPurse();
  for (let n = 0; n < 5; n += 1) purse.take('a', own, HOUR);
  expect(purse.take('a', own, 0)).toBeGreaterThan(0);
  expect(purse.take('a', own, 1000)).toBe(0);
});

const message = (priority: PendingMessage['priority'], more: object = {}) =>
  ({ id: priority, priority, at: new Date(0).toISOString(), ...more }) as PendingMessage;

test('what somebody waits for goes first, then questions, cards last; of the same kind the first', () => {
  const all = [
    message('card'),
    message('message'),
    message('question', { id: 'one' }),
    message('question'),
    message('alert'),
  ];
  expect(nextOf(all)?.id).toBe('one');
  expect(nextOf([...all, message('reply')])?.id).toBe('reply');
  expect(nextOf([])).toBeUndefined();
});

test('what cannot be sent goes elsewhere after ten minutes where it matters, once; old news is given up, a question never', () => {
  const question = message('question');
  expect([9 * MINUTE, 10 * MINUTE].map((now) => fateOf(question, now))).toEqual(['wait', 'fall_back']);
  expect(fateOf(message('question', { fellBack: true }), 72 * HOUR)).toBe('wait');
  expect([HOUR, 25 * HOUR].map((now) => fateOf(message('message'), now))).toEqual(['wait', 'give_up']);
  expect(fateOf(message('alert'), HOUR)).toBe('fall_back');
  expect([1, 2, 3, 30].map(backoffMs)).toEqual([1000, 2000, 4000, 60_000]);
});
