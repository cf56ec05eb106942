import { formatProblem } from '../document/index.ts';
import type { PlanContext } from './context.ts';
import { parsePlan } from './index.ts';

/** For tests of what a task file says: not part of the room's interface. */

export const base: PlanContext = {
  timezone: 'UTC',
  defaults: { concurrency: 3, dayUsd: 40, alertPercent: 75, timeoutMinutes: 240, retries: 2, onQuestion: 'park' },
  projects: [{ name: 'home', setup: [], checks: [], egress: [], env: {} }],
  defaultProject: 'home',
  noProject: 'name a project',
  agents: ['claude-code'],
  exists: (_, path) => !path.endsWith('/.git'),
};

export const day = { ...base, fileDate: '2026-11-23' };
export const read = (text: string, context: PlanContext = day) => parsePlan(text, 'tasks/x.yaml', context);
export const told = (text: string, context: PlanContext = day) =>
  read(text, context).problems.map((problem) => formatProblem(problem).replace('tasks/x.yaml:', ''));

/** A file with one task that says `lines`, the first of which is line 4. */
export const task = (...lines: string[]) =>
  ['tasks:', '  - id: a', '    name: A', ...lines.map((line) => `    ${line}`)].join('\n');
