import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { hasCode, messageOf } from '../base/index.ts';
import { didYouMean, readText, type Problem } from '../document/index.ts';
import { dateIn, dateOfFile, isDate, parsePlan, shiftDate, type PlanContext, type PlanResult } from '../plan/index.ts';
import { noProject, projectConfig } from './projects.ts';
import { timezoneOf } from './timezone.ts';
import type { Home } from './types.ts';

export interface LoadedPlan extends PlanResult {
  /** The task file: relative to the home where it lies inside, else absolute. */
  file: string;
  /** The day whose file is not there. */
  missing?: string;
}

/**
 * Reads the plan of a day.
 * @param target a day (YYYY-MM-DD, `today`, `yesterday`, `tomorrow` in the home's time zone) or a task file; today if undefined
 * @param cwd what a relative file is looked for in first; then in the home
 */
export async function loadPlan(
  target: string | undefined,
  home: Home,
  now: Date,
  cwd: string = process.cwd(),
): Promise<LoadedPlan> {
  const { path, date } = locate(target ?? 'today', home, now, cwd);
  const inside = relative(home.paths.home, path);
  const file = inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  const fail = (message: string): LoadedPlan => {
    const problem: Problem = { file, line: 1, column: 1, path: '', message, severity: 'error' };
    return { file, problems: [problem] };
  };
  if (date !== undefined && !isDate(date)) return fail(`there is no such day as ${date}`);
  try {
    const read = await readText(path, file);
    if ('problem' in read) return { file, problems: [read.problem] };
    const from = dirname(path) === home.paths.tasks ? 'tasks' : 'elsewhere';
    return { file, ...parsePlan(read.text, file, planContext(home, dateOfFile(basename(path))), from) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      const missing = date ?? dateOfFile(basename(path));
      return {
        ...fail(
          `there is no such file${didYouMean(target ?? '', ['yesterday', 'today', 'tomorrow'])}; ${await nearestDays(home, date)}`,
        ),
        ...(missing === undefined ? {} : { missing }),
      };
    }
    return fail(`cannot be read: ${hasCode(error, 'EACCES') ? 'permission denied' : messageOf(error)}`);
  }
}

function locate(target: string, home: Home, now: Date, cwd: string): { path: string; date?: string } {
  const days: Record<string, number> = { yesterday: -1, today: 0, tomorrow: 1 };
  const shift = Object.hasOwn(days, target) ? days[target] : undefined;
  const date = shift === undefined ? target : shiftDate(dateIn(now, timezoneOf(home)), shift);
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    const path = join(home.paths.tasks, `${date}.yaml`);
    const other = join(home.paths.tasks, `${date}.yml`);
    return { path: !existsSync(path) && existsSync(other) ? other : path, date };
  }
  const here = resolve(cwd, target);
  const there = resolve(home.paths.home, target);
  return { path: !existsSync(here) && existsSync(there) ? there : here };
}

/** What the task file is read against: the config, the projects, the disk. */
export function planContext(home: Home, fileDate: string | undefined): PlanContext {
  const { config } = home;
  const names =
    config.projects.length > 0 ? config.projects.map(({ name }) => name) : home.projects.map(({ name }) => name);
  const roots = new Map(home.projects.map((project) => [project.name, project.path]));
  return {
    fileDate,
    timezone: timezoneOf(home),
    defaults: {
      concurrency: config.concurrency,
      dayUsd: config.budget.day_usd,
      taskUsd: config.budget.task_usd,
      alertPercent: config.budget.alert_percent,
      timeoutMinutes: config.timeout_minutes,
      retries: config.retries,
      onQuestion: config.questions.on_question,
      model: config.agent.model,
      maxTurns: config.agent.max_turns,
    },
    projects: names.map((name) => {
      const why = home.unavailable[name];
      if (why !== undefined) return { name, setup: [], checks: [], egress: [], env: {}, unavailable: why };
      const { setup, checks, egress, env, guard } = projectConfig(home, name);
      return { name, setup, checks, egress, env, guard };
    }),
    defaultProject: names.length === 1 ? names[0] : undefined,
    noProject: noProject(home),
    agents: ['claude-code'],
    exists: (project, path) => {
      const root = roots.get(project);
      return root !== undefined && existsSync(join(root, path));
    },
  };
}

/** The days that have a task file, as far as they help somebody who named another one. */
async function nearestDays(home: Home, date: string | undefined): Promise<string> {
  let names: string[] = [];
  try {
    names = await readdir(home.paths.tasks);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return `there is no folder ${home.paths.tasks} either: make one with \`dayshift init\``;
  }
  const days = names.flatMap((name) => dateOfFile(name) ?? []).filter(isDate);
  if (days.length === 0) return 'there is no task file of any day yet: see tasks/example.yaml';
  const wanted = date !== undefined && isDate(date) ? Date.parse(date) : Infinity;
  const distance = (day: string) => (wanted === Infinity ? -Date.parse(day) : Math.abs(Date.parse(day) - wanted));
  const near = days.sort((a, b) => distance(a) - distance(b)).slice(0, 5);
  return `the nearest days are ${near.sort().join(', ')}`;
}
