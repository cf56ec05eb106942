import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuestionFile } from './index.ts';

const example = `# Question from Agent task-001
## Context
I'm implementing pagination and found two different patterns...
## Question
Which pattern should I follow?
## Options
A) Pattern from weddings module
B) Pattern from PAGINATION.md
## Impact
Affects consistency across modules
`;
const read = {
  question: {
    question: 'Which pattern should I follow?',
    multiSelect: false,
    options: [{ label: 'Pattern from weddings module' }, { label: 'Pattern from PAGINATION.md' }],
  },
  context: "I'm implementing pagination and found two different patterns...",
  impact: 'Affects consistency across modules',
};

test.each([
  ['as it is', example],
  ['CRLF and a BOM', `\ufeff${example.replaceAll('\n', '\r\n')}`],
  [
    'other levels and case',
    example.replaceAll('## ', '#### ').replace('Context', 'CONTEXT').replace('Options', 'options:'),
  ],
  ['bold instead of headings', example.replace(/^## (\w+)$/gm, '**$1:**')],
  ['plain words instead of headings', example.replace(/^## (\w+)$/gm, '$1:')],
  ['dots', example.replaceAll(/^([AB])\)/gm, '$1.')],
  ['bullets with letters', example.replaceAll(/^([AB])\)/gm, '- $1:')],
  ['bold letters', example.replaceAll(/^([AB])\)/gm, '**$1)**')],
  ['numbers', example.replace('A) ', '1) ').replace('B) ', '2. ')],
  ['bullets', example.replaceAll(/^[AB]\)/gm, '*')],
  ['blank lines', example.replaceAll('\n', '\n\n')],
  ['options inside the question', example.replace('## Options\n', '')],
])('the format is read: %s', (_name, text) => {
  expect(parseQuestionFile(text, 'q.md')).toEqual(read);
});

test('a text without any format is the question', () => {
  const text = 'Shall I delete the old module?\nIt is not used: nothing imports it.';
  expect(parseQuestionFile(text, 'q.md')).toEqual({ question: { question: text, multiSelect: false, options: [] } });
});

test('missing parts: a title alone, options alone, context alone, nothing', () => {
  expect(parseQuestionFile('# Question from Agent task-001\nWhich one?', 'q.md').question.question).toBe('Which one?');
  expect(parseQuestionFile('## Context\nTwo ways.', 'q.md')).toEqual({
    question: { question: 'Two ways.', multiSelect: false, options: [] },
  });
  expect(parseQuestionFile('', 'q.md').question.question).toContain('q.md');
  expect(parseQuestionFile('## Question\nWhich?\n## Options\nwhatever you like', 'q.md').question).toEqual({
    question: 'Which?\n\nwhatever you like',
    multiSelect: false,
    options: [],
  });
});

test('a longer option keeps its explanation, and several may be chosen where it says so', () => {
  expect(
    parseQuestionFile('## Question\nWhich?\n## Options (choose all that apply)\nA) One\n   the first\nB) Two', 'q')
      .question,
  ).toEqual({
    question: 'Which?',
    multiSelect: true,
    options: [{ label: 'One', description: 'the first' }, { label: 'Two' }],
  });
});

test('headings inside a code block are code', () => {
  const text = '## Question\nIs this right?\n```md\n## Options\nA) no\n```\n## Options\nA) yes\nB) no';
  const { question } = parseQuestionFile(text, 'q');
  expect(question.question).toContain('## Options\nA) no');
  expect(question.options).toEqual([{ label: 'yes' }, { label: 'no' }]);
});

test('letters in another order stay readable', () => {
  expect(parseQuestionFile('## Question\nx?\n## Options\nB) two\nC) three', 'q').question.options).toEqual([
    { label: 'B) two' },
    { label: 'C) three' },
  ]);
});

test('any text gives a question', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(parseQuestionFile(text, 'q.md').question.question).not.toBe('');
    }),
  );
});
