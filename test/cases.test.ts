import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, type TestHome } from './support/home.ts';
import { askTool, bash, task, tasks, writeFile } from './support/turns.ts';

const tasksOf = async (home: TestHome) => (await home.state()).days[DAY]!.tasks;
const patchOf = (home: TestHome, id: string) => readFileSync(join(home.paths.results, DAY, `${id}.patch`), 'utf8');

test('names with spaces, quotes and umlauts, in the project and in the work', async () => {
  const odd = `src/(ä) "it's" $HOME;x.txt`;
  const home = await makeHome({
    tasks: tasks(task('a', `deliverables: ['docs/My page.md']`, `checks: ['test -f "docs/My page.md"']`)),
    files: { 'README.md': '#\n', [odd]: 'old\n', 'a folder/- file.txt': 'x\n' },
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [writeFile('{{workspace}}/docs/My page.md', 'new\n')] },
            { tools: [bash('for f in src/*; do echo more >> "$f"; done; rm "a folder/- file.txt"')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect((await tasksOf(home)).a?.work?.stat.files).toBe(3);
  expect((await home.cli('apply', 'a')).exitCode).toBe(0);
  expect(readFileSync(join(home.project, odd), 'utf8')).toBe('old\nmore\n');
  expect(existsSync(join(home.project, 'docs/My page.md'))).toBe(true);
  expect(existsSync(join(home.project, 'a folder/- file.txt'))).toBe(false);
});

test('a project that is no git repository is copied, and its work can be seen and applied', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [src/a.txt]')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo more >> src/a.txt')] }] }] },
  });
  rmSync(join(home.project, '.git'), { recursive: true });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect((await tasksOf(home)).a?.workspace?.kind).toBe('copy');
  expect((await home.cli('diff', 'a')).stdout).toContain('+more');
  expect(readFileSync(join(home.project, 'src/a.txt'), 'utf8')).toBe('a\n');
  expect((await home.cli('apply', 'a')).exitCode).toBe(0);
  expect(readFileSync(join(home.project, 'src/a.txt'), 'utf8')).toBe('a\nmore\n');
});

test('a home inside its project works on that project without naming it', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [src/a.txt]', 'checks: ["! grep -rs private orchestrator"]')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo more >> src/a.txt')] }] }] },
  });
  const inside = join(home.project, 'orchestrator');
  renameSync(home.paths.home, inside);
  writeFileSync(join(inside, 'config/dayshift.yaml'), 'timezone: UTC\n');
  writeFileSync(join(inside, 'config/notes.txt'), 'private\n');
  mkdirSync(home.paths.home); // from where the tests start the CLI
  const run = await home.cli('--home', inside, 'run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(readFileSync(join(inside, 'results', DAY, 'a.patch'), 'utf8')).toContain('+more');
  expect((await home.cli('--home', inside, 'apply', 'a')).exitCode).toBe(0);
  expect(readFileSync(join(home.project, 'src/a.txt'), 'utf8')).toBe('a\nmore\n');
});

test('a task’s environment comes from Dayshift’s, and a name that is not set fails it at once and clearly; files that git ignores come along only by name', async () => {
  const home = await makeHome({
    tasks: tasks(
      task('a', 'env: { GREETING: $MY_GREETING, PLAIN: "1.10" }', 'checks: ["test ${#GREETING} = 18"]'),
      task('b', 'env: { GREETING: $NOT_SET_ANYWHERE }'),
      task(
        'c',
        'context_files: [docs/GONE.md]',
        'checks: ["cat .env.test local/settings.json", "test ! -e .env.prod"]',
      ),
    ),
    files: { '.gitignore': '.env*\nlocal/\n', 'README.md': '#\n' },
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            {
              tools: [
                bash(
                  'echo "$PLAIN" > plain.txt; echo "it is $GREETING"; test ${#GREETING} = 18 && echo yes >> plain.txt',
                ),
              ],
            },
          ],
        },
        { task: 'c', turns: [{ tools: [bash('echo x > x.txt')] }] },
      ],
    },
  });
  mkdirSync(join(home.project, 'local'));
  writeFileSync(join(home.project, '.env.test'), 'A=1\n');
  writeFileSync(join(home.project, '.env.prod'), 'A=2\n');
  writeFileSync(join(home.project, 'local/settings.json'), '{}\n');
  writeFileSync(
    home.paths.configFile,
    'timezone: UTC\nprojects: [{ name: app, path: ../project, copy: [.env.test, local/settings.json] }]\n',
  );
  home.env.MY_GREETING = 'hello-from-outside';
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  const all = await tasksOf(home);
  expect(all.a?.status).toBe('done');
  expect(patchOf(home, 'a')).toContain('+1.10\n+yes');
  expect(all.b).toMatchObject({ status: 'failed' });
  expect(all.b?.reason).toContain('$NOT_SET_ANYWHERE');
  expect((await home.of('attempt.intended')).filter((event) => event.task === 'b').length).toBe(0);
  expect(all.c?.status).toBe('done');
  expect(all.c?.work?.stat.paths.map((one) => one.path)).toEqual(['x.txt']);
  expect(run.stderr).toContain('docs/GONE.md');
  expect(JSON.stringify(await home.events())).not.toContain('hello-from-outside');
});

const option = (label: string) => ({ label, description: `take ${label}` });

test('two questions in one, one of them with several answers, and a question of a subagent’s', async () => {
  const two = {
    name: 'AskUserQuestion',
    input: {
      questions: [
        { question: 'Which colour?', header: 'Colour', multiSelect: false, options: [option('Red'), option('Blue')] },
        {
          question: 'Which sizes?',
          header: 'Sizes',
          multiSelect: true,
          options: ['Small', 'Middle', 'Large'].map(option),
        },
      ],
    },
  };
  const home = await makeHome({
    tasks: tasks(task('a'), task('sub')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [{ tools: [two] }, { tools: [writeFile('{{workspace}}/answers.txt', '{{last_result}}')] }],
        },
        {
          match: 'you-are-the-helper',
          turns: [{ tools: [askTool('Which helper?')] }, { say: 'The helper heard {{last_answer}}.' }],
        },
        {
          task: 'sub',
          turns: [
            {
              tools: [
                {
                  name: 'Agent',
                  input: { description: 'help', prompt: 'you-are-the-helper', subagent_type: 'general-purpose' },
                },
              ],
            },
            { tools: [writeFile('{{workspace}}/helper.txt', '{{last_result}}')] },
          ],
        },
      ],
    },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  const item = Object.values((await home.state()).items).find((one) => one.task === 'a')!;
  const short = await home.cli('answer', item.id, 'A');
  expect(short.exitCode).toBe(1);
  const answered = await home.cli('answer', item.id, '1: B', '2: A, C');
  expect(answered.exitCode, answered.stderr).toBe(0);
  const others = Object.values((await home.state()).items).filter((one) => one.task === 'sub' && one.status === 'open');
  for (const other of others) expect((await home.cli('answer', other.id, 'B')).exitCode).toBe(0);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(patchOf(home, 'a')).toMatch(/"Which colour\?"="Blue"/);
  expect(patchOf(home, 'a')).toMatch(/Small.*Large/);
  // Subagents are not offered the question tool; where a version does, it is answered like any other.
  if (others.length > 0) expect(patchOf(home, 'sub')).toContain('Number two');
});

test('an agent and a check that print a hundred megabytes cost neither memory nor disk; what the agent says is cut in the journal and whole in its log', async () => {
  const speech = `${'word '.repeat(20_000)}the last word`;
  const flood = 'head -c 100000000 /dev/zero | tr "\\\\0" x; echo the-end-of-it';
  const home = await makeHome({
    tasks: tasks(task('a', 'retries: 0', `checks: ['${flood.replaceAll('\\\\', '\\')}; exit 9']`)),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash(flood.replaceAll('\\\\', '\\'))] }, { say: speech }] }] },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  expect((await home.of('check.ran'))[0]?.data.exitCode).toBe(9);
  expect(home.report()).toContain('the-end-of-it');
  expect(home.report().length).toBeLessThan(100_000);
  expect(JSON.stringify(await home.events()).length).toBeLessThan(500_000);
  const log = readFileSync(join(home.paths.workspaces, DAY, 'a/agent.log'), 'utf8');
  expect(log.length).toBeLessThan(5_000_000);
  expect(log).toContain(speech);
  const [said] = await home.of('agent.said');
  expect(said?.data.text.length).toBeLessThan(20_000);
  expect(said?.data.text.startsWith('word word ')).toBe(true);
});
