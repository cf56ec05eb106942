import { expect, test } from 'vitest';
import type { JournalEvent, NewEvent } from '../journal/index.ts';
import { startCost, type CostBy } from './cost.ts';
import { plan, spec } from './testing.ts';

const tokens = { input: 10, output: 5, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 100 };

function reserved(task: string, call: string, usd: number, model = 'm'): NewEvent {
  return { type: 'model.reserved', task, data: { call, model, usd } };
}

function settled(task: string, call: string, usd: number, model = 'm'): NewEvent {
  return { type: 'model.settled', task, data: { call, model, tokens, usd, basis: 'exact', ms: 1 } };
}

function table(by: CostBy, events: NewEvent[]) {
  const cost = startCost(by);
  const planned: NewEvent = {
    type: 'day.planned',
    data: { plan: plan([spec('a', { module: 'web' }), spec('b', { module: 'db' })]), payer: 'x', warnings: [] },
  };
  for (const event of [planned, ...events]) cost.add({ day: '2026-11-23', ...event } as JournalEvent);
  return cost.table();
}

const events = [
  reserved('a', 'c1', 1),
  settled('a', 'c1', 0.4),
  settled('a', 'c1', 0.4),
  reserved('b', 'c2', 2, 'n'),
  settled('b', 'c2', 3, 'n'),
  reserved('b', 'c3', 0.5),
];

test('each call is charged once; one that was never settled counts as an estimate', () => {
  const { rows, total } = table('task', events);
  expect(rows.map(({ name, usd, estimatedUsd, calls }) => [name, usd, estimatedUsd, calls])).toEqual([
    ['2026-11-23/b', 3.5, 0.5, 1],
    ['2026-11-23/a', 0.4, 0, 1],
  ]);
  expect(total.usd).toBeCloseTo(3.9);
  expect(total.tokens.cacheRead).toBe(200);
});

test('it adds up by module, by model, by project and by day', () => {
  const names = (by: CostBy) => table(by, events).rows.map(({ name, usd }) => `${name} ${usd.toFixed(1)}`);
  expect(names('module')).toEqual(['db 3.5', 'web 0.4']);
  expect(names('model')).toEqual(['n 3.0', 'm 0.9']);
  expect(names('project')).toEqual(['home 3.9']);
  expect(names('day')).toEqual(['2026-11-23 3.9']);
});
