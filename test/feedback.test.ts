import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const script = { tasks: [{ task: 'a', turns: [{ tools: [bash('echo x > x.txt')] }, { say: 'Done.' }] }] };
const fileOf = (home: TestHome) => join(home.paths.feedback, `${DAY}.md`);

async function ranHome() {
  const home = await makeHome({
    tasks: tasks(task('a', 'deliverables: [x.txt]')),
    script,
    config: 'chat:\n  # not too often\n  remind_minutes: [10, 30]\n',
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  mkdirSync(home.paths.feedback, { recursive: true });
  return home;
}

const written = `# Feedback - ${DAY}

## a: Do it
Rating: 4/5
⚠️  Forgot to write tests
Action: Write the tests first

## Tomorrow's Adjustments
1. Reduce question poll interval to 30 seconds
`;

test('feedback is read once, with and without a daemon; what is edited later counts, a setting waits for a yes, and a no leaves it', async () => {
  const home = await ranHome();
  writeFileSync(fileOf(home), written);
  const first = await home.cli('feedback');
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stdout).toContain('★★★★☆ 4/5');
  expect(first.stdout).toContain('→ Write the tests first');
  expect(first.stdout).toMatch(/30 seconds {2}\[q1: set chat\.remind_minutes to \[0\.5,30\]\? It waits for your yes\]/);
  expect((await home.of('feedback.given'))[0]).toMatchObject({
    task: 'a',
    actor: { kind: 'person', via: 'file' },
    data: { rating: 4, remarks: [{ sign: 'warning', text: 'Forgot to write tests', line: 5 }] },
  });

  expect((await home.cli('feedback', DAY)).stdout).toContain('in the journal already');
  expect((await home.of('feedback.given')).length).toBe(1);
  expect((await home.of('item.opened')).filter(({ data }) => data.kind === 'setting').length).toBe(1);

  // The very same file, written by a command.
  const rated = await home.cli('rate', 'a', '2.5', 'Too slow', '--action', 'Ask first');
  expect(rated.stdout).toContain('★★½');
  expect(readFileSync(fileOf(home), 'utf8')).toBe(
    written.replace('4/5', '2.5/5').replace('tests first\n', 'tests first\n\nToo slow\nAction: Ask first\n'),
  );
  expect((await home.state()).feedback[DAY]?.tasks.a).toMatchObject({
    rating: 2.5,
    actions: [{}, { text: 'Ask first' }],
  });
  expect((await home.of('item.opened')).filter(({ data }) => data.kind === 'setting').length).toBe(1);

  const before = readFileSync(home.paths.configFile, 'utf8');
  expect((await home.cli('inbox')).stdout).toContain('Set chat.remind_minutes');
  const yes = await home.cli('answer', 'q1', 'A');
  expect(yes.stdout).toContain('chat.remind_minutes is [0.5,30]');
  expect(readFileSync(home.paths.configFile, 'utf8')).toBe(before.replace('[10, 30]', '[0.5, 30]'));
  expect((await home.of('setting.changed'))[0]?.data).toMatchObject({ path: 'chat.remind_minutes', to: '[0.5,30]' });
  expect((await home.state()).items.q1?.status).toBe('delivered');

  // An unknown task is told with its place, and its words are kept.
  const text = readFileSync(fileOf(home), 'utf8');
  const at = text.split('\n').length;
  writeFileSync(fileOf(home), `${text}2. Run 2 agents at a time\n\n## b: Who?\nRating: nine\n❌ lost?\n`);
  const read = await home.cli('feedback', '--json');
  const { data } = JSON.parse(read.stdout) as { data: { problems: unknown[] } };
  expect(data.problems).toMatchObject([
    { line: at + 2, column: 4, severity: 'warning' },
    { line: at + 3, column: 9, severity: 'error' },
  ]);
  expect((await home.of('feedback.noted')).at(-1)?.data.others).toEqual([
    { heading: 'b: Who?', line: at + 2, text: ['nine', 'lost?'] },
  ]);
  const kept = readFileSync(home.paths.configFile, 'utf8');
  expect((await home.cli('answer', 'q2', 'no')).exitCode).toBe(0);
  expect(readFileSync(home.paths.configFile, 'utf8')).toBe(kept);
});

test('a running daemon takes a saved file within seconds, and a section that is gone back', async () => {
  const home = await ranHome();
  void home.start('up');
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  writeFileSync(fileOf(home), written);
  const given = await home.until((event) => event.type === 'feedback.given');
  expect(given).toMatchObject({ task: 'a', data: { rating: 4 } });
  // What a person changes in the file of lessons counts as soon.
  const lessons = await poll(() => {
    const text = existsSync(home.paths.lessonsFile) ? readFileSync(home.paths.lessonsFile, 'utf8') : '';
    return text.includes('id: l1') ? text : undefined;
  });
  await home.until((event) => event.type === 'lesson.filed');
  writeFileSync(home.paths.lessonsFile, `# mine\n${lessons.replace('status: trial', 'status: active')}`);
  const moved = await home.until((event) => event.type === 'lesson.moved');
  expect(moved).toMatchObject({ actor: { kind: 'person', via: 'file' }, data: { id: 'l1', to: 'active' } });
  writeFileSync(fileOf(home), `# Feedback - ${DAY}\n\nNothing yet.\n`);
  await home.until((event) => event.type === 'feedback.withdrawn');
  expect((await home.cli('rate', 'a', '5')).exitCode).toBe(0);
  expect((await home.of('feedback.given')).at(-1)).toMatchObject({ data: { rating: 5 }, actor: { via: 'cli' } });
});
