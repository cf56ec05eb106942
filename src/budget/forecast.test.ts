import { expect, test } from 'vitest';
import type { Complexity, TaskRecord } from '../journal/index.ts';
import { forecastDay, forecastTask } from './index.ts';

/** A generator of known numbers (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

function ended(task: string, usd: number, more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    day: '2026-11-01',
    task,
    project: 'app',
    complexity: 'medium',
    outcome: 'done',
    usd,
    workedMs: 60_000,
    ...more,
  };
}

const medium = { project: 'app', complexity: 'medium' as const };

test('without history the table speaks, wide and saying so', () => {
  const forecast = forecastTask([], { project: 'app', complexity: 'low' });
  expect(forecast.tasks).toBe(0);
  expect(forecast.usd.p50).toBeCloseTo(1);
  expect(forecast.usd.p80).toBeGreaterThan(2);
  expect(forecastTask([], { project: 'app', complexity: 'high' }).usd.p50).toBeGreaterThan(forecast.usd.p80);
});

test('a module that costs more than others is forecast dearer, the more so the more of it was seen', () => {
  const others = Array.from({ length: 20 }, (_, at) => ended(`o${at}`, 3, { module: 'other' }));
  const dear = (times: number) => Array.from({ length: times }, (_, at) => ended(`d${at}`, 12, { module: 'dear' }));
  const p50 = (times: number) => forecastTask([...others, ...dear(times)], { ...medium, module: 'dear' }).usd.p50;
  expect(p50(0)).toBeLessThan(4);
  expect(p50(2)).toBeGreaterThan(p50(0));
  expect(p50(2)).toBeLessThan(9);
  expect(p50(30)).toBeGreaterThan(10);
  expect(forecastTask([...others, ...dear(3)], { ...medium, module: 'dear' }).alike).toBe(3);
});

test('what a person stopped teaches nothing', () => {
  const stopped = Array.from({ length: 50 }, (_, at) => ended(`s${at}`, 0.01, { outcome: 'stopped' }));
  expect(forecastTask(stopped, medium)).toEqual(forecastTask([], medium));
});

test('more history narrows the range to what tasks really vary', () => {
  const next = random(7);
  const steady = Array.from({ length: 200 }, (_, at) => ended(`t${at}`, 3 * Math.exp(0.2 * normal(next))));
  const { usd } = forecastTask(steady, medium);
  expect(usd.p80 / usd.p50).toBeLessThan(1.3);
});

/** Days of tasks whose true costs are known to the simulation only: the share that lay under their P80. */
function coverage(seed: number): { tasks: number; days: number } {
  const next = random(seed);
  const complexities: Complexity[] = ['low', 'medium', 'high'];
  const base = { low: 0.6, medium: 4, high: 11 };
  const modules = ['a', 'b', 'c', 'd'].map((module) => ({ module, effect: 0.5 * normal(next) }));
  const records: TaskRecord[] = [];
  let under = 0;
  let told = 0;
  let daysUnder = 0;
  let days = 0;
  for (let day = 0; day < 60; day += 1) {
    const tasks = Array.from({ length: 6 }, (_, at) => {
      const complexity = complexities[Math.floor(next() * 3)] ?? 'low';
      const { module, effect } = modules[Math.floor(next() * 4)] ?? { module: 'a', effect: 0 };
      const usd = base[complexity] * Math.exp(effect + 0.6 * normal(next));
      return ended(`t${day}-${at}`, usd, { complexity, module });
    });
    if (day >= 10) {
      for (const task of tasks) {
        told += 1;
        if (task.usd <= forecastTask(records, task).usd.p80) under += 1;
      }
      days += 1;
      if (tasks.reduce((all, one) => all + one.usd, 0) <= forecastDay(records, tasks).p80) daysUnder += 1;
    }
    records.push(...tasks);
  }
  return { tasks: under / told, days: daysUnder / days };
}

test('eight in ten tasks, and days, cost less than their P80: on simulated days with known noise', () => {
  const all = Array.from({ length: 8 }, (_, at) => coverage(100 + at));
  const mean = (pick: (one: { tasks: number; days: number }) => number) =>
    all.reduce((total, one) => total + pick(one), 0) / all.length;
  console.log(
    mean((one) => one.tasks),
    mean((one) => one.days),
  );
  expect(mean((one) => one.tasks)).toBeGreaterThan(0.75);
  expect(mean((one) => one.tasks)).toBeLessThan(0.85);
  expect(mean((one) => one.days)).toBeGreaterThan(0.75);
  expect(mean((one) => one.days)).toBeLessThan(0.87);
});
