import { isAbsolute, normalize, relative } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import {
  formatPath,
  formatProblem,
  parseDocument,
  readText,
  tidyProblems,
  type Path,
  type Problem,
} from '../document/index.ts';
import type { HomeGuard } from '../guard/index.ts';
import { loadRules } from '../guarding/index.ts';
import { reservedEnv } from '../plan/index.ts';
import { findHome } from './find.ts';
import type { HomePaths } from './paths.ts';
import { findProjects } from './projects.ts';
import { configSchema, type Config } from './schema.ts';
import type { Home, HomeQuery } from './types.ts';

/** Finds the home and reads its config, its rules and its projects. Throws DayshiftError (usage) that lists everything that is wrong. */
export async function loadHome(query: HomeQuery): Promise<Home> {
  const paths = await findHome(query);
  const { config, remarks } = await loadConfig(paths);
  const found = await findProjects(paths.home, config);
  const warnings = [...remarks, ...Object.entries(found.unavailable).map(([name, why]) => `project ${name}: ${why}`)];
  return { paths, config, guard: await loadGuard(paths, config), ...found, warnings };
}

async function loadGuard(paths: HomePaths, config: Config): Promise<HomeGuard> {
  const own = await loadRules(paths.guardFile, relative(paths.home, paths.guardFile));
  return { ...own, tools: [...(own?.tools ?? []), ...config.guard.tools] };
}

/** The settings, and what a person should know of them. */
async function loadConfig(paths: HomePaths): Promise<{ config: Config; remarks: string[] }> {
  const shown = relative(paths.home, paths.configFile);
  let read;
  try {
    read = await readText(paths.configFile, shown);
  } catch (error) {
    const why = hasCode(error, 'EACCES') ? 'permission denied' : messageOf(error);
    throw new DayshiftError('usage', `${paths.configFile} cannot be read: ${why}`, { cause: error });
  }
  const { value, problems } = 'problem' in read ? { problems: [read.problem] } : parseConfig(read.text, shown);
  if (value !== undefined) return { config: value, remarks: problems.map(formatProblem) };
  const errors = problems.filter(({ severity }) => severity === 'error');
  throw new DayshiftError('usage', errors.map(formatProblem).join('\n'), {
    hint: `correct ${paths.configFile}; docs/configuration.md has every setting`,
  });
}

/** The config in a text, or everything that is wrong with it. An empty text is the default config. */
export function parseConfig(text: string, file: string): { value?: Config; problems: Problem[] } {
  const parsed = parseDocument(text, file, configSchema, {
    empty: {},
    textUnder: ['env', 'chats', 'servers', 'channels', 'projects'],
  });
  if (parsed.value === undefined) return parsed;
  const problems: Problem[] = checkConfig(parsed.value).map(({ path, message, key }) => ({
    file,
    ...parsed.locate(path, key === true ? 'key' : 'value'),
    path: formatPath(path),
    message,
    severity: 'error',
  }));
  if (problems.length > 0) return { problems: tidyProblems([...parsed.problems, ...problems]) };
  return { value: parsed.value, problems: parsed.problems };
}

interface Fault {
  path: Path;
  message: string;
  key?: boolean;
}

/** What the schema alone does not see. */
function checkConfig(config: Config): Fault[] {
  const faults: Fault[] = [];
  faults.push(...checkSchedule(config.schedule));
  config.projects.forEach((project, index) => {
    const at = (...path: Path) => ['projects', index, ...path];
    const other = config.projects.findIndex(({ name }) => name === project.name);
    if (other < index) {
      faults.push({
        path: at('name'),
        message: `${JSON.stringify(project.name)} is also the name of projects[${other}]`,
      });
    }
    if (project.base?.startsWith('-') === true) {
      faults.push({ path: at('base'), message: 'expected a branch, tag or commit: none begins with "-"' });
    }
    for (const list of ['copy', 'protect'] as const) {
      project[list].forEach((path, entry) => {
        if (isInside(path)) return;
        faults.push({ path: at(list, entry), message: 'expected a path inside the project, relative to it' });
      });
    }
    for (const name of Object.keys(project.env)) {
      if (reservedEnv.has(name)) {
        const message = 'this name is Dayshift’s own: agents get no key and no other address';
        faults.push({ path: at('env', name), message, key: true });
      } else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        const message = 'not a name of the environment: letters, digits and _ only';
        faults.push({ path: at('env', name), message, key: true });
      }
    }
  });
  return faults;
}

function checkSchedule(entries: Config['schedule']): Fault[] {
  return entries.flatMap(({ name }, index): Fault[] => {
    const other = entries.findIndex((entry) => entry.name === name);
    const message = `${JSON.stringify(name)} is also the name of schedule[${other}]`;
    return other < index ? [{ path: ['schedule', index, 'name'], message }] : [];
  });
}

function isInside(path: string): boolean {
  const plain = normalize(path);
  return path !== '' && !isAbsolute(plain) && plain !== '..' && !plain.startsWith('../');
}
