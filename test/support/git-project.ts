import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { workspacePaths, type Project, type WorkspacePaths } from '../../src/workspace/index.ts';

/** A temporary folder with a project in `project/` and a home in `home/`, gone when the test is over. */
export interface GitProject {
  dir: string;
  path: string;
  project: Project;
  home: { workspaces: string; stores: string };
  /** The person's own git, in the project. */
  git(...args: string[]): string;
  write(path: string, content: string | Buffer): void;
  paths(task?: string, date?: string): WorkspacePaths;
}

/** With a commit of `files`; without a repository if `files` is undefined. */
export function gitProject(files?: Record<string, string>, init: string[] = []): GitProject {
  const dir = tempDir();
  const path = join(dir, 'project');
  const home = { workspaces: join(dir, 'home/agent_workspaces'), stores: join(dir, 'home/.dayshift/stores') };
  const made: GitProject = {
    dir,
    path,
    project: { name: 'project', path, copy: [] },
    home,
    git: (...args) => personGit(path, ...args),
    write: (name, content) => put(join(path, name), content),
    paths: (task = 'task-001', date = '2026-11-23') => workspacePaths(home, date, task),
  };
  mkdirSync(path);
  if (files === undefined) return made;
  made.git('init', '-q', '-b', 'main', ...init);
  for (const [name, content] of Object.entries(files)) made.write(name, content);
  made.git('add', '-A');
  made.git('commit', '-q', '-m', 'start', '--allow-empty');
  return made;
}

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'dayshift-ws-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** git as a person runs it, apart from this machine's configuration. */
export function personGit(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Person', '-c', 'user.email=person@localhost', '-c', 'protocol.file.allow=always'];
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C',
  };
  return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Every file below `dir` with what it holds: type, mode, content. Names as latin1, `leave` leaves a folder out. */
export function picture(dir: string, leave: (path: string) => boolean = () => false): Record<string, string> {
  const seen: Record<string, string> = {};
  const walk = (at: Buffer, name: string): void => {
    for (const entry of readdirSync(at, { encoding: 'buffer' })) {
      const path = name === '' ? entry.toString('latin1') : `${name}/${entry.toString('latin1')}`;
      const full = Buffer.concat([at, Buffer.from('/'), entry]);
      if (leave(path)) continue;
      const stat = lstatSync(full);
      if (stat.isDirectory()) walk(full, path);
      else if (stat.isSymbolicLink()) seen[path] = `link ${readlinkSync(full)}`;
      else {
        const hash = createHash('sha1').update(readFileSync(full)).digest('hex');
        seen[path] = `${(stat.mode & 0o100) === 0 ? 'file' : 'program'} ${hash}`;
      }
    }
  };
  walk(Buffer.from(dir), '');
  return seen;
}

/** The files of a checkout, without its `.git`. */
export function files(dir: string): Record<string, string> {
  return picture(dir, (path) => path === '.git');
}
