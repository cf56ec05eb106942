import type { Plan, TaskSpec } from './spec.ts';

/** Builders for tests and benchmarks of every room: they need no test runner. */

export const DAY = '2026-11-23';

/** A small task with nothing special about it. */
export function taskSpec(id: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id,
    name: `Task ${id}`,
    description: 'Do it.',
    complexity: 'low',
    priority: 'normal',
    project: 'home',
    needs: [],
    contextFiles: [],
    deliverables: [],
    checks: [],
    setup: [],
    timeoutMinutes: 60,
    onQuestion: { mode: 'park' },
    retries: 2,
    egress: [],
    env: {},
    tags: [],
    agent: 'claude-code',
    estimate: { hours: 1 },
    ...more,
  };
}

/** A day of these tasks. */
export function dayPlan(tasks: TaskSpec[], more: Partial<Plan> = {}): Plan {
  const { date = DAY } = more;
  return {
    date,
    file: `tasks/${date}.yaml`,
    timezone: 'UTC',
    concurrency: 3,
    maxCostUsd: 50,
    alertPercent: 75,
    tasks,
    ...more,
  };
}
