import { expect, test } from 'vitest';
import type { NewEvent } from '../journal/index.ts';
import { watchRunaway, type Runaway } from './runaway.ts';

const limits = { usdPerMinute: 1, sameFailure: 3, turnsWithoutChange: 5 };
const tokens = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
const call = (usd: number): NewEvent => ({
  type: 'model.settled',
  data: { call: 'c', model: 'm', tokens, usd, basis: 'exact', ms: 1 },
});

let id = 0;
function tool(runaway: Runaway, input: string, ok: boolean, text = 'boom', name = 'Bash'): string | undefined {
  const toolUseId = `t${(id += 1)}`;
  runaway.see({ type: 'agent.tool', data: { toolUseId, tool: name, input } }, 0);
  return runaway.see({ type: 'agent.tool_result', data: { toolUseId, ok, text } }, 0);
}

test('the same command that fails in the same way again and again is told, once', () => {
  const runaway = watchRunaway(limits);
  expect(tool(runaway, 'npm test', false)).toBeUndefined();
  expect(tool(runaway, 'npm test', false)).toBeUndefined();
  expect(tool(runaway, 'npm test', false)).toMatch(/3 times.*npm test/);
  expect(tool(runaway, 'npm test', false)).toBeUndefined();
});

test('a failure with other words, another command or a success in between is progress', () => {
  const runaway = watchRunaway(limits);
  tool(runaway, 'npm test', false, '3 failed');
  tool(runaway, 'npm test', false, '3 failed');
  expect(tool(runaway, 'npm test', false, '2 failed')).toBeUndefined();
  tool(runaway, 'npm test', false, '2 failed');
  tool(runaway, 'npm test', true);
  expect(tool(runaway, 'npm test', false, '2 failed')).toBeUndefined();
});

test('money that goes out faster than the line is told; a dear call now and then is not', () => {
  const runaway = watchRunaway(limits);
  expect(runaway.see(call(9), 0)).toBeUndefined();
  expect(runaway.see(call(2), 60_000)).toMatch(/\$11\.00 in ten minutes/);
  const calm = watchRunaway(limits);
  for (let minute = 0; minute < 100; minute += 1) expect(calm.see(call(0.9), minute * 60_000)).toBeUndefined();
});

test('many calls without a change make it look at the files, and only then is it told', () => {
  const runaway = watchRunaway(limits);
  for (let turn = 0; turn < 5; turn += 1) runaway.see(call(0), 0);
  expect(runaway.idle()).toBe(true);
  expect(runaway.looked(true)).toBeUndefined();
  expect(runaway.idle()).toBe(false);
  for (let turn = 0; turn < 4; turn += 1) runaway.see(call(0), 0);
  tool(runaway, 'a.ts', true, '', 'Edit');
  runaway.see(call(0), 0);
  expect(runaway.idle()).toBe(false);
  for (let turn = 0; turn < 4; turn += 1) runaway.see(call(0), 0);
  expect(runaway.looked(false)).toMatch(/5 model calls without changing a file/);
});

test('a line of 0 is off', () => {
  const runaway = watchRunaway({ usdPerMinute: 0, sameFailure: 0, turnsWithoutChange: 0 });
  for (let turn = 0; turn < 50; turn += 1) {
    expect(runaway.see(call(100), turn)).toBeUndefined();
    expect(tool(runaway, 'x', false)).toBeUndefined();
  }
  expect(runaway.idle()).toBe(false);
});
