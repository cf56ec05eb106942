import { expect, test } from 'vitest';
import { forecastTask } from './index.ts';
import { coverage, ended, normal, random } from './simulated.testing.ts';

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

test('a person’s word carries a forecast no further than to what such tasks came to since', () => {
  const day = '2026-11-23';
  const cheap = [0.05, 0.06, 0.07].map((usd, at) => ended(`c${at}`, usd, { module: 'orders', day }));
  const task = { ...medium, module: 'orders' };
  const p50 = (records: typeof cheap, factor: number) => forecastTask(records, task, { factor, since: day }).usd.p50;
  // Nothing of its kind has ended since: the word counts as it is.
  expect(p50([], 0.1)).toBeCloseTo(0.3);
  expect(p50(cheap, 1)).toBeGreaterThan(0.08);
  expect(p50(cheap, 0.1)).toBeCloseTo(0.0594, 3);
  // Where what they came to says the opposite, somebody knows what is to come.
  expect(p50(cheap, 3) / p50(cheap, 1)).toBeCloseTo(3);
});

test('a module’s tasks that cost like complex ones are foreseen as complex, in a home’s own measure', () => {
  const usual = (scale: number) =>
    Array.from({ length: 20 }, (_, at) => ended(`o${at}`, 3 * scale, { module: 'other' })).concat(
      Array.from({ length: 12 }, (_, at) => ended(`d${at}`, 7 * scale, { module: 'hard' })),
    );
  for (const scale of [1, 0.02]) {
    const of = (module: string) => forecastTask(usual(scale), { ...medium, module }).complexity;
    expect([of('hard').p50, of('other').p50]).toEqual(['high', 'medium']);
  }
  expect(forecastTask([], medium).complexity).toEqual({ p50: 'medium', p80: 'high' });
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

test.each([0.3, 0.6, 0.9])(
  'eight in ten tasks, and days, cost less than their P80: on simulated days whose noise is %d',
  (noise) => {
    const all = Array.from({ length: 8 }, (_, at) => coverage(100 + at, noise));
    for (const which of ['tasks', 'days'] as const) {
      const share = all.reduce((total, one) => total + one[which], 0) / all.length;
      expect(share).toBeGreaterThan(0.75);
      expect(share).toBeLessThan(0.85);
    }
  },
);
