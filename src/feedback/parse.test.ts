import { expect, test } from 'vitest';
import { formatProblem } from '../document/index.ts';
import { read } from './testing.ts';
import { readStars } from './stars.ts';

const problemsOf = (text: string) => read(text).problems.map(formatProblem);

test('the file that people write is read whole', () => {
  const {
    tasks: said,
    performance,
    adjustments,
    others,
    problems,
  } = read(`# Feedback - 2026-11-23

## task-001: Documentation Task
Rating: 5/5

✅ Perfect structure
⚠️  Forgot to write tests

Action: Make testing mandatory in agent instructions
Action: Add PAGINATION.md to default context for pagination tasks

## Orchestrator Performance
- Good: Cost tracking worked well
- Improve: Question notifications were delayed

## Tomorrow's Adjustments
1. Reduce question poll interval to 30 seconds
`);
  expect(said).toEqual([
    {
      task: 'task-001',
      line: 3,
      rating: 5,
      ratingLine: 4,
      remarks: [
        { sign: 'good', text: 'Perfect structure', line: 6 },
        { sign: 'warning', text: 'Forgot to write tests', line: 7 },
      ],
      actions: [
        { text: 'Make testing mandatory in agent instructions', line: 9 },
        { text: 'Add PAGINATION.md to default context for pagination tasks', line: 10 },
      ],
    },
  ]);
  expect(performance.remarks).toEqual([
    { sign: 'good', text: 'Cost tracking worked well', line: 13 },
    { sign: 'warning', text: 'Question notifications were delayed', line: 14 },
  ]);
  expect(adjustments).toEqual([{ text: 'Reduce question poll interval to 30 seconds', line: 17 }]);
  expect([others, problems]).toEqual([[], []]);
});

test.each([
  ['4', 4],
  ['4/5', 4],
  ['4.5/5', 4.5],
  ['4,5', 4.5],
  ['4½', 4.5],
  ['4 of 5', 4],
  ['4 out of 5', 4],
  ['4 von 5', 4],
  ['8/10', 4],
  ['80 %', 4],
  ['4 stars', 4],
  ['4 ⭐️', 4],
  ['★★★★☆', 4],
  ['⭐⭐⭐⭐', 4],
  ['⭐️⭐️⭐️⭐️', 4],
  ['★★★½', 3.5],
  ['**4/5**', 4],
  ['0/5', 0],
  ['6/5', undefined],
  ['★★★★★★', undefined],
  ['4-5', undefined],
  ['good', undefined],
  ['', undefined],
])('a rating %j is %j stars', (text, stars) => {
  expect(readStars(text)?.stars).toBe(stars);
});

test.each([
  '## task-001: Docs\nRating: 4',
  '## Task-001 - Docs\r\n**Rating:** 4/5\r\n',
  '### `task-001`\n- Rating: 4 of 5',
  '## task-001 ★★★★☆',
  '## task-001: Docs (4/5)',
  '## 2026-11-23/task-001\n★★★★☆',
  '## Task task-001\nBewertung: 4 von 5',
  '## Documentation Task\nStars: 4',
  '\ufeff## task 001\n4/5\n',
  '| Task | Rating |\n|---|:-:|\n| task-001 | ⭐⭐⭐⭐ |',
  '<!-- ## login\nRating: 1 -->\n## task-001\nrating 4/5',
  '## task-001 4',
  '## task-001: 4',
  '## task-001: 4 of 5',
  '## task-001 8/10',
  '## task-001 80 %',
  '## task-001: Docs 8/10',
  '## task-001\n4',
  '## task-001\n\n4.0\n✅ fine',
  '## task-001\n80 %',
  '## task-001\n4 Sterne',
])('task-001 has four stars in %j, and nothing to mend', (text) => {
  const { tasks: said, problems } = read(text);
  expect(said.map(({ task, rating }) => [task, rating])).toEqual([['task-001', 4]]);
  expect(problems).toEqual([]);
});

test.each([
  ['a second number', '## login\n4\n\n3\n', 4, ['3']],
  ['a number below a remark', '## login\n✅ fine\n3\n', undefined, ['fine 3']],
  ['one that is none of five', '## login\n42\n', undefined, ['42']],
  ['a number in a list of what went well', '## login\n### Good\n3\n', undefined, ['3']],
])('a bare number that may be anything is no rating: %s', (_, text, rating, remarks) => {
  const [said] = read(text).tasks;
  expect([said?.rating, said?.remarks.map((one) => one.text)]).toEqual([rating, remarks]);
});

test('a slip in a heading of another level is taken for the task and told; deeper than ## it is asked about', () => {
  const { tasks: said, problems } = read('# Documentation Task ⭐⭐⭐\n## logn\n4\nAction: x\n### lgin\nRating: 1\n');
  expect(said.map(({ task, rating, actions }) => [task, rating, actions.length])).toEqual([
    ['task-001', 3, 0],
    ['login', 4, 1],
  ]);
  expect(problems.map(({ message }) => message)).toEqual([
    '"logn" is taken for login',
    expect.stringContaining('did you mean "login"?') as string,
  ]);
});

test('a rating within a heading that is not read is told', () => {
  const { tasks: said, problems } = read('## login 2/5 ok\nRating: 3\n## task-001: Speed 3/5 of all\nRating: 3\n');
  expect(said.map(({ rating }) => rating)).toEqual([3, 3]);
  expect(problems.map(({ line, message }) => [line, message])).toEqual(
    [1, 3].map((line) => [line, 'no rating is read within a heading: put it at its end, or below it as "Rating: 4/5"']),
  );
});

test('a line below a wish or a remark is a note, unless it goes on with a line that was broken', () => {
  const long = 'Make sure that all of the tests of the whole module are run by you';
  const { tasks: said } = read(
    `## login\nRating: 3\nAction: Never touch migrations/\nOtherwise great work.\nThe list is fast.\n⚠️ Slow\nThe rest is fine\nAction: ${long}\nBefore you say that it is done\nAction: Write\nthe tests\n❌ A sentence that is long enough to be broken by an editor, and ends.\nThen another one.\n`,
  );
  expect(said[0]?.actions.map(({ text }) => text)).toEqual([
    'Never touch migrations/',
    `${long} Before you say that it is done`,
    'Write the tests',
  ]);
  expect(said[0]?.remarks.map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    'note Otherwise great work. The list is fast.',
    'warning Slow',
    'note The rest is fine',
    'bad A sentence that is long enough to be broken by an editor, and ends.',
    'note Then another one.',
  ]);
});

test('signs count with and without a variation selector, as list items and with labels', () => {
  const { tasks: said } = read(
    '## login\nRating: 3\n✅ a\n- ⚠ b\n* ⚠️ c\n1. ❌ d\n- Good: e\nImprove: f\n### Actions\n- g\n- h\n\nACTION: i\n  goes on\n',
  );
  expect(said[0]?.remarks.map(({ sign, text }) => `${sign} ${text}`)).toEqual([
    'good a',
    'warning b',
    'warning c',
    'bad d',
    'good e',
    'warning f',
  ]);
  expect(said[0]?.actions.map(({ text }) => text)).toEqual(['g', 'h', 'i goes on']);
});

test('a table says what sections say', () => {
  const {
    tasks: said,
    others,
    problems,
  } = read(
    '| Task | Rating | Comment | Action |\n| --- | --- | --- | --- |\n| login | 2/5 | ❌ broke \\| the form | Ask first |\n| tsak-002 | 5 | | |\n| other | 1 | lost? | |\n',
  );
  expect(said).toMatchObject([
    {
      task: 'login',
      rating: 2,
      remarks: [{ sign: 'bad', text: 'broke | the form', line: 3 }],
      actions: [{ text: 'Ask first' }],
    },
    { task: 'task-002', rating: 5 },
  ]);
  expect(others).toMatchObject([{ heading: 'other', rating: 1, remarks: [{ text: 'lost?' }] }]);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [4, 3],
    [5, 3],
  ]);
});

test('problems name file, line and column, and what they are about is kept', () => {
  expect(problemsOf('## task-01\nRating: 4\n')).toEqual([
    'feedback/2026-11-23.md:1:4  warning: "task-01" is taken for task-001',
  ]);
  expect(problemsOf('## login: 3-4\n✅ kept\n')).toEqual([
    'feedback/2026-11-23.md:1:1  warning: login has no rating: add a line such as "Rating: 4/5"',
    'feedback/2026-11-23.md:1:4  warning: "3-4" is no rating from 0 to 5: say one number, such as "Rating: 4/5"',
  ]);
  const text =
    '# Feedback - 2026-11-22\n\n## task-004: What?\nRating: 3\n❌ lost\n\n## login\n- Rating: six\n✅ kept\n';
  expect(problemsOf(text)).toEqual([
    'feedback/2026-11-23.md:1:3  warning: the title says 2026-11-22, the file’s name 2026-11-23: the name counts',
    'feedback/2026-11-23.md:3:4  warning: "task-004: What?" is no task of this day: did you mean "task-001"? (tasks of 2026-11-23: task-001, task-002, login); kept as a note',
    'feedback/2026-11-23.md:7:1  warning: login has no rating: add a line such as "Rating: 4/5"',
    'feedback/2026-11-23.md:8:11  expected a rating from 0 to 5 such as 4/5 or ★★★★☆, found "six"',
  ]);
  const { others, tasks: said } = read(text);
  expect(others).toMatchObject([{ heading: 'task-004: What?', rating: 3, remarks: [{ sign: 'bad', text: 'lost' }] }]);
  expect(said[0]?.remarks.map(({ text: words }) => words)).toEqual(['six', 'kept']);
});

test('what stands in a fence begins nothing', () => {
  const { tasks: said, others } = read('## login\nRating: 4\n```md\n## task-001\nRating: 1\n```\nAction: a\n');
  expect(said).toMatchObject([{ task: 'login', rating: 4, actions: [{ text: 'a' }] }]);
  expect(said[0]?.remarks.map(({ text }) => text)).toEqual(['## task-001', 'Rating: 1']);
  expect(others).toEqual([]);
});
