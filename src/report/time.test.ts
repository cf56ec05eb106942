import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JournalEvent } from '../journal/index.ts';
import { exampleDay } from './example-day.testing.ts';
import { dayFacts, reportOf } from './index.ts';
import { attempt, begin, date, end, planned, spec } from './testing.ts';

test('working time is added over retries that a person asked for, and a model call cut off counts as an estimate', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  end(day, 'a', 1, 'finished', 10);
  day
    .of('a', 'task.failed', { reason: 'x' })
    .of('a', 'task.retried', { hint: 'look again' }, { actor: { kind: 'person', via: 'cli' } });
  attempt(day, 'a', 2, 'prompt', 'retry');
  day.of('a', 'model.reserved', { call: 'c', model: 'm', usd: 0.5 });
  end(day, 'a', 2, 'lost', 5);
  const [task] = dayFacts(day.events, date).tasks;
  expect(task).toMatchObject({
    workedMs: 900_000,
    spentUsd: 0.5,
    estimatedUsd: 0.5,
    retried: [{ hint: 'look again' }],
  });
  expect(reportOf(day.events, date)).toContain('you (command line) asked for another go: look again');
});

test('times are those of the day’s zone, and name another date where it is one', () => {
  const zones = (timezone: string) => {
    const day = planned([spec('a')], { timezone })
      .at(0)
      .add('day.started', {});
    begin(day, 'a');
    day.at(60 * 20).of('a', 'task.stopped', { reason: 'x' });
    return reportOf(day.events, date);
  };
  expect(zones('Europe/Berlin')).toContain('- 🕘 Time: 08:00 to 24 Nov 04:00 (20 h 00 min)');
  expect(zones('America/New_York')).toContain('- 🕘 Time: 02:00 to 22:00');
  expect(zones('Mars/Olympus')).toContain(
    '- 🕘 Time: 07:00 to 24 Nov 03:00 (20 h 00 min), agents worked 0 ms; times are UTC',
  );
});

test('tasks that ran side by side are reported as if one after the other', () => {
  const day = exampleDay();
  const own = (task: string | undefined) => day.filter((event) => event.task === task);
  const shared = own(undefined);
  const pageOf = (events: JournalEvent[]) => dayFacts(events, date).tasks;
  const expected = pageOf(day);
  const names = ['task-001', 'task-002', 'task-003', 'task-004', 'task-005', 'task-006'];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 400 }), (order) => {
      const queues = names.map((name) => own(name));
      const mixed = [...shared.slice(0, 2)];
      for (const index of order) mixed.push(...(queues[index]?.splice(0, 1) ?? []));
      for (const queue of queues) mixed.push(...queue);
      mixed.push(...shared.slice(2));
      expect(pageOf(mixed)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
