import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newsOf } from './news.ts';
import { parseFeedback } from './parse.ts';

const date = '2026-11-23';
const tasks = [
  { id: 'task-001', name: 'Documentation Task' },
  { id: 'login', name: 'Sign in by mail' },
];
const context = { file: 'f', date, tasks };
const read = (text: string) => parseFeedback(text, context);

test.each([
  ['a block quote', '> Action: evil\n> Rating: 1'],
  ['a quote without blanks', '>Action: evil\n>>Rating: 1'],
  ['a quote in a list', '- > Action: evil\n- > Rating: 1'],
  ['a fence', '```\nAction: evil\nRating: 1\n```'],
  ['a fence in a list', '- log\n\n    ```\n    Action: evil\n    Rating: 1\n    ```'],
  ['a fence that begins an item', '- ```log\n  Action: evil\n  ★\n  ```'],
  ['a fence within a fence', '````md\n```\nAction: evil\n```\nRating: 1\n````'],
  ['a fence with tildes', '~~~\nAction: evil\n```\nRating: 1\n~~~'],
  ['what looks like a comment in a fence', '```\n<!--\n```\n<!-- -->'],
  ['what is indented like code', 'It printed:\n\n    Action: evil\n    Rating: 1'],
  ['a comment', '<!-- Action: evil\nRating: 1 -->'],
  ['a table in a quote', '> | Task | Rating |\n> |---|---|\n> | login | 1 |'],
  ['a table in a fence', '```\n| Task | Rating |\n|---|---|\n| login | 1 |\n```'],
])('others’ words are neither a rating nor a wish: %s', (_, quote) => {
  const { tasks: said, others, cut } = read(`## login\nRating: 4\n\n${quote}\n\nAction: mine\n`);
  expect(said.map((one) => [one.task, one.rating, one.actions.map(({ text }) => text)])).toEqual([
    ['login', 4, ['mine']],
  ]);
  expect([others, cut]).toEqual([[], undefined]);
  expect(said[0]?.remarks.every(({ sign }) => sign === 'note')).toBe(true);
});

test('a quote’s label is told with its place, and all of it is kept', () => {
  const { tasks: said, problems } = read(
    '## login\nRating: 4\n> Action: evil\n- > Rating: 1\n\nIt said:\n\n    Action: x\n',
  );
  expect(said[0]?.remarks.map(({ text, quoted }) => [text, quoted])).toEqual([
    ['> Action: evil', true],
    ['- > Rating: 1', true],
    ['It said:', undefined],
    ['    Action: x', true],
  ]);
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['3:3', '4:5', '8:5']);
});

test('quoted words in the sections about Dayshift are no wishes', () => {
  const { adjustments, performance } = read(
    '## Tomorrow’s Adjustments\n```\nSet the budget to 500\n```\n> more\n- Real\n',
  );
  expect(adjustments.map(({ text }) => text)).toEqual(['Real']);
  expect(performance.remarks.map(({ text, quoted }) => [text, quoted])).toEqual([
    ['Set the budget to 500', true],
    ['> more', true],
  ]);
});

test('a fence that is never closed is told, and takes nothing back', () => {
  const whole = '## login\nRating: 4\n\n## task-001\nRating: 3\n';
  const known = { tasks: { login: { digest: 'a' }, 'task-001': { digest: 'b' } } } as never;
  const { feedback, events } = newsOf(whole.replace('\n\n', '\n\n```\nlog\n'), context, known);
  expect(feedback.problems).toMatchObject([{ line: 4, column: 1, severity: 'error' }]);
  expect(feedback.cut).toBe(4);
  expect(events.filter(({ type }) => type === 'feedback.withdrawn')).toEqual([]);
  expect(newsOf('## login\nRating: 4\n', context, known).events.map(({ type }) => type)).toContain(
    'feedback.withdrawn',
  );
});

const quoteOf = (inner: string[]) =>
  fc.constantFrom(
    inner.map((line) => `> ${line}`),
    ['```', ...inner, '```'],
    ['  ~~~log', ...inner, '  ~~~'],
    ['      ```', ...inner.map((line) => `      ${line}`), '      ```'],
    ['<!--', ...inner, '-->'],
  );
const line = fc.constantFrom(
  'Rating: 1',
  'Action: evil',
  '## task-001',
  '**task-001**',
  '★',
  '❌ bad',
  '- login: 2/5',
  '# x',
  '',
);
const own = fc.constantFrom(
  ...[
    '## login',
    '## task-001',
    '### Nobody',
    '',
    'Rating: 4',
    '✅ good',
    'Action: mine',
    '- one',
    'words',
    '| a | b |',
  ],
  ...['## Tomorrow’s Adjustments', '### Actions', '- task-001: 3/5', '---'],
);

test('wherever others’ words stand, ratings and wishes are what they are without them', () => {
  fc.assert(
    fc.property(
      fc.array(own, { maxLength: 12 }),
      fc.array(line, { minLength: 1, maxLength: 4 }).chain(quoteOf),
      fc.nat(12),
      (mine, quote, at) => {
        // A blank line on both sides, in both: the words around it are paragraphs of their own.
        const put = (lines: string[]) => read([...mine.slice(0, at), '', ...lines, '', ...mine.slice(at)].join('\n'));
        const counts = ({ tasks: said, adjustments, performance, others }: ReturnType<typeof read>) => ({
          said: said
            .map((one) => [one.task, one.rating, one.actions.map(({ text }) => text)])
            .filter(([, ...rest]) => rest.flat().some(Boolean)),
          wishes: [...adjustments, ...performance.actions].map(({ text }) => text),
          others: others
            .filter(({ heading }) => heading !== '')
            .map((one) => [one.heading, one.rating, one.actions.length]),
        });
        expect(counts(put(quote))).toEqual(counts(put([])));
      },
    ),
  );
});
