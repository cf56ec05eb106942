import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, KEY, makeHome, poll, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

/** A home that has who pays in its `.env`, as a service needs it. */
async function homeWithEnvFile(): Promise<TestHome> {
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo a > a.txt')] }, { say: 'Done.' }] }] },
  });
  const file = join(home.paths.home, '.env');
  writeFileSync(file, `ANTHROPIC_API_KEY=${KEY}\nANTHROPIC_BASE_URL=${home.model.url}\n`, { mode: 0o600 });
  return home;
}

/** As systemd reads a line of words in double quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, word = '']) =>
    word.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%').replaceAll('$$', '$'),
  );
}

function readUnit(file: string) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const of = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  return {
    command: wordsOf(of('ExecStart')[0] ?? ''),
    env: of('Environment').flatMap(wordsOf),
    folder: of('WorkingDirectory')[0] ?? '',
  };
}

const unitOf = (stdout: string) => /^Written: (.*)$/m.exec(stdout)?.[1] ?? '';

/** A systemctl that writes down what it is told, and knows of nothing that runs; or one that nobody can talk to. */
function fakeManager(home: TestHome, bus: 'there' | 'none' = 'none'): () => string[] {
  const folder = join(home.paths.home, 'fake');
  const told = join(folder, 'told');
  mkdirSync(folder);
  const lines =
    bus === 'none'
      ? 'echo "Failed to connect to bus: No medium found" >&2; exit 1'
      : `echo "$*" >> ${told}; case "$*" in *is-active*) echo inactive; exit 3;; *is-enabled*) echo enabled;; esac`;
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\n${lines}\n`);
  chmodSync(join(folder, 'systemctl'), 0o755);
  home.env.PATH = `${folder}:${home.env.PATH}`;
  return () => readFileSync(told, 'utf8').trim().split('\n');
}

test('the command of the installed unit, started under env -i, finds claude and runs a day', async () => {
  const home = await homeWithEnvFile();
  fakeManager(home);
  const installed = await home.cli('service', 'install', '--no-start');
  expect(installed.exitCode, installed.stderr).toBe(0);
  const file = unitOf(installed.stdout);
  expect(file.startsWith(join(home.env.HOME!, '.config/systemd/user/dayshift-home-'))).toBe(true);
  expect(readFileSync(file, 'utf8')).not.toContain(KEY);
  const { command, env, folder } = readUnit(file);
  const daemon = execa('env', ['-i', ...env, ...command], { cwd: folder, extendEnv: false, env: {}, reject: false });
  onTestFinished(async () => {
    daemon.kill('SIGKILL');
    await daemon;
  });
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  expect((await home.cli('start', DAY)).exitCode).toBe(0);
  await home.until((event) => event.type === 'day.reported');
  expect((await home.state()).days[DAY]!.tasks.a!.status).toBe('done');
  const status = await home.cli('service', 'status');
  expect(status.stdout).toContain(`Dayshift is up: process ${daemon.pid}, since `);
  expect((await home.cli('down')).exitCode).toBe(0);
  // What Restart=on-failure goes by.
  expect((await daemon).exitCode).toBe(0);
});

test('where no service manager can be reached the file is written all the same, and it is said how to start it', async () => {
  const home = await homeWithEnvFile();
  fakeManager(home);
  const { exitCode, stdout } = await home.cli('service', 'install');
  expect(exitCode).toBe(0);
  const name = /dayshift-home-[0-9a-f]{8}\.service/.exec(stdout)?.[0] ?? '';
  expect(stdout).toContain(`systemctl --user daemon-reload && systemctl --user enable --now ${name}\n`);
  expect(stdout).toContain(`dayshift --home ${home.paths.home} up\n`);
  expect(stdout).toContain(`journalctl --user -u ${name} -f\n`);
  expect(stdout).toContain('loginctl enable-linger');
  expect(existsSync(unitOf(stdout))).toBe(true);
  expect((await home.cli('service', 'install')).stdout).toBe(stdout);
  const removed = await home.cli('service', 'uninstall');
  expect(removed.stdout).toContain(`Removed: ${unitOf(stdout)}`);
  expect(existsSync(unitOf(stdout))).toBe(false);
  expect((await home.cli('service', 'uninstall')).stdout).toContain('is installed (no ');
});

test('what the service will lack is said when it is installed: a key that only the terminal has, a claude that is not there', async () => {
  const home = await homeWithEnvFile();
  fakeManager(home);
  rmSync(join(home.paths.home, '.env'));
  writeFileSync(
    home.paths.configFile,
    `${readFileSync(home.paths.configFile, 'utf8')}agent: { command: no-such-claude }\n`,
  );
  const { exitCode, stdout, stderr } = await home.cli('service', 'install');
  expect(exitCode).toBe(0);
  expect(stderr).toContain('! claude: ');
  expect(stderr).toContain('! account: ');
  expect(stderr).toMatch(/this terminal sets: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL; .*\.env, chmod 600/);
  expect(stdout + stderr).not.toContain(KEY);
});

test('where there is a manager, the service is enabled and started, and ended and forgotten', async () => {
  const home = await homeWithEnvFile();
  const told = fakeManager(home, 'there');
  const { stdout, stderr } = await home.cli('service', 'install');
  expect(stderr).toBe('');
  expect(stdout).toContain('Started; it starts by itself from now on.');
  const unit = unitOf(stdout).split('/').at(-1)!;
  expect(told().slice(-3)).toEqual(['--user daemon-reload', `--user enable ${unit}`, `--user restart ${unit}`]);
  const status = await home.cli('service', 'status', '--json');
  expect(status.exitCode).toBe(1);
  expect(JSON.parse(status.stdout)).toMatchObject({ installed: true, current: true, missing: [], running: false });
  await home.cli('service', 'uninstall');
  expect(told().slice(-2)).toEqual([`--user disable --now ${unit}`, '--user daemon-reload']);
});

test('a file of that name which Dayshift did not write is neither overwritten nor removed', async () => {
  const home = await homeWithEnvFile();
  fakeManager(home);
  const file = unitOf((await home.cli('service', 'install')).stdout);
  writeFileSync(file, '[Service]\nExecStart=/bin/true\n');
  for (const word of ['install', 'uninstall', 'status']) {
    const { exitCode, stderr } = await home.cli('service', word);
    expect({ word, exitCode }).toEqual({ word, exitCode: 2 });
    expect(stderr).toContain('was not written by Dayshift');
  }
  expect(readFileSync(file, 'utf8')).toBe('[Service]\nExecStart=/bin/true\n');
});
