import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, KEY, allTexts, makeHome, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

/** What an agent could look at, each as a command of its own: the guard refuses some, and the sandbox must do for the rest. */
const looks = [
  'env',
  'cat /proc/*/environ /proc/*/cmdline | tr "\\0" "\\n"',
  'cat /proc/self/environ /proc/1/environ /proc/1/cmdline',
  'ls -la ~ / /run /tmp',
  'cat ~/.* ~/.claude/*',
  'for d in .. ../.. ../../.. ../../../..; do ls -la $d; cat $d/* $d/.env $d/config/* $d/.dayshift/journal/*; done',
  'ls -laR ..; cat ../*',
  'cat ../../../../.env; cat ../../../../config/private.txt',
  'git config --list; git remote -v; git log --all --stat',
  'cat .git; cat "$(git rev-parse --git-common-dir)"/config',
  'grep -rs MARKER- /root /home /tmp /var /etc /opt /run ../..',
];

const seenBy = (home: TestHome, id: string) =>
  readFileSync(join(home.paths.workspaces, DAY, id, 'checkout/seen.txt'), 'latin1');

test('no agent and no check sees the key, another file of this machine, or the secrets in the project’s own folders', async () => {
  const marker = join(homedir(), `.dayshift-test-${process.pid}`);
  writeFileSync(marker, 'MARKER-of-the-machine');
  onTestFinished(() => rmSync(marker, { force: true }));
  const home = await makeHome({
    tasks: `concurrency: 1\n${tasks(
      task('other'),
      task(
        'a',
        'setup: ["sh ./look.sh > by-setup.txt 2>&1; true"]',
        'checks: ["sh ./look.sh > by-check.txt 2>&1; true"]',
      ),
    )}`,
    // What the guard refuses of it would halt the task: here it is to go on to its end.
    config: 'questions: { hold_seconds: 0 }\nguard: { halt_on: [], max_violations: 0 }\n',
    files: { 'README.md': '# Sample\n', 'look.sh': `${looks.join('\n')}\n`, '.gitignore': '.env\n' },
    script: {
      tasks: [
        { task: 'other', turns: [{ tools: [bash('echo MARKER-of-another-task > other.txt')] }] },
        {
          task: 'a',
          turns: looks.map((look) => ({ tools: [bash(`{ ${look}; } >> seen.txt 2>&1`)] })),
        },
      ],
    },
  });
  await home.git('remote', 'add', 'origin', 'https://someone:MARKER-token-in-a-url@git.example.org/x.git');
  writeFileSync(join(home.project, '.env'), 'PASSWORD=MARKER-of-the-project\n');
  writeFileSync(join(home.paths.home, '.env'), 'OTHER_SECRET=MARKER-of-the-home-env\n');
  chmodSync(join(home.paths.home, '.env'), 0o600);
  writeFileSync(join(home.paths.config, 'private.txt'), 'MARKER-of-the-config');
  mkdirSync(join(home.env.HOME!, '.ssh'), { recursive: true });
  writeFileSync(join(home.env.HOME!, '.ssh/id_test'), 'MARKER-of-the-user');
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);

  const folder = join(home.paths.workspaces, DAY, 'a/checkout');
  for (const name of ['seen.txt', 'by-setup.txt', 'by-check.txt']) {
    const seen = readFileSync(join(folder, name), 'latin1');
    expect(seen.length, name).toBeGreaterThan(1000);
    expect(seen, name).toContain('git.example.org');
    expect(seen, name).not.toContain(KEY);
    expect(seen.match(/MARKER-\w[\w-]*/g), name).toBeNull();
  }
  const refused = (await home.of('guard.decided')).map((event) => event.data.subject);
  expect(refused.filter((subject) => /^\{ env;|git config|ls -laR/.test(subject))).toEqual([]);
  expect(seenBy(home, 'a')).toContain('ANTHROPIC_API_KEY=');
  expect(seenBy(home, 'a')).not.toContain('other.txt');

  const written = allTexts(home.paths.home).filter(({ text }) => text.includes(KEY));
  expect(written.map(({ path }) => path)).toEqual([]);
  expect(home.model.requests.filter((request) => JSON.stringify(request.body ?? '').includes(KEY))).toEqual([]);
  const posted = home.model.requests.filter((request) => request.method === 'POST');
  for (const { headers } of posted) {
    expect(
      Object.entries(headers)
        .filter(([, value]) => value.includes(KEY))
        .map(([name]) => name),
    ).toEqual(['x-api-key']);
  }
});

test('a key that the model’s address echoes in an error is written nowhere', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'retries: 0')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            {
              error: {
                status: 400,
                type: 'invalid_request_error',
                message: `the key ${KEY} is not valid for this`,
                headers: { 'x-echo': KEY },
                times: 'always',
              },
            },
          ],
        },
      ],
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  expect(run.stdout + run.stderr).not.toContain(KEY);
  const journal = await home.cli('journal', '--json');
  expect(journal.stdout).not.toContain(KEY);
  expect(journal.stdout).toContain('is not valid for this');
  const written = allTexts(home.paths.home).filter(({ text }) => text.includes(KEY));
  expect(written.map(({ path }) => path)).toEqual([]);
});

test('a .env that others may read is not read, and that is said', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: { tasks: [{ task: 'a', turns: [{ say: 'Done.' }] }] },
  });
  const file = join(home.paths.home, '.env');
  writeFileSync(file, `ANTHROPIC_API_KEY=${KEY}-from-the-file\n`);
  chmodSync(file, 0o644);
  delete home.env.ANTHROPIC_API_KEY;
  const run = await home.cli('run', DAY);
  expect(run.stderr).toContain('chmod 600');
  const keys = () => new Set(home.model.requests.map((request) => request.headers['x-api-key']));
  expect([...keys()].join()).not.toContain('from-the-file');
  chmodSync(file, 0o600);
  writeFileSync(join(home.paths.tasks, `${DAY}.yaml`), `date: ${DAY}\n${tasks(task('a'), task('b'))}`);
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stderr).toBe(0);
  expect([...keys()].join()).toContain('from-the-file');
});
