import { constants, existsSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import {
  parseScript,
  rehearsalScript,
  scriptOf,
  startScriptedModel,
  type ProjectLook,
  type Script,
  type ScriptInput,
} from '../agents/index.ts';
import { DayshiftError, hasCode } from '../base/index.ts';
import { filesOf, formatProblem } from '../document/index.ts';
import { SCRIPTED_KEY } from '../door/index.ts';
import { emptyState } from '../journal/index.ts';
import {
  findHome,
  homePaths,
  loadDay,
  loadEnvFile,
  loadHome,
  projectConfig,
  type Home,
  type HomePaths,
} from '../home/index.ts';
import { cloneProject } from './clone-project.ts';

/** A temporary home in which a day is run with a scripted model. */
export interface Rehearsal {
  home: string;
  file: string;
  env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/**
 * Makes a temporary home with this one's config and the day's task file. The projects are worked on as clones that
 * share their objects, so nothing is written into them. Without a script of the person's, the model touches the
 * deliverables. The home is kept for a look at it; the clones with it.
 */
export async function rehearsal(
  where: { home?: string; env: NodeJS.ProcessEnv; cwd: string },
  target: string | undefined,
  scriptFile: string | undefined,
): Promise<Rehearsal> {
  const real = await loadHome(where);
  // As its own home will see it: without a past.
  const { plan, problems, file } = await loadDay(target, real, new Date(), emptyState(), { cwd: where.cwd });
  if (plan === undefined) {
    throw new DayshiftError('usage', problems.map(formatProblem).join('\n'), {
      hint: `mend ${filesOf(problems, file)}`,
    });
  }
  const given = scriptFile === undefined ? undefined : await readScript(scriptFile);
  const root = await mkdtemp(join(tmpdir(), 'dayshift-rehearsal-'));
  const paths = homePaths(join(root, 'home'));
  await cp(real.paths.config, paths.config, { recursive: true });
  await mkdir(paths.tasks, { recursive: true });
  const copied = join(paths.tasks, basename(file));
  await cp(file.startsWith('/') ? file : join(real.paths.home, file), copied).catch((error: unknown) => {
    // A day of recurring tasks alone has no file of its own.
    if (!hasCode(error, 'ENOENT')) throw error;
  });
  await writeFile(paths.configFile, stringify(await rehearsalConfig(real, root)));
  const looks = await looksAt(root, plan.tasks);
  const script = given ?? rehearsalScript(plan.tasks, ({ project }) => looks(project));
  await mkdir(paths.own, { recursive: true });
  await mkdir(paths.feedback, { recursive: true });
  // With the script, the day can go on here after it waited.
  await writeFile(markOf(paths), JSON.stringify(script));
  const { values } = await loadEnvFile(real.paths);
  return { file: copied, ...(await withModel(script, paths, { ...values, ...where.env })) };
}

/**
 * A rehearsal that goes on in its own home, with its script: what was parked has its answer by now. undefined where the home is none
 * that was made for a rehearsal.
 */
export async function reopenRehearsal(where: {
  home?: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
}): Promise<Omit<Rehearsal, 'file'> | undefined> {
  const paths = await findHome(where);
  if (!isRehearsal(paths)) return undefined;
  const script = JSON.parse(await readFile(markOf(paths), 'utf8')) as ScriptInput;
  return withModel(scriptOf(script), paths, where.env);
}

/** Starts the model. `env`: what tasks take from the environment; who pays is replaced. */
async function withModel(script: Script, paths: HomePaths, env: NodeJS.ProcessEnv): Promise<Omit<Rehearsal, 'file'>> {
  const model = await startScriptedModel(script, {});
  return {
    home: paths.home,
    env: {
      ...env,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: SCRIPTED_KEY,
      ANTHROPIC_AUTH_TOKEN: '',
      CLAUDE_CODE_OAUTH_TOKEN: '',
      DAYSHIFT_HOME: '',
    },
    close: () => model.close(),
  };
}

/** Whether a home was made for a rehearsal. */
export function isRehearsal(paths: HomePaths): boolean {
  return existsSync(markOf(paths));
}

function markOf(paths: HomePaths): string {
  return join(paths.own, 'rehearsal');
}

/** The config with each project's path replaced by its clone's. */
async function rehearsalConfig(real: Home, root: string): Promise<object> {
  const projects = [];
  for (const project of real.projects) {
    const clone = cloneIn(root, project.name);
    await cloneProject(project.path, clone);
    // Git does not clone what it ignores; the day needs what `copy:` names.
    for (const path of project.copy) {
      await cp(join(project.path, path), join(clone, path), {
        recursive: true,
        verbatimSymlinks: true,
        mode: constants.COPYFILE_FICLONE,
        force: true,
      }).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
    }
    projects.push({ ...projectConfig(real, project.name), name: project.name, path: clone });
  }
  return { ...real.config, projects };
}

/** What is there of each project that tasks work on. */
async function looksAt(root: string, tasks: readonly { project: string }[]): Promise<(project: string) => ProjectLook> {
  const known = new Map<string, ProjectLook>();
  for (const { project } of tasks) if (!known.has(project)) known.set(project, await lookAt(cloneIn(root, project)));
  return (project) => known.get(project) ?? { exists: () => false, isFolder: () => false, files: () => [] };
}

async function lookAt(clone: string): Promise<ProjectLook> {
  const git = await execa('git', ['ls-files', '-z'], { cwd: clone, reject: false });
  const files =
    git.exitCode === 0
      ? git.stdout.split('\0').filter((path) => path !== '')
      : await readdir(clone, { recursive: true }).catch(() => []);
  const is = (path: string) => {
    try {
      return statSync(join(clone, path), { throwIfNoEntry: false });
    } catch {
      return undefined; // A name that is too long, a folder that cannot be entered: nothing there for a rehearsal.
    }
  };
  const sorted = files.filter((path) => is(path)?.isFile() === true).sort();
  return {
    exists: (path) => is(path) !== undefined,
    isFolder: (path) => is(path)?.isDirectory() === true,
    files: () => sorted,
  };
}

function cloneIn(root: string, project: string): string {
  return join(root, 'projects', project);
}

async function readScript(path: string): Promise<Script> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new DayshiftError('usage', `there is no script ${path}`, { cause: error });
    throw error;
  }
  return parseScript(text, path);
}
