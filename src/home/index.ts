// Light on purpose: `dayshift status` begins here. What needs zod and yaml is imported when it is called.
import type { NamedSecret } from '../base/index.ts';
import type { PriceTable } from '../budget/index.ts';
import type { ProjectState } from './look.ts';
import type { NewTask } from './add-task.ts';
import type { EnvFile } from './env-file.ts';
import type { InitResult } from './init.ts';
import type { State } from '../journal/index.ts';
import type { TaskList } from '../plan/index.ts';
import type { LoadedDay } from './load-day.ts';
import type { LoadedPlan } from './load-plan.ts';
import type { HomePaths } from './paths.ts';
import type { Home, HomeQuery } from './types.ts';

export type { EnvFile, InitResult, LoadedDay, LoadedPlan, ProjectState };
export type { Config, ProjectConfig } from './schema.ts';
export type { Home, HomeQuery };
export { timezoneOf } from './timezone.ts';
export { looksSecret } from './looks-secret.ts';
export { findHome } from './find.ts';
export { homePaths, type HomePaths } from './paths.ts';
export { HOME_PROJECT, projectConfig, projectOf } from './projects.ts';

/** Finds the home and reads its config and projects. Throws DayshiftError (usage) that lists everything that is wrong. */
export async function loadHome(query: HomeQuery): Promise<Home> {
  return (await import('./load.ts')).loadHome(query);
}

/** The home's prices. Throws DayshiftError (usage) that names every file of `config/` that a day needs and cannot read. */
export async function loadDayFiles(paths: HomePaths): Promise<PriceTable> {
  return (await import('./day-files.ts')).loadDayFiles(paths);
}

/**
 * The plan of a day from its task file, recurring tasks and unfinished ones of earlier days: `target` is a day
 * (YYYY-MM-DD, `today`, `yesterday`, `tomorrow`) or a task file, today if undefined; a relative file is looked for in
 * `cwd`, then in the home. Throws nothing for what is wrong with the files: see `problems`.
 */
export async function loadDay(
  target: string | undefined,
  home: Home,
  now: Date,
  state: State,
  options: { cwd?: string | undefined; carry?: boolean | undefined; backlog?: boolean | undefined } = {},
): Promise<LoadedDay> {
  return (await import('./load-day.ts')).loadDay(target, home, now, state, options);
}

/** The plan that one task file makes, as `loadDay` reads it, and nothing beside it. */
export async function loadPlan(target: string | undefined, home: Home, now: Date, cwd?: string): Promise<LoadedPlan> {
  return (await import('./load-plan.ts')).loadPlan(target, home, now, cwd);
}

/** The tasks of `config/recurring.yaml` or `tasks/backlog.yaml`; none where there is no such file. Never throws. */
export async function loadTaskList(home: Home, kind: 'recurring' | 'backlog'): Promise<TaskList> {
  return (await import('./load-day.ts')).loadTaskList(home, kind);
}

/** Reads the home's `.env`, where only its owner may. The environment wins over it. Never throws. */
export async function loadEnvFile(paths: HomePaths): Promise<EnvFile> {
  return (await import('./env-file.ts')).loadEnvFile(paths);
}

/** What a project looks like now: its kind, and what of it is not committed. Changes nothing, never throws. */
export async function lookAtProject(
  path: string,
  env: Record<string, string | undefined>,
  home?: string,
): Promise<ProjectState> {
  return (await import('./look.ts')).lookAtProject(path, env, home);
}

/** Secrets in the projects' own `.env` files, for redaction only. Never throws. */
export async function projectSecrets(home: Home): Promise<NamedSecret[]> {
  return (await import('./project-secrets.ts')).projectSecrets(home);
}

/** Adds a task to a task file, comments and order kept; nothing is written where the file would not be valid. Throws DayshiftError. */
export async function addTask(
  home: Home,
  file: string,
  task: NewTask,
  taken?: readonly string[],
): Promise<{ id: string; added: boolean }> {
  return (await import('./add-task.ts')).addTask(home, file, task, taken);
}

/** What a project's commits and its CLAUDE.md say of its files. Changes nothing, never throws. */
export async function projectPast(path: string, env: Record<string, string | undefined>) {
  return (await import('./project-past.ts')).projectPast(path, env);
}

/** Changes one setting in config/dayshift.yaml, comments and order kept. Throws DayshiftError where the config would not be valid. */
export async function setConfig(paths: HomePaths, path: readonly string[], value: unknown): Promise<void> {
  return (await import('./set-config.ts')).setConfig(paths, path, value);
}

/** The home's own secret, 32 bytes, made when it is first asked for. */
export async function homeSecret(paths: HomePaths): Promise<Uint8Array> {
  return (await import('./secret.ts')).homeSecret(paths);
}

/** Makes a home of a folder; never overwrites. Throws DayshiftError where the folder cannot be written. */
export async function initHome(dir: string): Promise<InitResult> {
  return (await import('./init.ts')).initHome(dir);
}
