import { expect, test } from 'vitest';
import { manualClock } from '../../base/index.ts';
import { createMeter } from './meter.ts';

const limits = { bytes: 1000, sent: 100, connections: 2, perMinute: 3 };
const host = { host: 'docs.example.test', port: 443 };

test('what a task moved before a restart counts: it goes on from there', () => {
  const meter = createMeter(limits, manualClock(), { sent: 60, received: 0 });
  expect(meter.admit()).toBeUndefined();
  expect(meter.moved(host, 39, 0)).toBe(true);
  expect(meter.moved(host, 1, 0)).toBe(false);
  expect(meter.admit()).toBe('used_up');
  expect(createMeter(limits, manualClock(), { sent: 0, received: 1000 }).admit()).toBe('used_up');
});

test('everything is told once', () => {
  const meter = createMeter(limits, manualClock(), { sent: 0, received: 0 });
  meter.connected(host);
  meter.moved(host, 5, 7);
  const refusal = { host: 'evil.test', port: 443, reason: 'not_listed' as const };
  expect([meter.refused(refusal), meter.refused(refusal), meter.refused(refusal)]).toEqual([true, false, false]);
  expect(meter.take()).toEqual({
    hosts: [{ ...host, connections: 1, sent: 5, received: 7 }],
    refused: [{ host: 'evil.test', reason: 'not_listed', count: 2 }],
  });
  expect(meter.take()).toBeUndefined();
});

test('a task that tries thousands of names fills no journal', () => {
  const meter = createMeter(limits, manualClock(), { sent: 0, received: 0 });
  let told = 0;
  for (let n = 0; n < 5000; n += 1) if (meter.refused({ host: `x${n}.evil.test`, reason: 'not_listed' })) told += 1;
  expect(told).toBe(200);
  expect(meter.take()?.refused).toEqual([{ host: '(others)', reason: 'not_listed', count: 4800 }]);
});

test('a clock that is set back locks nobody out', () => {
  const clock = manualClock();
  const meter = createMeter(limits, clock, { sent: 0, received: 0 });
  for (let n = 0; n < 3; n += 1) {
    expect(meter.admit()).toBeUndefined();
    meter.release();
  }
  expect(meter.admit()).toBe('too_fast');
  const earlier = createMeter(limits, { ...clock, now: () => clock.now() - 3_600_000 }, { sent: 0, received: 0 });
  expect(earlier.admit()).toBeUndefined();
});
