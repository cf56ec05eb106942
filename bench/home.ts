import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { homePaths, type HomePaths } from '../src/home/index.ts';
import { proveInAdvance } from '../test/support/proved.ts';

/** The day of all benchmarks. */
export const DAY = '2026-11-23';

const repository = join(import.meta.dirname, '..');

/** `dayshift` as it is started in a checkout. */
export const dayshift = join(repository, 'src/cli/bin.js');

/** A home with one git project, in a temporary folder. */
export interface BenchHome {
  root: string;
  paths: HomePaths;
  project: string;
  /** A whole environment for a process that works on this home. */
  env: Record<string, string>;
  remove: () => void;
}

export async function makeHome(options: {
  files: Record<string, string>;
  config?: string;
  /** Where it is made; default: the temporary folder. */
  folder?: string;
  /** The task file below its `date:` line. */
  tasks: string;
}): Promise<BenchHome> {
  const root = mkdtempSync(join(options.folder ?? tmpdir(), 'dayshift-bench-'));
  const project = join(root, 'project');
  const paths = homePaths(join(root, 'home'));
  for (const [name, text] of Object.entries(options.files)) put(join(project, name), text);
  put(paths.configFile, `timezone: UTC\nprojects: [{ name: app, path: ../project }]\n${options.config ?? ''}`);
  put(join(paths.tasks, `${DAY}.yaml`), `date: ${DAY}\n${options.tasks}`);
  mkdirSync(join(root, 'user'));
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], { cwd: project });
  await git('init', '-q', '-b', 'main');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'start');
  // As a clone has them: thousands of loose objects are no repository's everyday state.
  await git('repack', '-adq');
  await proveInAdvance(paths);
  return {
    root,
    paths,
    project,
    env: {
      PATH: `${join(repository, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      HOME: join(root, 'user'),
      DAYSHIFT_HOME: paths.home,
      NO_COLOR: '1',
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
