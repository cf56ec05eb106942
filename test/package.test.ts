import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startDiscord } from './support/discord/server.ts';
import { startTelegram } from './support/telegram/server.ts';

const root = join(import.meta.dirname, '..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dayshift-package-')));
const app = join(folder, 'app');
const program = join(app, 'node_modules/.bin/dayshift');
const env = {
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
  HOME: join(folder, 'user'),
  TMPDIR: folder,
  ANTHROPIC_API_KEY: 'a-placeholder-that-nobody-uses',
};
let packed: string[] = [];

/** The installed program, as somebody runs it who has never seen the checkout. */
async function dayshift(cwd: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(program, args, { cwd, env, extendEnv: false, reject: false });
  return { exitCode, stdout, stderr };
}

beforeAll(async () => {
  for (const path of [app, env.HOME]) mkdirSync(path, { recursive: true });
  const { stdout } = await execa('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: root });
  packed = [...stdout.matchAll(/"path": "(.*?)"/g)].map(([, path = '']) => path);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(app, 'package.json'), '{ "private": true }\n');
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = await execa('npm', ['install', ...flags, join(folder, tarball)], { cwd: app, reject: false });
  if (installed.exitCode !== 0)
    throw new Error(
      `npm could not install the package; this test needs a registry or a filled cache:\n${installed.stderr}`,
    );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package has what it needs to run and to be understood, and nothing else', () => {
  expect(packed).toContain('dist/src/cli/main.js');
  expect(packed).toContain('dist/src/sandbox/bridge.js');
  expect(packed).toContain('dist/src/sandbox/canary.js');
  expect(packed).toContain('dist/bots/index.js');
  for (const path of packed)
    expect(path).toMatch(
      /^(?:dist\/[\w/-]+\.js|dist\/src\/guard\/corpus\/[\w-]+\.yaml|src\/cli\/bin\.js|docs\/[\w-]+\.md|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
    );
  expect(packed.filter((path) => /^dist\/(?:test|bench)\/|\.test\.|testing|mutate/.test(path))).toEqual([]);
});

test('installed elsewhere it makes a home, shows a day, rehearses it, and says what the machine lacks', async () => {
  const project = join(folder, 'project');
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: project });
  mkdirSync(project);
  writeFileSync(join(project, 'README.md'), '# Sample\n');
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'start');

  expect(await dayshift(project, 'init', 'orchestrator')).toMatchObject({ exitCode: 0, stderr: '' });
  const home = join(project, 'orchestrator');
  writeFileSync(
    join(home, 'tasks/2026-11-23.yaml'),
    'tasks:\n  - id: a\n    name: Write it\n    deliverables: [docs/A.md]\n    checks: [test -s docs/A.md]\n',
  );
  const plan = await dayshift(home, 'plan', '2026-11-23');
  expect(plan).toMatchObject({ exitCode: 0, stderr: '' });
  expect(plan.stdout).toContain('docs/A.md');
  const findings = JSON.parse((await dayshift(home, 'doctor', '--json')).stdout) as { name: string; ok: string }[];
  expect(findings.filter(({ ok }) => ok === 'fail')).toEqual([]);
  const run = await dayshift(home, 'run', '2026-11-23', '--rehearse');
  expect(run.stderr).toBe('');
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toContain('1 done and proven');
  expect((await git('status', '--porcelain')).stdout).toBe('?? orchestrator/');
});

test('the guard’s own cases come with the package', async () => {
  const { exitCode, stdout } = await dayshift(folder, 'guard', 'test');
  expect(stdout).toMatch(/^built-in: \d{4,} cases, all judged as expected$/);
  expect(exitCode).toBe(0);
});

test('the demo runs from the package', async () => {
  const { exitCode, stdout } = await dayshift(folder, 'demo');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('4 done and proven');
});

test('installed elsewhere it stays up with its bots, and the service that it writes starts the installed program', async () => {
  const [telegram, discord] = await Promise.all([startTelegram(), startDiscord()]);
  const home = join(folder, 'kept');
  expect((await dayshift(folder, 'init', home)).exitCode).toBe(0);
  const chats = {
    ...{ TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root },
    ...{ DISCORD_BOT_TOKEN: discord.token, DISCORD_API_ROOT: discord.root },
  };
  const daemon = execa(program, ['up'], { cwd: home, env: { ...env, ...chats }, extendEnv: false, reject: false });
  onTestFinished(async () => {
    daemon.kill('SIGKILL');
    await daemon;
  });
  await Promise.all([
    telegram.when(() => telegram.calls.some(({ method }) => method === 'getUpdates')),
    discord.when(() => discord.gateway.connected),
  ]);
  const { code } = JSON.parse((await dayshift(home, 'pair', '--json')).stdout) as { code: string };
  telegram.say(telegram.newUser('Ann'), telegram.newChat(), `/start ${code}`);
  await telegram.until(({ text }) => text?.includes('You are owner here') === true);
  const unit = await dayshift(home, 'service', 'install', '--print');
  expect(unit.stdout).toContain(`"${join(app, 'node_modules/dayshift/src/cli/bin.js')}" "--home" "${home}" "up"`);
  expect((await dayshift(home, 'down')).exitCode).toBe(0);
  const { exitCode, stdout, stderr } = await daemon;
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('Dayshift is down.');
  expect(stderr).not.toContain('did not start');
});

/** Nodes on the PATH that are too old. */
async function oldNodes(): Promise<string[]> {
  const found: string[] = [];
  for (const path of (process.env.PATH ?? '').split(':').map((one) => join(one, 'node'))) {
    try {
      accessSync(path, constants.X_OK);
    } catch {
      continue; // no node in this folder
    }
    const { stdout } = await execa(path, ['-p', 'process.versions.node']);
    const [major = 0, minor = 0] = stdout.split('.').map(Number);
    if (major < 22 || (major === 22 && minor < 18)) found.push(path);
  }
  return found;
}

test('under a Node that is too old it says so in one line, and nothing else happens', async () => {
  const pretend = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
  // A real old one where there is one; everywhere this one, which says that it is.
  const nodes = [
    [process.execPath, '--import', `data:text/javascript,${encodeURIComponent(pretend)}`],
    ...(await oldNodes()).map((path) => [path]),
  ];
  for (const [node = '', ...flags] of nodes)
    for (const bin of [join(app, 'node_modules/dayshift/src/cli/bin.js'), join(root, 'src/cli/bin.js')]) {
      const { exitCode, stdout, stderr } = await execa(node, [...flags, bin, 'status'], { cwd: folder, reject: false });
      expect({ node, exitCode, stdout }).toEqual({ node, exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        /^dayshift needs Node 22\.18 or newer, and this is \d+\.\d+\.\d+: install a newer Node\.$/,
      );
    }
});
