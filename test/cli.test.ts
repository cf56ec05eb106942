import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, makeHome, poll } from './support/home.ts';

const bin = join(import.meta.dirname, '../src/cli/bin.js');
const write = (path: string, content: string) => ({ name: 'Write', input: { file_path: path, content } });
const one = {
  tasks: 'tasks:\n  - id: doc\n    name: Write it\n    deliverables: [NEW.md]\n',
  script: {
    tasks: [{ task: 'doc', turns: [{ tools: [write('{{workspace}}/NEW.md', 'hello\n')] }, { say: 'Done.' }] }],
  },
};

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dayshift-cli-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a reader that goes away ends a command quietly', async () => {
  const { stdout, stderr } = await execa(
    'bash',
    ['-c', '"$0" "$1" --help | head -1; echo "${PIPESTATUS[0]}"', process.execPath, bin],
    { cwd: newFolder() },
  );
  expect(stdout).toBe('Usage: dayshift [options] [command]\n0');
  expect(stderr).toBe('');
});

test('a day goes on where nobody reads any more what it says', async () => {
  const home = await makeHome(one);
  const { stdout, stderr } = await execa(
    'bash',
    ['-c', '"$0" "$1" run "$2" | head -1; echo "${PIPESTATUS[0]}"', process.execPath, bin, DAY],
    { cwd: home.paths.home, env: home.env, extendEnv: false },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d doc +\w+\n0$/);
  expect((await home.state()).days[DAY]?.tasks.doc?.status).toBe('done');
});

test('what a running day says in a pipe is plain lines; as JSON, an event a line', async () => {
  const home = await makeHome({ ...one, tasks: `timezone: Asia/Tokyo\n${one.tasks}` });
  const plain = await home.cli('run', DAY);
  // In the day's zone, as the report has them.
  const [done] = await home.of('task.done');
  const inTokyo = new Date(Date.parse(done!.at) + 9 * 3_600_000).toISOString().slice(11, 19);
  expect(plain.stdout).toContain(`${inTokyo} doc          done\n`);
  expect(plain.stdout).not.toContain('\u001b');
  expect(plain.stdout).toMatch(/doc +done\n/);
  const facts = JSON.parse((await home.cli('report', DAY, '--json')).stdout) as { date: string };
  expect(facts.date).toBe(DAY);
  const page = readFileSync(join(home.paths.results, `${DAY}-report.html`), 'utf8');
  expect(page).toMatch(/<details class="diff" [\s\S]*<tr class="add">/);
  for (const line of (await home.cli('journal', '--json')).stdout.split('\n'))
    expect(JSON.parse(line)).toHaveProperty('seq');
  expect(JSON.parse((await home.cli('apply', 'doc', '--json')).stdout)).toMatchObject({ ok: true });
  expect(JSON.parse((await home.cli('diff', 'doc', '--json')).stdout)).toMatchObject({ task: 'doc', from: 'c0' });
  expect((await home.cli('run', DAY, '--json')).exitCode).toBe(0);
});

const script = await execa('script', ['--version'], { reject: false });

/** A program at a terminal of 60 columns by 12 lines, made by util-linux. */
function atTerminal(command: string, env: Record<string, string>, cwd: string) {
  return execa('script', ['-qefc', `stty cols 60 rows 12; exec ${command}`, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm' },
    extendEnv: false,
    reject: false,
  });
}

const asks = {
  tasks: 'tasks:\n  - id: ask\n    name: Ask\n    deliverables: [answer.txt]\n',
  script: {
    tasks: [
      {
        task: 'ask',
        turns: [
          {
            tools: [
              {
                name: 'AskUserQuestion',
                input: {
                  questions: [
                    {
                      question: 'Which one?',
                      header: 'Which',
                      multiSelect: false,
                      options: [
                        { label: 'Number one', description: 'the first' },
                        { label: 'Number two', description: 'the second' },
                      ],
                    },
                  ],
                },
              },
            ],
          },
          { tools: [{ name: 'Bash', input: { command: "echo '{{last_answer}}' > answer.txt" } }] },
          { say: 'Done.' },
        ],
      },
    ],
  },
};

test.skipIf(script.exitCode !== 0)(
  'at a terminal the person is asked there, and ctrl-C parks (needs script)',
  async () => {
    const home = await makeHome(asks);
    const env = { ...home.env, NO_COLOR: '1' };
    const start = () => atTerminal(`'${process.execPath}' '${bin}' run ${DAY}`, env, home.paths.home);
    const seen = (child: ReturnType<typeof start>) => {
      let text = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (chunk: string) => (text += chunk));
      return (what: string) => poll(() => (text.includes(what) ? text : undefined));
    };

    const first = start();
    const onFirst = seen(first);
    await onFirst('q1> ');
    first.stdin.write('\u0003');
    await onFirst('Parking what runs');
    expect((await first).exitCode).toBe(3);

    const second = start();
    const onSecond = seen(second);
    await onSecond('q1> ');
    second.stdin.write('Z\n');
    await onSecond('There is no option Z');
    second.stdin.write('B\n');
    const { exitCode, stdout } = await second;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('q1 answered');
    // NO_COLOR: the view moves and erases, and paints nothing.
    expect(stdout).not.toMatch(/\u001b\[[\d;]*m/);
    expect((await home.of('item.answered'))[0]?.data.answers).toEqual(['Number two']);
  },
);

test.skipIf(script.exitCode !== 0)('status --watch is drawn in place until ctrl-C (needs script)', async () => {
  const home = await makeHome(one);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  const child = atTerminal(`'${process.execPath}' '${bin}' status --watch`, home.env, home.paths.home);
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => (text += chunk));
  await poll(() => (text.split('1 of 1 over').length > 2 ? text : undefined));
  child.stdin.write('\u0003');
  expect((await child).exitCode).toBe(0);
  expect(text).toContain('\u001b[2A');
});
