import { expect, test } from 'vitest';
import { parseFeedback } from './parse.ts';
import type { Remark, Wish } from './types.ts';

const date = '2026-11-23';
const tasks = [
  { id: 'task-001', name: 'Documentation Task' },
  { id: 'task-002', name: 'Basket' },
  { id: 'login', name: 'Sign in by mail' },
  { id: 'add_user_page', name: 'Add a page' },
  { id: 'a_1', name: 'First' },
  { id: 'user_api', name: 'Api' },
  { id: 'userapi', name: 'Other api' },
  { id: 'part', name: 'Migration part 2/5' },
];

/** What is said of whom, and the places of what was not understood. */
function read(text: string) {
  const { tasks: said, others, problems } = parseFeedback(text, { file: 'f', date, tasks });
  const words = (all: readonly (Remark | Wish)[]) => all.map((one) => one.text);
  return {
    said: said.map((one) => [one.task, one.rating, words(one.remarks), words(one.actions)]),
    others: others.map((one) => [one.heading, one.rating, words(one.remarks), words(one.actions)]),
    at: problems.map(({ line, column }) => `${line}:${column}`),
    problems: problems.map(({ message }) => message),
  };
}

test.each([
  ['below a heading of its kind', '## Tasks\n### task-001\nRating: 5/5\n### task-099\nRating: 1/5\nAction: x\n', 4],
  ['below a deeper one that names nearly a task', '## task-001\nRating: 5\n### task-099\nRating: 1\nAction: x\n', 3],
  ['below a heading with other letters', '## task-001\nRating: 5\n### Logging\nRating: 1\nAction: x\n', 3],
  ['set in bold', '**task-001**\nRating: 5\n\n**task-099**\nRating: 1\nAction: x\n', 4],
  ['of another day', '## task-001\nRating: 5\n## 2026-11-22/task-001\nRating: 1\nAction: x\n', 3],
])('what is said of an unknown task is not the task’s before it: %s', (_, text, line) => {
  const { said, others, at } = read(text);
  expect(said).toEqual([['task-001', 5, [], []]]);
  expect(others.at(-1)?.slice(1)).toEqual([1, [], ['x']]);
  expect(at.at(-1)).toMatch(new RegExp(`^${line}:`));
});

test('a deeper heading that names nobody is a note of its section', () => {
  expect(read('## task-001\nRating: 5\n### What I saw\nfine\n#### Actions\n- a\n')).toMatchObject({
    said: [['task-001', 5, ['What I saw', 'fine'], ['a']]],
    problems: [],
  });
});

test.each([
  ['## add_user_page: Some words', 'add_user_page'],
  ['## __add_user_page__', 'add_user_page'],
  ['## a_1', 'a_1'],
  ['## user_api: x', 'user_api'],
  ['## userapi: x', 'userapi'],
  ['## ✅ task-001', 'task-001'],
  ['## ⚠️ task-001: Documentation Task', 'task-001'],
  ['## 1. task-001', 'task-001'],
  ['## [ ] task-001', 'task-001'],
  ['## [task-001](../tasks/2026-11-23.yaml)', 'task-001'],
  ['## [task-001]: Documentation', 'task-001'],
  ['**task-001**', 'task-001'],
  ['**task-001: Documentation Task**', 'task-001'],
  ['**Documentation Task**', 'task-001'],
  ['task-001', 'task-001'],
  ['task-001:', 'task-001'],
  ['task-001\n========', 'task-001'],
  ['Documentation Task\n---', 'task-001'],
  ['Task task-001', 'task-001'],
])('%j begins the section of %s, and nothing is to mend', (heading, task) => {
  expect(read(`${heading}\nRating: 4\nAction: x\n`)).toEqual({
    ...{ said: [[task, 4, [], ['x']]], others: [], at: [], problems: [] },
  });
});

test.each([
  [
    '- task-001: 5/5\n- task-002: 3/5 too slow\n  - ❌ broke\n- login ★★\n',
    [
      ['task-001', 5, [], []],
      ['task-002', 3, ['too slow', 'broke'], []],
      ['login', 2, [], []],
    ],
  ],
  [
    '1. task-001\n   Rating: 4\n\n   ✅ fine\n2. **task-002**\n   Rating: 2\n',
    [
      ['task-001', 4, ['fine'], []],
      ['task-002', 2, [], []],
    ],
  ],
  [
    'task-001: 4/5\ntask-002 – Basket: ⭐⭐⭐\n',
    [
      ['task-001', 4, [], []],
      ['task-002', 3, [], []],
    ],
  ],
  ['## part: Migration part 2/5\nRating: 4\n', [['part', 4, [], []]]],
  ['## part: Migration part 2/5 (4/5)\n', [['part', 4, [], []]]],
  ['## Migration part 2/5\nRating: 3\n', [['part', 3, [], []]]],
  ['## Sign in by mail 3/5\n', [['login', 3, [], []]]],
])('each task has its own in %j', (text, said) => {
  expect(read(text)).toMatchObject({ said, problems: [] });
});

test.each([
  ['a list’s next item', '- task-001: 5/5\n- something else\n', 'something else'],
  ['a paragraph below the list', '- task-001: 5/5\n\nAll in all a good day.\n', 'All in all a good day.'],
])('what stands beside a task’s line is not the task’s: %s', (_, text, words) => {
  expect(read(text)).toMatchObject({ said: [['task-001', 5, [], []]], others: [['', undefined, [words], []]] });
});

test.each([
  ['a rating above all headings', 'Rating: 4\n## login\nRating: 2\n', ['1:9']],
  ['a second one there', '4/5\n\n3/5\n## login\nRating: 2\n', ['1:1', '3:1']],
  ['a wish above all headings', '# Feedback\nAction: x\n', ['2:9']],
  ['words that begin with a task', 'task-001 was good\n', ['1:1']],
  ['another task’s line in a section', '## login\nRating: 2\n- task-001: 5/5\n', ['3:3']],
  ['a task’s line in a section of Dayshift’s', '## Orchestrator\n- task-001: 1/5\n', ['2:3']],
  ['an arrow', '## login\nRating: 2\n❌ broke\n→ cost an hour\n', ['4:1']],
  ['a slip in a label', '## login\nRating: 2\nAcion: x\nRatign: 3\n', ['3:1', '4:1']],
  ['a wish within a line', '## login\nRating: 2\n✅ good, Action: x\n', ['3:9']],
  ['a comment that is never closed', '## login\nRating: 2\nsee <!-- here\n', ['3:5']],
])('what does not count is told with its place: %s', (_, text, at) => {
  const { at: found, said } = read(text);
  expect(found).toEqual(at);
  expect(said.every(([task, rating]) => task === 'login' && rating === 2)).toBe(true);
});

test('ratings that are nobody’s are all kept', () => {
  expect(read('4/5\n\n3/5\n').others).toEqual([['', 4, ['Rating: 3/5'], []]]);
});

test.each([
  ['Action 1: a', 'a'],
  ['Action #2: a', 'a'],
  ['Action - a', 'a'],
  ['action – a', 'a'],
  ['**Action: a**', 'a'],
  ['**Action:** a **b**', 'a **b**'],
  ['- [ ] Action: a', 'a'],
])('%j asks for %j', (line, wish) => {
  expect(read(`## login\nRating: 3\n${line}\n`)).toMatchObject({ said: [['login', 3, [], [wish]]], problems: [] });
});

test.each([
  ['Rating: 4/5, Action: a', [], ['a']],
  ['Rating: 4/5 ✅ good', ['good'], []],
  ['Rating: 4/5 well done', ['well done'], []],
])('words behind a rating are read too: %j', (line, remarks, wishes) => {
  expect(read(`## login\n${line}\n`)).toMatchObject({ said: [['login', 4, remarks, wishes]], problems: [] });
});

test('a German file’s title and labels are known', () => {
  expect(read('# Rückmeldung vom 25.11.\n## task-001\nBewertung: 4\nGut: a\nVerbessern: b\nAktion: c\n')).toEqual({
    ...{ said: [['task-001', 4, ['a', 'b'], ['c']]], others: [], at: [], problems: [] },
  });
});
