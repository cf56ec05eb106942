import { expect, test } from 'vitest';
import { createMoved } from './moved.ts';

test('a move that an earlier process saw is known, until the settings name the new id', () => {
  const named = new Set(['-500']);
  const told: string[] = [];
  const moved = createMoved({
    seen: [{ chat: '-500', to: '-100777' }],
    isNamed: (chat) => named.has(chat),
    tell: (chat, to) => void told.push(`${chat} ${to}`),
  });
  expect([moved.now('-500'), moved.known(-100777)]).toEqual(['-100777', '-500']);
  moved.note('-500', '-100777');
  expect(told).toEqual([]);
  named.add('-100777');
  expect(moved.known('-100777')).toBe('-100777');
});
