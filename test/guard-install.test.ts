import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { scriptOf, startScriptedModel } from '../src/agents/index.ts';
import { bash, writeFile } from './support/turns.ts';

// `dayshift guard install` for a person's own Claude Code: the real CLI with its ordinary settings, no daemon, no sandbox.

const repository = new URL('../', import.meta.url).pathname;

interface Desk {
  project: string;
  home: string;
  settings: string;
  dayshift: (...args: string[]) => Promise<{ exitCode?: number | undefined; stdout: string; stderr: string }>;
  /** Runs the real CLI, in which every command of the shell is allowed beforehand, and plays these tool calls. */
  claude: (...tools: { name: string; input: Record<string, unknown> }[]) => Promise<string>;
  commits: () => Promise<string>;
  status: () => Promise<string>;
}

/** A person's machine: a HOME, a project with one commit. */
async function desk(): Promise<Desk> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'guard-desk-')));
  const [project, home] = [join(root, 'it’s a shop'), join(root, 'home')];
  for (const folder of [project, home]) mkdirSync(folder);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    NO_COLOR: '1',
    GIT_CONFIG_GLOBAL: join(root, 'gitconfig'),
  };
  writeFileSync(env.GIT_CONFIG_GLOBAL, '[user]\n\tname = T\n\temail = t@example.com\n');
  const run = (file: string, args: string[], more: Record<string, string> = {}) =>
    execa(file, args, { cwd: project, env: { ...env, ...more }, extendEnv: false, reject: false, stdin: 'ignore' });
  writeFileSync(join(project, 'a.txt'), 'a\n');
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'start'],
  ])
    await run('git', args);
  writeFileSync(join(project, 'a.txt'), 'b\n');
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  return {
    project,
    home,
    settings: join(project, '.claude/settings.local.json'),
    dayshift: (...args) => run(process.execPath, [join(repository, 'src/cli/bin.js'), ...args]),
    async claude(...tools) {
      const turns = tools.map((tool) => ({ tools: [tool] }));
      const model = await startScriptedModel(scriptOf({ tasks: [{ match: 'play it', turns }] }), {});
      const flags = [
        '-p',
        'play it',
        '--output-format',
        'stream-json',
        '--verbose',
        '--allowedTools',
        'Bash,Write,Edit',
      ];
      const { stdout } = await run(
        join(repository, 'node_modules/.bin/claude'),
        [...flags, '--model', 'claude-sonnet-4-5'],
        {
          ANTHROPIC_BASE_URL: model.url,
          ANTHROPIC_API_KEY: 'nobody-uses-it',
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          DISABLE_AUTOUPDATER: '1',
        },
      );
      await model.close();
      return stdout;
    },
    commits: async () => (await run('git', ['log', '--format=%s'])).stdout,
    status: async () => (await run('git', ['status', '--short'])).stdout,
  };
}

test('in an interactive CLI’s settings the guard refuses what it denies, and the rest runs', async () => {
  const { claude, commits, dayshift, project, settings, status } = await desk();
  const calls = [bash("g''it commit -qam x"), bash('touch made'), writeFile(settings, '{}')];
  const installed = await dayshift('guard', 'install');
  expect(installed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(installed.stdout).toContain('it refuses a commit');
  expect(installed.stdout).toContain('Rules: none of yours');
  // It holds paths of this machine.
  expect(await status()).toBe(' M a.txt');
  const before = readFileSync(settings, 'utf8');
  const said = await claude(...calls);
  expect(said).toContain('guard, git.write');
  expect(await commits()).toBe('start');
  expect(existsSync(join(project, 'made'))).toBe(true);
  expect(readFileSync(settings, 'utf8')).toBe(before);

  expect((await dayshift('guard', 'uninstall')).exitCode).toBe(0);
  expect(existsSync(join(project, '.claude'))).toBe(false);
  await claude(bash('git commit -qam x'));
  expect(await commits()).toBe('x\nstart');
});

test('a hook that cannot judge lets nothing run: its Node is gone, or the rules cannot be read', async () => {
  const { claude, dayshift, home, project, settings } = await desk();
  await dayshift('guard', 'install', '--user');
  mkdirSync(join(home, '.config/dayshift'), { recursive: true });
  writeFileSync(join(home, '.config/dayshift/guard.yaml'), 'rules: [{ when: {}, then: no }]\n');
  expect(await claude(bash('touch made'))).toContain('so it is blocked');
  expect(existsSync(join(project, 'made'))).toBe(false);

  await dayshift('guard', 'uninstall', '--user');
  rmSync(join(home, '.config/dayshift/guard.yaml'));
  await dayshift('guard', 'install');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace(process.execPath, '/nowhere/node'));
  expect(await claude(bash('touch made'))).toContain('guard cannot start here');
  expect(existsSync(join(project, 'made'))).toBe(false);
});

test('what would not hold is not installed', async () => {
  const { dayshift, home, project, settings } = await desk();
  writeFileSync(join(home, 'free.yaml'), 'rules: [{ id: free, when: { effect: git_write }, then: allow }]\n');
  const free = await dayshift('guard', 'install', '--rules', join(home, 'free.yaml'));
  expect(free).toMatchObject({ exitCode: 2, stdout: '' });
  expect(free.stderr).toContain('did not refuse a commit');
  writeFileSync(join(home, 'bad.yaml'), 'rules: [{ when: {}, then: no }]\n');
  const bad = await dayshift('guard', 'install', '--rules', join(home, 'bad.yaml'));
  expect(bad.stderr).toContain('bad.yaml:1:');
  expect(bad.stderr).not.toContain('did not refuse');
  expect(existsSync(join(project, '.claude'))).toBe(false);
  mkdirSync(join(project, '.claude'));
  // Whatever file of those that Claude Code merges switches hooks off.
  mkdirSync(join(home, '.claude'));
  const shared = join(project, '.claude/settings.json');
  for (const file of [settings, shared, join(home, '.claude/settings.json')]) {
    writeFileSync(file, '{ "disableAllHooks": true }');
    const off = await dayshift('guard', 'install');
    expect([off.exitCode, off.stderr]).toEqual([2, expect.stringContaining(`${file} sets disableAllHooks`)]);
    rmSync(file);
  }
  expect(await dayshift('guard', 'install', '--user', '--project', project)).toMatchObject({ exitCode: 2 });
  expect((await dayshift('guard', 'install', '--project', join(project, 'none'))).stderr).toContain('is not there');
});
