import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { loadHome, loadPlan, lookAtProject, projectConfig } from './index.ts';

async function home(config: string, git = false): Promise<string> {
  const path = newFolder('load');
  await mkdir(join(path, 'config'));
  await mkdir(join(path, 'tasks'));
  await writeFile(join(path, 'config', 'dayshift.yaml'), config);
  if (git) execFileSync('git', ['init', '-q', path]);
  return path;
}
const commit = (path: string) =>
  execFileSync('git', [
    '-C',
    path,
    '-c',
    'user.name=T',
    '-c',
    'user.email=t@example.com',
    'commit',
    '-q',
    '-m',
    's',
    '--allow-empty',
  ]);
const load = (path: string) => loadHome({ home: path, env: {}, cwd: '/' });
const noon = new Date('2026-11-23T12:00:00Z');

test('with no project named, it is the repository that contains the home', async () => {
  const repository = await home('', true);
  const inner = join(repository, 'orchestrator');
  await mkdir(join(inner, 'config'), { recursive: true });
  await writeFile(join(inner, 'config', 'dayshift.yaml'), '');
  expect((await load(repository)).projects).toEqual([{ name: 'home', path: repository, copy: [] }]);
  const found = await load(inner);
  expect(found.projects).toEqual([{ name: 'home', path: repository, copy: [] }]);
  expect(projectConfig(found, 'home')).toMatchObject({ checks: [], env: {}, protect: [] });
});

test('a plan is found by day, by word and by file', async () => {
  const path = await home('timezone: Pacific/Auckland', true);
  const found = await load(path);
  const text = 'tasks: [{id: a, name: A, context_files: [config/dayshift.yaml, no.md]}]';
  await writeFile(join(path, 'tasks', '2026-11-24.yml'), text);
  await writeFile(join(path, 'tasks', 'other.yaml'), `date: 2026-11-24\n${text}`);
  // It is tomorrow already where this home is.
  for (const target of [undefined, 'today', '2026-11-24', 'tasks/2026-11-24.yml', join(path, 'tasks/2026-11-24.yml')]) {
    const { plan, file, problems } = await loadPlan(target, found, noon, '/');
    expect(file).toBe('tasks/2026-11-24.yml');
    expect(plan).toMatchObject({ date: '2026-11-24', file, timezone: 'Pacific/Auckland' });
    expect(problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: no.md is not in the project home',
    ]);
  }
  expect((await loadPlan('other.yaml', found, noon, join(path, 'tasks'))).plan?.date).toBe('2026-11-24');
});

test('a day without a file names the nearest ones; a file that is none says so', async () => {
  const path = await home('', true);
  const found = await load(path);
  expect((await loadPlan('2026-11-23', found, noon)).problems[0]?.message).toMatch(/no task file of any day yet/);
  for (const day of ['2026-01-01', '2026-11-20', '2026-11-24', 'notes']) {
    await writeFile(join(path, 'tasks', `${day}.yaml`), 'tasks: []');
  }
  expect(await loadPlan('2026-11-23', found, noon)).toMatchObject({
    file: 'tasks/2026-11-23.yaml',
    missing: '2026-11-23',
    problems: [{ message: 'there is no such file; the nearest days are 2026-01-01, 2026-11-20, 2026-11-24' }],
  });
  expect((await loadPlan('2026-02-30', found, noon)).problems[0]?.message).toBe('there is no such day as 2026-02-30');
  expect((await loadPlan('tasks', found, noon)).problems[0]?.message).toBe('this is a folder, not a file');
  const nothing = await loadPlan('nothing.yaml', found, noon);
  expect(nothing.problems).toHaveLength(1);
  expect(nothing.missing).toBeUndefined();
});

test('a repository without a commit is worked on as a copy, a bare one is not; both are known before the day', async () => {
  const path = await home('', true);
  expect(await lookAtProject(path, process.env)).toEqual({ kind: 'copy', unborn: true });
  commit(path);
  const bare = join(newFolder('bare'), 'bare.git');
  execFileSync('git', ['clone', '-q', '--bare', path, bare]);
  const { branch } = await lookAtProject(path, process.env);
  expect(await lookAtProject(bare, process.env)).toEqual({ kind: 'git', branch });
  expect(branch).toMatch(/^ma/);
  expect(await lookAtProject(path, { PATH: '/nowhere' })).toEqual({ kind: 'git' });
});

test('uncommitted changes are counted, whatever their names', async () => {
  const path = await home('', true);
  commit(path);
  expect(await lookAtProject(path, process.env)).toMatchObject({ kind: 'git', uncommitted: 1 });
  await writeFile(join(path, 'a b\nc'), '');
  await writeFile(join(path, 'ä'), '');
  await writeFile(join(path, '.gitignore'), 'ignored\n.gitignore\n');
  await writeFile(join(path, 'ignored'), '');
  expect(await lookAtProject(path, process.env)).toMatchObject({ uncommitted: 3 });
  // A home within it is Dayshift's; a filter of the project's own config is not run.
  await mkdir(join(path, 'orchestrator/tasks'), { recursive: true });
  await writeFile(join(path, 'orchestrator/tasks/x.yaml'), '');
  expect(await lookAtProject(path, process.env)).toMatchObject({ uncommitted: 4 });
  expect(await lookAtProject(path, process.env, join(path, 'orchestrator'))).toMatchObject({ uncommitted: 3 });
  const git = (...args: string[]) => execFileSync('git', ['-C', path, ...args]);
  await writeFile(join(path, '.gitattributes'), 'f.x filter=a.b\n');
  await writeFile(join(path, 'f.x'), 'x\n');
  git('add', '.gitattributes', 'f.x');
  git('config', 'filter.a.b.clean', `touch '${join(path, 'ran')}'; cat`);
  await writeFile(join(path, 'f.x'), 'y\n');
  await lookAtProject(path, process.env);
  expect(existsSync(join(path, 'ran'))).toBe(false);
  git('status');
  expect(existsSync(join(path, 'ran'))).toBe(true);
  const plain = await home('');
  expect(await lookAtProject(plain, process.env)).toEqual({ kind: 'copy' });
});
