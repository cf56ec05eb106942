import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, makeHome, type TestHome } from './support/home.ts';
import { bash, task, tasks, writeFile } from './support/turns.ts';

const NEXT = '2026-11-24';
type Turns = ScriptInput['tasks'][number]['turns'];

/** A home whose first day ran, with what the person says of it; `turns`: what the model does on the second. */
async function taught(actions: string[], turns: Turns, first?: Turns) {
  const home = await makeHome({
    tasks: tasks(task('first', 'deliverables: [x.txt]')),
    script: {
      tasks: [
        { task: 'first', turns: first ?? [{ tools: [bash('echo x > x.txt')] }, { say: 'Done.' }] },
        { task: 'second', turns },
      ],
    },
    files: { 'README.md': '# Sample\n', 'migrations/1.sql': 'select 1\n', 'docs/PAGES.md': 'By cursor.\n' },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  mkdirSync(home.paths.feedback, { recursive: true });
  const said = actions.map((action) => `Action: ${action}\n`).join('');
  writeFileSync(join(home.paths.feedback, `${DAY}.md`), `# Feedback - ${DAY}\n\n## first\nRating: 3/5\n\n${said}`);
  writeFileSync(
    join(home.paths.tasks, `${NEXT}.yaml`),
    `date: ${NEXT}\n${tasks(task('second', 'deliverables: [y.txt]'))}`,
  );
  const read = await home.cli('feedback');
  expect(read.exitCode, read.stderr).toBe(0);
  return { home, read: read.stdout };
}

const instructions = (home: TestHome) =>
  readFileSync(join(home.paths.workspaces, NEXT, 'second', 'agent_instructions.md'), 'utf8');
const reportOf = (home: TestHome) => readFileSync(join(home.paths.results, `${NEXT}-report.md`), 'utf8');
const done = [{ tools: [bash('echo y > y.txt')] }, { say: 'Done.' }];

test('what the person said of a day holds on the next, once they said yes: a guard rule denies, a required check gates; a file is read first', async () => {
  const { home, read } = await taught(
    ['Never touch migrations/', '`test -f CHANGELOG.md` must pass', 'Add PAGES.md to the context'],
    [
      { tools: [writeFile('{{workspace}}/migrations/1.sql', 'drop table x')] },
      ...done,
      { tools: [bash('echo y > CHANGELOG.md')] },
      { say: 'Now it is there.' },
    ],
  );
  expect(read).toContain('[l1, guard: candidate]');
  expect((await home.cli('inbox')).stdout).toContain('l1: “Never touch migrations/”');
  const yes = await home.cli('answer', 'q1', 'A');
  expect(yes.stdout, yes.stderr).toContain('l1 is active');
  expect(readFileSync(home.paths.lessonsFile, 'utf8')).toMatch(/id: l1\n[^]*kind: guard[^]*status: active/);
  expect((await home.cli('lessons', 'accept', 'l2')).stdout).toContain('l2 is active');
  // What the person said on the card is said.
  expect((await home.of('item.withdrawn')).length).toBe(1);
  // Nobody has to say yes to a file that is read.
  expect((await home.state()).lessons.byId.l3).toMatchObject({
    ...{ status: 'trial', does: { kind: 'context', files: ['docs/PAGES.md'] } },
  });
  await home.cli('lessons', 'accept', 'l3');

  const run = await home.cli('run', NEXT);
  expect(run.exitCode, run.stderr).toBe(0);
  const denied = (await home.of('guard.decided')).find(({ data }) => data.rule === 'lesson-l1');
  expect(denied).toMatchObject({ day: NEXT, data: { decision: 'deny', reason: 'Never touch migrations/' } });
  expect(readFileSync(join(home.paths.results, NEXT, 'second.patch'), 'utf8')).not.toContain('drop table');
  expect(instructions(home)).toContain('[l1] Never touch migrations/ (the guard refuses it)');
  // The agent is sent back until the check passes.
  const checks = (await home.of('check.ran')).filter(({ day }) => day === NEXT);
  expect(checks.map(({ data }) => [data.command, data.exitCode])).toEqual([
    ['test -f CHANGELOG.md', 1],
    ['test -f CHANGELOG.md', 0],
  ]);
  expect(instructions(home)).toMatch(/## Read first\n- docs\/PAGES\.md|- docs\/PAGES\.md/);
  expect((await home.state()).days[NEXT]?.tasks.second?.spec.contextFiles).toEqual(['docs/PAGES.md']);
  const [applied] = await home.of('lesson.applied');
  expect(applied).toMatchObject({ day: NEXT, task: 'second' });
  expect(applied?.data.lessons).toContainEqual(expect.objectContaining({ id: 'l1', held: false, status: 'active' }));
  expect(reportOf(home)).toContain('Lessons that it had');
  expect(reportOf(home)).toContain('lesson-l1');
});

test('an estimate is corrected as much as the person said, and a planning question is asked before the task starts: its answer stands in the instructions', async () => {
  const { home } = await taught(
    ['Ask which database to use before starting', 'Estimates are 3x too low'],
    [{ when: 'SQLite', then: [...done], else: [{ say: 'I know no answer.' }] }],
  );
  const forecast = async () => {
    const { stdout } = await home.cli('plan', NEXT, '--json');
    return (JSON.parse(stdout) as { forecast: { usd: { p50: number } } }).forecast.usd.p50;
  };
  expect((await home.state()).lessons.byId.l2?.does).toEqual({ kind: 'estimate', factor: 3 });
  expect((await home.cli('plan', NEXT)).stdout).toContain('l2');
  const corrected = await forecast();
  expect((await home.cli('lessons', 'retire', 'l2', 'Not so much')).exitCode).toBe(0);
  expect(corrected / (await forecast())).toBeCloseTo(3, 0);

  await home.cli('lessons', 'accept', 'l1');
  expect((await home.cli('run', NEXT)).exitCode).toBe(3);
  expect((await home.of('attempt.intended')).filter(({ day }) => day === NEXT)).toEqual([]);
  const item = Object.values((await home.state()).items).find(({ kind }) => kind === 'question');
  expect(item?.questions[0]?.question).toBe('Before “second” starts: Which database to use?');
  expect(readFileSync(join(home.paths.questions, 'second.md'), 'utf8')).toContain('Which database to use?');
  const answered = await home.cli('answer', item?.id ?? '', 'SQLite, in a file');
  expect(answered.exitCode, answered.stderr).toBe(0);
  const run = await home.cli('run', NEXT);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(instructions(home)).toContain('The answer:\nSQLite, in a file');
  expect((await home.state()).items[item?.id ?? '']?.status).toBe('delivered');
});

test('a mistake of one day is gone on the next: the person’s line stands in the instructions, and the model reads it', async () => {
  // It makes the mistake wherever nobody tells it not to.
  const greet = (file: string): Turns => [
    {
      when: 'Greet in French',
      then: [{ tools: [bash(`echo Bonjour > ${file}`)] }, { say: 'Done.' }],
      else: [{ tools: [bash(`echo Hello > ${file}`)] }, { say: 'Done.' }],
    },
  ];
  const { home } = await taught(['Greet in French'], greet('y.txt'), greet('x.txt'));
  expect(readFileSync(join(home.paths.results, DAY, 'first.patch'), 'utf8')).toContain('+Hello');
  // Nobody said yes: a line is tried by itself.
  expect((await home.cli('run', NEXT)).exitCode).toBe(0);
  expect(instructions(home)).toContain('- [l1] Greet in French');
  expect(readFileSync(join(home.paths.results, NEXT, 'second.patch'), 'utf8')).toContain('+Bonjour');
  await home.cli('lessons', 'accept', 'l1');

  expect((await home.cli('rate', 'second', '5')).exitCode).toBe(0);
  expect((await home.of('lesson.judged'))[0]).toMatchObject({ task: 'second', data: { id: 'l1', effect: 'helpful' } });
  const why = await home.cli('lessons', 'why', 'l1');
  expect(why.stdout).toContain(`${NEXT}/second  5/5  had it: helpful`);
  expect((await home.cli('lessons', 'undo', 'l1')).stdout).toContain('l1 is trial again');
  expect((await home.cli('lessons', 'retire', 'l1', 'We speak English')).exitCode).toBe(0);
  expect((await home.cli('lessons')).stdout).toContain('1 retired');
});

test('auto_context: a file that a well-rated task like it read is shown by plan, and attached where the home says so', async () => {
  const read = { name: 'Read', input: { file_path: '{{workspace}}/docs/PAGES.md' } };
  const home = await makeHome({
    tasks: tasks(task('first', 'deliverables: [x.txt]').replace('Do first', 'Paginate the list of weddings')),
    script: {
      tasks: [
        { task: 'first', turns: [{ tools: [read, bash('echo x > x.txt')] }, { say: 'Done.' }] },
        { task: 'second', turns: done },
      ],
    },
    config: 'questions: { hold_seconds: 0 }\nauto_context: attach\n',
    files: { 'README.md': '# Sample\n', 'docs/PAGES.md': 'By cursor.\n' },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.cli('rate', 'first', '5')).exitCode).toBe(0);
  await home.git('config', 'user.name', 'T');
  await home.git('config', 'user.email', 't@example.com');
  const committed = await home.cli('branch', 'first', 'mine', '-m', 'My words');
  expect(committed.exitCode, committed.stderr).toBe(0);
  expect(await home.git('log', '-1', '--format=%s', 'mine')).toBe('My words');
  const second = task('second', 'deliverables: [y.txt]').replace('Do second', 'Paginate the list of baptisms');
  writeFileSync(join(home.paths.tasks, `${NEXT}.yaml`), `date: ${NEXT}\n${tasks(second)}`);
  const plan = await home.cli('plan', NEXT);
  expect(plan.stdout.replace(/\s+/g, ' ')).toContain(
    `context docs/PAGES.md (read in well-rated tasks like it: ${DAY}/first)`,
  );
  expect((await home.cli('run', NEXT)).exitCode).toBe(0);
  expect(instructions(home)).toContain('- docs/PAGES.md');
  expect((await home.of('context.attached'))[0]?.data.files).toMatchObject([{ path: 'docs/PAGES.md' }]);
  // What became of the first day's work is looked at as the next begins, and its report says so.
  expect(home.report()).toContain('1 of 1 added lines stand on its branch (100 %), all of them committed');
});
