import { expect, test } from 'vitest';
import type { PlanContext } from './context.ts';
import { base, day, read } from './parse.testing.ts';

test('a task’s word counts before the day’s defaults, the project’s and the config’s; the project’s lists come first', () => {
  const context: PlanContext = {
    ...day,
    defaults: { ...base.defaults, taskUsd: 9, maxTurns: 70, model: 'config' },
    projects: [
      { name: 'home', setup: [], checks: [], egress: [], env: {} },
      {
        name: 'shop',
        setup: ['s0'],
        checks: ['c0'],
        egress: ['e0'],
        env: { A: 'project', B: 'project', C: 'project' },
      },
    ],
  };
  const text = `project: shop
priority: low
timezone: Europe/Berlin
concurrency: 7
defaults: {priority: high, checks: [c1], setup: [s1], egress: [e1], env: {B: day, C: day}, retries: 5, model: day, tags: [x]}
tasks:
  - {id: a, name: A}
  - {id: b, name: B, project: home, priority: urgent, checks: [c2], env: {C: task}, model: task, max_cost_usd: 1, tags: []}`;
  const { plan } = read(text, context);
  expect(plan).toMatchObject({ timezone: 'Europe/Berlin', concurrency: 7, maxCostUsd: 40 });
  expect(plan?.tasks).toMatchObject([
    {
      project: 'shop',
      priority: 'high',
      checks: ['c0', 'c1'],
      setup: ['s0', 's1'],
      egress: ['e0', 'e1'],
      env: { A: 'project', B: 'day', C: 'day' },
      retries: 5,
      model: 'day',
      maxCostUsd: 9,
      maxTurns: 70,
      tags: ['x'],
      description: 'A',
    },
    {
      project: 'home',
      priority: 'urgent',
      checks: ['c2'],
      setup: ['s1'],
      env: { B: 'day', C: 'task' },
      model: 'task',
      maxCostUsd: 1,
      tags: [],
    },
  ]);
});
