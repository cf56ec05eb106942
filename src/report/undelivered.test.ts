import { expect, test } from 'vitest';
import type { JournalEvent, NewEvent } from '../journal/index.ts';
import { exampleDay } from './example-day.testing.ts';
import { dayFacts, reportOf } from './index.ts';

test('the report says which message could not reach the person, by which channel and why; what arrived in the end is not in it', () => {
  const day = exampleDay();
  const [first] = day;
  const date = first?.day ?? '';
  const place = { channel: 'telegram', chat: '1' } as const;
  const more: NewEvent[] = [
    {
      ...{ type: 'message.intended', day: date },
      data: { id: 'm1', place, priority: 'question', content: { kind: 'item', item: 'q3' } },
    },
    { type: 'message.failed', day: date, data: { id: 'm1', why: 'no answer in time', final: false } },
    { type: 'message.failed', day: date, data: { id: 'm1', why: 'bot was blocked by the user', final: true } },
    {
      ...{ type: 'message.intended', day: date },
      data: { id: 'm2', place, priority: 'message', content: { kind: 'report', day: date } },
    },
    { type: 'message.failed', day: date, data: { id: 'm2', why: 'no answer in time', final: false } },
    { type: 'message.sent', day: date, data: { id: 'm2', messages: ['7'] } },
  ];
  const seq = day.at(-1)?.seq ?? 0;
  const events = more.map(
    (event, index) =>
      ({ v: 1, at: day.at(-1)?.at, actor: { kind: 'daemon' }, ...event, seq: seq + 1 + index }) as JournalEvent,
  );
  const all = [...day, ...events];
  const known = dayFacts(day, date).undelivered.length;
  expect(dayFacts(all, date).undelivered.slice(known)).toMatchObject([
    { what: 'could not reach you by telegram with question q3', why: 'bot was blocked by the user' },
  ]);
  expect(reportOf(all, date)).toContain('could not reach you by telegram with question q3');
});
