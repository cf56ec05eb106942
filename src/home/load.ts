import { relative } from 'node:path';
import { DayshiftError, hasCode, messageOf } from '../base/index.ts';
import { formatPath, formatProblem, parseDocument, readText, tidyProblems, type Problem } from '../document/index.ts';
import type { HomeGuard } from '../guard/index.ts';
import { loadRules } from '../guarding/index.ts';
import { configFaults } from './config-faults.ts';
import { findHome } from './find.ts';
import type { HomePaths } from './paths.ts';
import { findProjects } from './projects.ts';
import { configSchema, type Config } from './schema.ts';
import type { Home, HomeQuery } from './types.ts';

/** Finds the home and reads its config, its rules and its projects. Throws DayshiftError (usage) that lists everything that is wrong. */
export async function loadHome(query: HomeQuery): Promise<Home> {
  const paths = await findHome(query);
  const [{ config, remarks }, rules] = await both(
    loadConfig(paths),
    loadRules(paths.guardFile, relative(paths.home, paths.guardFile)),
  );
  const found = await findProjects(paths.home, config);
  const warnings = [...remarks, ...Object.entries(found.unavailable).map(([name, why]) => `project ${name}: ${why}`)];
  const guard: HomeGuard = { ...rules, tools: [...(rules?.tools ?? []), ...config.guard.tools] };
  return { paths, config, guard, ...found, warnings };
}

/** Two files of a home read side by side. What is wrong with either is told at once: throws one DayshiftError for both. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([one, other]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  const errors: unknown[] = [a, b].flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const known = errors.filter((error) => error instanceof DayshiftError);
  if (known.length < 2) throw errors[0];
  throw new DayshiftError('usage', known.map(({ message }) => message).join('\n'), {
    hint: known.flatMap(({ hint }) => hint ?? []).join('; '),
    cause: known[0],
  });
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
  const faults = configFaults(parsed.raw).map(({ path, message, key }): Problem => ({
    file,
    ...parsed.locate(path, key === true ? 'key' : 'value'),
    path: formatPath(path),
    message,
    severity: 'error',
  }));
  if (faults.length === 0 && parsed.value !== undefined) return { value: parsed.value, problems: parsed.problems };
  return { problems: tidyProblems([...parsed.problems, ...faults]) };
}
