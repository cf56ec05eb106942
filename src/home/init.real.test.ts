import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { initHome, loadHome, loadPlan } from './index.ts';
import { configSchema } from './schema.ts';
import { gitignore, homeFiles } from './templates/index.ts';

const folder = () => newFolder('init');

test('it makes a home that can be loaded, with an example that is a valid day', async () => {
  const root = folder();
  execFileSync('git', ['init', '-q', root]);
  const { home, made, kept } = await initHome(join(root, 'new', 'orchestrator'));
  expect(home).toBe(join(root, 'new', 'orchestrator'));
  expect(kept).toEqual([]);
  expect(made.sort()).toEqual([...Object.keys(homeFiles), '.gitignore'].sort());
  const found = await loadHome({ home, env: {}, cwd: '/' });
  expect(found.config).toEqual(configSchema.parse({}));
  expect(found.projects[0]?.path).toBe(root);
  const { plan } = await loadPlan('tasks/example.yaml', found, new Date());
  expect(plan?.tasks.map(({ id }) => id)).toEqual(['task-001', 'task-002']);
});

test('secrets, what is Dayshift’s own and patches that may hold secrets are ignored by git', async () => {
  const home = folder();
  execFileSync('git', ['init', '-q', home]);
  await initHome(home);
  const ignored = (path: string) => {
    try {
      execFileSync('git', ['-C', home, 'check-ignore', '-q', path]);
      return true;
    } catch {
      return false;
    }
  };
  expect(gitignore).toContain('.env');
  for (const path of [
    '.env',
    '.dayshift/lock',
    'agent_workspaces/2026-11-23/a/x',
    'agent_questions/a.md',
    'results/2026-11-23/a.patch',
  ]) {
    expect(ignored(path), path).toBe(true);
  }
  for (const path of ['agent_workspaces/README.md', 'feedback/2026-11-23.md', 'tasks/example.yaml']) {
    expect(ignored(path), path).toBe(false);
  }
});
