import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { scriptOf, startScriptedModel, type ScriptInput, type ScriptedModel } from '../../src/agents/index.ts';
import { homePaths, type HomePaths } from '../../src/home/index.ts';
import { readEvents, type EventOf, type EventType, type JournalEvent, type State } from '../../src/journal/index.ts';
import { readState } from '../../src/journal/read-only.ts';
import { proveInAdvance } from './proved.ts';

const repository = new URL('../../', import.meta.url).pathname;
/** The day of all end-to-end tests: they never depend on what day it is. */
export const DAY = '2026-11-23';
/** A program of Node's in a folder, with exactly this environment and the cache of compiled modules that the product's own entry has. */
function startNode(args: string[], cwd: string, env: Record<string, string>) {
  const cached = { ...env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '' };
  return execa(process.execPath, args, { cwd, env: cached, extendEnv: false, reject: false, stdin: 'ignore' });
}

type Running = ReturnType<typeof startNode>;

/** The secret that the daemon holds and nobody else may ever see. */
export const KEY = 'sk-ant-api03-end-to-end-secret-0123456789';

export interface TestHome {
  paths: HomePaths;
  project: string;
  model: ScriptedModel;
  env: Record<string, string>;
  /** Runs the CLI to its end; never rejects. */
  cli(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Starts the CLI and leaves it running; killed when the test ends. */
  start(...args: string[]): Running;
  /** Starts a program of the tests' own with this home's environment. */
  startScript(script: string, args: string[]): Running;
  events(): Promise<JournalEvent[]>;
  of<T extends EventType>(type: T): Promise<EventOf<T>[]>;
  state(): Promise<State>;
  /** Resolves with the first event that fits, past or to come. */
  until(fits: (event: JournalEvent) => boolean, ms?: number): Promise<JournalEvent>;
  report(): string;
  git(...args: string[]): Promise<string>;
}

export interface HomeOptions {
  /** The task file below its `date:` line. */
  tasks: string;
  script: ScriptInput;
  /** Further lines of config/dayshift.yaml. */
  config?: string;
  /** Files of the project; a small default otherwise. */
  files?: Record<string, string>;
  /** The home does not know yet that the CLI keeps to its hooks; else it was proved there before. */
  unproved?: boolean;
}

/** A home in a temporary folder with one git project, a scripted model, and the real CLI. All of it goes when the test ends. */
export async function makeHome(options: HomeOptions): Promise<TestHome> {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-e2e-'));
  const project = join(root, 'project');
  const paths = homePaths(join(root, 'home'));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const files = options.files ?? { 'README.md': '# Sample\n', 'src/a.txt': 'a\n' };
  for (const [name, text] of Object.entries(files)) put(join(project, name), text);
  put(
    paths.configFile,
    `timezone: UTC\nprojects: [{ name: app, path: ../project }]\n${options.config ?? 'questions: { hold_seconds: 0 }\n'}`,
  );
  put(join(paths.tasks, `${DAY}.yaml`), `date: ${DAY}\n${options.tasks}`);
  const git = async (...args: string[]) =>
    (await execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: project })).stdout;
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'start');
  if (options.unproved !== true) await proveInAdvance(paths);
  const model = await startScriptedModel(scriptOf(options.script), {});
  const env: Record<string, string> = {
    PATH: `${join(repository, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    HOME: join(root, 'user'),
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: KEY,
    DAYSHIFT_HOME: paths.home,
    NO_COLOR: '1',
  };
  mkdirSync(env.HOME!, { recursive: true });
  const running = new Set<Running>();
  const spawn = (file: string, args: string[]) => {
    const child = startNode([file, ...args], paths.home, env);
    running.add(child);
    void child.finally(() => running.delete(child));
    return child;
  };
  const bin = join(repository, 'src/cli/bin.js');
  const events = async () => {
    const all: JournalEvent[] = [];
    for await (const event of readEvents(paths.journal, {})) all.push(event);
    return options.unproved === true ? all : all.filter(({ type }) => type !== 'cli.proved');
  };
  onTestFinished(async () => {
    for (const child of running) child.kill('SIGKILL');
    await Promise.all(running);
    await model.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    paths,
    project,
    model,
    env,
    async cli(...args) {
      const { exitCode, stdout, stderr } = await spawn(bin, args);
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    start: (...args) => spawn(bin, args),
    startScript: (script, args) => spawn(script, args),
    events,
    of: async (type) => (await events()).filter((event) => event.type === type) as never,
    state: async () => (await readState(paths)).state,
    until: (fits, ms = 90_000) => poll(async () => (await events()).find(fits), ms),
    report: () => readFileSync(join(paths.results, `${DAY}-report.md`), 'utf8'),
    git,
  };
}

/** Asks until there is an answer; rejects after `ms`, saying so. */
export async function poll<T>(ask: () => Promise<T | undefined> | T | undefined, ms = 90_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`nothing came of ${ask.toString()} within ${ms} ms`);
    // What is waited for runs in other processes: they need the processor.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The files in which the CLI of a task keeps its conversations. */
export function conversations(home: TestHome, id: string): string[] {
  const folder = join(home.paths.workspaces, DAY, id, 'cli', 'projects');
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
}

/**
 * Resolves when the CLI of a task has written down that it uses a tool, which it does a moment after it began: killed before, it
 * has no conversation to go on with.
 */
export function writtenDown(home: TestHome, id: string): Promise<true> {
  const isThere = (path: string) => readFileSync(path, 'utf8').includes('"tool_use"');
  return poll(() => (conversations(home, id).some(isThere) ? true : undefined));
}

/** Every file below a folder with its text, to look for what must not be there. */
export function allTexts(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'latin1') }));
}

/** Words of processes on this machine that carry `mark` in their command line or environment. */
export function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].some((path) => textOf(path).includes(mark)));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // the process ended, or is somebody else's
  }
}
