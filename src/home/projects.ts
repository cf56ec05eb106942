import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import type { Project } from '../workspace/index.ts';
import type { Config, ProjectConfig } from './schema.ts';
import type { Home } from './types.ts';

/** The name of the project that nobody named: the repository that contains the home. */
export const HOME_PROJECT = 'home';

/** Looks for the projects of a config on the disk. */
export async function findProjects(home: string, config: Config): Promise<Pick<Home, 'projects' | 'unavailable'>> {
  if (config.projects.length === 0) {
    const path = await repositoryAround(home);
    return { projects: path === undefined ? [] : [{ name: HOME_PROJECT, path, copy: [] }], unavailable: {} };
  }
  const projects: Project[] = [];
  const unavailable: Record<string, string> = {};
  for (const project of config.projects) {
    const path = await folderOf(expand(home, project.path));
    if (typeof path === 'string') projects.push({ ...base(project), name: project.name, path, copy: project.copy });
    else unavailable[project.name] = path.why;
  }
  return { projects, unavailable };
}

function base(project: ProjectConfig): Pick<Project, 'base'> {
  return project.base === undefined ? {} : { base: project.base };
}

function expand(home: string, path: string): string {
  if (path === '~') return homedir();
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(home, path);
}

/** The real path of a folder, or why it is none. */
async function folderOf(path: string): Promise<string | { why: string }> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : { why: `${path} is not a folder` };
  } catch (error) {
    return { why: hasCode(error, 'ENOENT') ? `${path} does not exist` : messageOf(error) };
  }
}

/** The nearest folder upwards, the home itself first, that has a `.git`. */
async function repositoryAround(home: string): Promise<string | undefined> {
  for (let folder = home; ; folder = dirname(folder)) {
    try {
      await stat(join(folder, '.git'));
      return folder;
    } catch {
      if (folder === dirname(folder)) return undefined; // not here: look one up
    }
  }
}

/** The project called `name`. Throws DayshiftError (usage) that says why where there is none. */
export function projectOf(home: Home, name: string): Project {
  const found = home.projects.find((project) => project.name === name);
  if (found !== undefined) return found;
  const why = home.unavailable[name];
  if (why !== undefined) throw new DayshiftError('usage', `project ${name}: ${why}`);
  throw new DayshiftError('usage', home.projects.length === 0 ? noProject(home) : `there is no project ${name}`, {
    hint: 'name your projects in config/dayshift.yaml',
  });
}

/** What to say where a project is needed and none was named. */
export function noProject(home: Home): string {
  const names = home.config.projects.map((project) => project.name);
  if (names.length > 0) return `missing project: name one of ${names.join(', ')}`;
  return `no project: ${home.paths.home} lies in no git repository, and config/dayshift.yaml names none under projects`;
}

/** What the config says of a project; the defaults for the repository that contains the home. Throws like `projectOf` for a name nobody has. */
export function projectConfig(home: Home, name: string): ProjectConfig {
  const found = home.config.projects.find((project) => project.name === name);
  if (found !== undefined) return found;
  const { path } = projectOf(home, name);
  return { name, path, copy: [], setup: [], checks: [], egress: [], protect: [], env: {} };
}
