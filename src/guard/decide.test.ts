import { expect, test } from 'vitest';
import { setting } from './corpus/setting.ts';
import { decide, explain, rulesFor } from './index.ts';
import type { Decision, GuardContext } from './index.ts';

const tool = (name: string, input: Record<string, unknown>, context: GuardContext = setting): string => {
  const decision = decide({ tool: name, input, cwd: '/repo' }, context);
  return `${decision.decision} ${decision.rule}`;
};
const bash = (command: string, context: GuardContext = setting, cwd = '/repo'): Decision =>
  decide({ tool: 'Bash', input: { command }, cwd }, context);

test.each([
  ['Write', { file_path: '/repo/src/a.ts', content: 'git commit' }, 'allow path.inside'],
  ['Write', { file_path: 'src/a.ts' }, 'allow path.inside'],
  ['Edit', { file_path: '/shift/out/summary.md' }, 'allow path.inside'],
  ['Write', { file_path: '/tmp/x' }, 'allow path.inside'],
  ['MultiEdit', { file_path: '/repo/a.ts' }, 'allow path.inside'],
  ['NotebookEdit', { notebook_path: '/repo/a.ipynb' }, 'allow path.inside'],
  ['NotebookEdit', { notebook_path: '/srv/a.ipynb' }, 'deny path.outside'],
  ['Write', { file_path: '/repo/../srv/x' }, 'deny path.outside'],
  ['Write', { file_path: '/repo/link/x' }, 'deny path.outside'],
  ['Write', { file_path: '/repo/link/../x' }, 'deny path.outside'],
  ['Write', { file_path: '~/.bashrc' }, 'deny path.outside'],
  ['Write', { file_path: '/repo/.git/hooks/pre-commit' }, 'deny path.guarded'],
  ['Edit', { file_path: '/repo/.git' }, 'deny path.guarded'],
  ['Write', { file_path: '/repo/.claude/settings.local.json' }, 'deny path.guarded'],
  ['Write', { file_path: '/repo/.env' }, 'allow path.inside'],
  ['Write', { file_path: '/repo/certs/id_rsa' }, 'deny path.secret'],
  ['Write', { file_path: '/repo/data/app.db' }, 'deny database.file'],
  ['Write', {}, 'deny tool.unknown'],
  ['Read', { file_path: '/repo/package.json' }, 'allow path.inside'],
  ['Read', { file_path: '/usr/share/doc/x' }, 'allow path.inside'],
  ['Read', { file_path: '/home/u/.ssh/config' }, 'deny path.secret'],
  ['Read', { file_path: '/repo/.env' }, 'deny path.secret'],
  ['Read', { file_path: '/srv/x' }, 'deny path.outside'],
  ['Read', { file_path: '/proc/self/environ' }, 'deny path.secret'],
  ['Glob', { pattern: '**/*.ts' }, 'allow path.inside'],
  ['Glob', { pattern: '/srv/**/*.ts' }, 'deny path.outside'],
  ['Grep', { pattern: 'git commit', path: 'src' }, 'allow path.inside'],
  ['Grep', { pattern: 'x', path: '/home/u' }, 'deny path.outside'],
  ['Grep', { pattern: 'KEY', glob: '.env' }, 'deny path.secret'],
  ['Grep', { pattern: 'KEY', glob: 'src/{a,.env}' }, 'deny path.secret'],
  ['Grep', { pattern: 'KEY', glob: '*.{ts,tsx}' }, 'allow path.inside'],
  ['Grep', { pattern: 'KEY', glob: '**/*' }, 'allow path.inside'],
  ['Grep', { pattern: 'KEY', glob: '!.env' }, 'allow path.inside'],
  ['Glob', { pattern: '{/home/u,/root}/*' }, 'deny path.outside'],
  ['Glob', { pattern: '**/../../home/u/*' }, 'ask shell.unknown'],
  ['Glob', { pattern: 'src/**/*.{ts,tsx}' }, 'allow path.inside'],
  ['NotebookEdit', { file_path: 'ok', notebook_path: '/home/u/x' }, 'deny path.outside'],
  ['Read', { file_path: ['/home/u/x'] }, 'deny tool.unknown'],
  ['Read', { file_path: '/repo/a.ts', offset: 3 }, 'allow path.inside'],
  ['LS', { path: '/repo' }, 'allow path.inside'],
  ['TodoWrite', { todos: [] }, 'allow tool.own'],
  ['Task', { prompt: 'git commit' }, 'allow tool.own'],
  ['AskUserQuestion', { questions: [] }, 'allow tool.own'],
  ['ExitPlanMode', {}, 'allow tool.own'],
  ['BashOutput', { bash_id: '1' }, 'allow tool.own'],
  ['TaskStop', { task_id: '1' }, 'allow tool.own'],
  ['Monitor', { command: 'tail -f /tmp/log' }, 'allow path.inside'],
  ['Monitor', { command: 'git push' }, 'deny git.write'],
  ['Bash', {}, 'deny tool.unknown'],
  ['EnterWorktree', {}, 'deny tool.worktree'],
  ['ScheduleWakeup', {}, 'deny tool.schedule'],
  ['CronCreate', {}, 'deny tool.schedule'],
  ['WebFetch', { url: 'https://api.allowed.test/x' }, 'allow network.listed'],
  ['WebFetch', { url: 'https://evil.example/' }, 'deny network.egress'],
  ['WebFetch', { url: 'https://api.allowed.test@evil.example/' }, 'deny network.egress'],
  ['WebSearch', { query: 'x' }, 'deny network.egress'],
  ['mcp__db__query', { sql: 'drop' }, 'deny tool.unknown'],
  ['BrandNewTool', {}, 'deny tool.unknown'],
])('%s %j: %s', (name, input, expected) => {
  expect(tool(name, input)).toBe(expected);
});

test('a tool that a rule names is allowed, by its exact name', () => {
  const context = { ...setting, policy: { ...setting.policy, rules: rulesFor({ tools: ['mcp__docs__search'] }) } };
  expect(tool('mcp__docs__search', {}, context)).toBe('allow tool.allowed');
  expect(tool('mcp__docs__search2', {}, context)).toBe('deny tool.unknown');
});

test('a secret that is named as readable may be read, and only that one', () => {
  const context = { ...setting, readable: ['/repo/.env.local'] };
  expect(tool('Read', { file_path: '/repo/.env.local' }, context)).toBe('allow path.inside');
  expect(tool('Read', { file_path: '/repo/.env' }, context)).toBe('deny path.secret');
  expect(tool('Write', { file_path: '/repo/.env.local' }, context)).toBe('allow path.inside');
});

test('the working folder of the call counts', () => {
  expect(bash('rm -rf x', setting, '/srv').rule).toBe('path.outside');
  expect(bash('rm -rf ../x', setting, '/repo/src').decision).toBe('allow');
});

test('an error in a port is a deny, not an exception', () => {
  const context: GuardContext = {
    ...setting,
    realpath: () => {
      throw new Error('gone');
    },
  };
  expect(bash('cat a', context)).toMatchObject({ decision: 'deny', rule: 'guard.error' });
  expect(tool('Read', { file_path: '/repo/a' }, context)).toBe('deny guard.error');
});

test('input that is too long, too deep or full of control characters is a deny', () => {
  expect(bash(`echo ${'a'.repeat(70_000)}`).rule).toBe('guard.length');
  expect(bash('$('.repeat(3000)).decision).toBe('deny');
  expect(bash(`${'eval '.repeat(200)}ls`).rule).toBe('guard.error');
  expect(bash('ls\n'.repeat(10_000)).rule).toBe('guard.error');
  expect(bash('git com\u0000mit').decision).toBe('deny');
  expect(bash('f() { f; }; f').decision).not.toBe('allow');
});

test('every deny says what to do instead', () => {
  for (const command of ['git push', 'psql', 'rm -rf /', 'curl https://x.example', 'npm publish', 'umount x']) {
    expect(bash(command).instead).toMatch(/\w/);
  }
});

test('explain shows the commands that would run, their effects and the decision', () => {
  const { commands, effects, decision } = explain('cd src && npm run release | tee "$LOG"', setting);
  expect(commands).toContainEqual({ words: ['git', 'push'], cwd: '/repo', via: ['npm', 'script release'] });
  expect(commands).toContainEqual({ words: ['tee', '…'], cwd: '/repo/src', via: [] });
  expect(effects).toContainEqual({ kind: 'git_write', command: 'git push' });
  expect(decision).toMatchObject({ decision: 'deny', rule: 'git.write' });
});
