import { expect, test } from 'vitest';
import { emptyState, fold, type ItemState, type Question, type TaskState } from '../journal/index.ts';
import {
  answersForTool,
  answerText,
  approvalDecision,
  budgetDecision,
  dueDefaults,
  failedCheckDecision,
  loginDecision,
  newApprovalItem,
  newBudgetItem,
  newFailedCheckItem,
  newLoginItem,
  newQuestionItem,
  newUsageLimitItem,
  nextItemId,
  openItems,
  ownWordsAmong,
  parseAnswer,
  parseAnswerFile,
  questionsFromTool,
  renderAnswerFile,
  renderHomeQuestion,
  renderItem,
  usageLimitDecision,
  type ItemOpened,
} from './index.ts';

const at = '2026-11-23T08:00:00.000Z';
const day = '2026-11-23';

function item(data: ItemOpened, answer?: string): ItemState {
  const state = emptyState();
  const base = { v: 1, at, day, task: 'task-001', actor: { kind: 'daemon' } } as const;
  fold(state, { ...base, seq: 1, type: 'item.opened', data });
  if (answer !== undefined) {
    const parsed = parseAnswer(data.questions, answer);
    if ('problem' in parsed) throw new Error(parsed.problem);
    fold(state, {
      ...base,
      seq: 2,
      type: 'item.answered',
      data: { id: data.id, answers: parsed.answers },
    });
  }
  return state.items[data.id]!;
}

const which: Question = {
  question: 'Which pattern should I follow?',
  multiSelect: false,
  options: [{ label: 'Pattern from weddings module' }, { label: 'Pattern from PAGINATION.md', description: 'newer' }],
};

test('the questions of the tool are read, and answered under the very text that was asked', () => {
  const input = {
    questions: [
      {
        question: 'Which pattern?\r\n',
        header: 'Pattern',
        multiSelect: false,
        options: [{ label: 'A', description: 'a' }, 'B'],
      },
      { question: 'Which modules?', multiSelect: true, options: [{ label: 'x' }, { label: 'y' }] },
    ],
    other: 1,
  };
  const read = questionsFromTool(input);
  if ('problem' in read) throw new Error(read.problem);
  expect(read.questions).toEqual([
    {
      question: 'Which pattern?',
      header: 'Pattern',
      multiSelect: false,
      options: [{ label: 'A', description: 'a' }, { label: 'B' }],
    },
    { question: 'Which modules?', multiSelect: true, options: [{ label: 'x' }, { label: 'y' }] },
  ]);
  expect(answersForTool(input, read.questions, ['B', 'x, y'])).toEqual({
    ...input,
    answers: { 'Which pattern?\r\n': 'B', 'Which modules?': 'x, y' },
  });
});

test.each([
  [{ question: 'One?' }, ['One?']],
  [{ questions: { question: 'One?' } }, ['One?']],
  [{ questions: ['One?', { text: 'Two?' }, {}, null, 5] }, ['One?', 'Two?']],
  [{ questions: [{ header: 'Only a header' }] }, ['Only a header']],
])('odd input is read as far as it goes: %j', (input, expected) => {
  const read = questionsFromTool(input);
  expect('questions' in read ? read.questions.map(({ question }) => question) : read).toEqual(expected);
});

test.each([undefined, null, 'x', [], {}, { questions: [] }, { questions: [{}] }])(
  'no question is a problem: %j',
  (input) => {
    expect(questionsFromTool(input)).toHaveProperty('problem');
  },
);

test.each([
  ['B', 'Pattern from PAGINATION.md'],
  [' b) ', 'Pattern from PAGINATION.md'],
  ['(b)', 'Pattern from PAGINATION.md'],
  ['2', 'Pattern from PAGINATION.md'],
  ['#2', 'Pattern from PAGINATION.md'],
  ['option b.', 'Pattern from PAGINATION.md'],
  ['pattern FROM  pagination.md', 'Pattern from PAGINATION.md'],
  ['Pattern from w', 'Pattern from weddings module'],
  ['B) Pattern from PAGINATION.md', 'Pattern from PAGINATION.md'],
  ['B) but only for lists', 'Pattern from PAGINATION.md (but only for lists)'],
  ['Use Pattern B (from PAGINATION.md).', 'Use Pattern B (from PAGINATION.md).'],
  ['A bit of both', 'A bit of both'],
  ['I) think not', 'I) think not'],
  ['Neither.\nAsk again.', 'Neither.\nAsk again.'],
])('one choice: %j means %j', (text, expected) => {
  expect(parseAnswer([which], text)).toEqual({ answers: [expected] });
});

test.each([
  ['E', 'There is no option E; A to B'],
  ['3', 'There is no option 3; A to B'],
  ['0', 'There is no option 0'],
  ['A, B', 'Only one option'],
  ['1 2', 'Only one option'],
  ['pattern from', 'fits A and B'],
  ['  \n ', 'empty'],
])('a mistake is told, not taken: %j', (text, problem) => {
  expect(parseAnswer([which], text)).toEqual({ problem: expect.stringContaining(problem) as string });
});

test('yes and no by their first letter, and a short word is no beginning of a longer one', () => {
  const sure = { question: 'Sure?', multiSelect: false, options: [{ label: 'Yes, do it' }, { label: 'No' }] };
  expect(parseAnswer([sure], 'y')).toEqual({ answers: ['Yes, do it'] });
  expect(parseAnswer([sure], 'N')).toEqual({ answers: ['No'] });
  const note = { ...sure, options: [{ label: 'Note it' }, { label: 'Stop' }] };
  expect(parseAnswer([note], 'no')).toEqual({ answers: ['no'] });
});

test('a question without options takes any words, single letters too', () => {
  expect(parseAnswer([{ question: 'Name?', multiSelect: false, options: [] }], 'E')).toEqual({ answers: ['E'] });
  expect(parseAnswer([], 'anything')).toEqual({ answers: ['anything'] });
});

const several: Question = {
  question: 'Which modules?',
  multiSelect: true,
  options: [{ label: 'baptisms' }, { label: 'weddings, old' }, { label: 'funerals' }],
};
test.each([
  ['A, C', 'baptisms, funerals'],
  ['a c', 'baptisms, funerals'],
  ['1 3', 'baptisms, funerals'],
  ['A and B', 'baptisms, weddings, old'],
  ['A A', 'baptisms'],
  ['baptisms; funerals', 'baptisms, funerals'],
  ['all', 'baptisms, weddings, old, funerals'],
  ['funerals, and the new one', 'funerals, and the new one'],
  ['None of them, really', 'None of them, really'],
])('several choices: %j means %j', (text, expected) => {
  expect(parseAnswer([several], text)).toEqual({ answers: [expected] });
});
test('one of several choices that is not there is a problem', () => {
  expect(parseAnswer([several], 'A, E')).toEqual({ problem: expect.stringContaining('no option E; A to C') as string });
});

test.each([
  ['1: B\n2: A, C', ['Pattern from PAGINATION.md', 'baptisms, funerals']],
  ['2) free text\nover two lines\n1) A', ['Pattern from weddings module', 'free text\nover two lines']],
  ['B\n\nC', ['Pattern from PAGINATION.md', 'funerals']],
  ['b c', ['Pattern from PAGINATION.md', 'funerals']],
  ['1: B 2: only baptisms', ['Pattern from PAGINATION.md', 'only baptisms']],
])('several questions: %j', (text, expected) => {
  expect(parseAnswer([which, several], text)).toEqual({ answers: expected });
});
test.each([
  ['B', 'There are 2 questions'],
  ['1: B', 'Question 2 has no answer'],
  ['1: E\n2: A', 'Question 1: There is no option E'],
])('several questions, a mistake: %j', (text, problem) => {
  expect(parseAnswer([which, several], text)).toEqual({ problem: expect.stringContaining(problem) as string });
});

test('the answer in words names the letter again', () => {
  const data = newQuestionItem(
    'q1',
    { questions: [which, several], from: { source: 'tool', toolUseId: 't' } },
    { mode: 'park' },
    0,
  );
  expect(answerText(item(data, '1: B\n2: A B'))).toBe(
    'Which pattern should I follow?: B) Pattern from PAGINATION.md\nWhich modules?: A) baptisms, B) weddings, old',
  );
  expect(answerText(item({ ...data, questions: [which] }, 'as you like'))).toBe('as you like');
  expect(answerText(item(data))).toBe('');
});

test.each([
  ['# Answer to task-001\n\nUse B.\nIt is newer.\n', 'Use B.\nIt is newer.'],
  ['\ufeff## answer\r\nB\r\n', 'B'],
  ['<!-- write below -->\nB', 'B'],
  ['no heading', 'no heading'],
  ['# Use B', '# Use B'],
  ['', undefined],
  [' \r\n\t', undefined],
  ['# Answer to task-001\n<!-- here -->\n', undefined],
  ['B <!-- open', 'B <!-- open'],
])('an answer file %j holds %j', (text, expected) => {
  expect(parseAnswerFile(text)).toBe(expected);
});

test('what is rendered as an answer file reads back', () => {
  expect(renderAnswerFile('task-001', 'B) x\n')).toBe('# Answer to task-001\n\nB) x\n');
  expect(parseAnswerFile(renderAnswerFile('task-001', 'B) x'))).toBe('B) x');
});

test('silence takes the first option after its time, and only where every question has one', () => {
  const from = { source: 'tool', toolUseId: 't' } as const;
  const now = Date.parse(at);
  const after = { mode: 'default', afterMinutes: 30 } as const;
  const data = newQuestionItem('q1', { questions: [which], from }, after, now);
  expect(data.silence).toEqual({
    kind: 'default',
    at: '2026-11-23T08:30:00.000Z',
    answers: ['Pattern from weddings module'],
  });
  expect(newQuestionItem('q1', { questions: [which, { ...which, options: [] }], from }, after, now).silence).toEqual({
    kind: 'wait',
  });
  const items = { q1: item(data), q2: item({ ...data, id: 'q2', silence: { kind: 'wait' } }) };
  expect(dueDefaults({ items }, now + 29 * 60_000)).toEqual([]);
  expect(dueDefaults({ items }, now + 30 * 60_000).map((due) => [due.item.id, due.answers])).toEqual([
    ['q1', ['Pattern from weddings module']],
  ]);
});

test('items are numbered on and listed oldest first', () => {
  expect(nextItemId({ lastItem: 9 })).toBe('q10');
  const data = newLoginItem('q2', { detail: 'expired' });
  const items = { q10: item({ ...data, id: 'q10' }), q2: item(data), q3: item({ ...data, id: 'q3' }, 'A') };
  expect(openItems({ items }).map(({ id }) => id)).toEqual(['q2', 'q10']);
  expect(openItems({ items }, '2026-11-24')).toEqual([]);
});

const budget = newBudgetItem('q1', { scope: 'day', spentUsd: 49.9, limitUsd: 50 });
test.each([
  ['A', { kind: 'more', scope: 'day', usd: 10 }],
  ['B', { kind: 'raise', scope: 'day', usd: 100 }],
  ['C', { kind: 'stop_task' }],
  ['D', { kind: 'pause_day' }],
  ['raise to $10', { kind: 'raise', scope: 'day', usd: 10 }],
  ['raise to 1,250.50', { kind: 'raise', scope: 'day', usd: 1250.5 }],
  ['5 dollars more', { kind: 'more', scope: 'day', usd: 5 }],
  ['+5', { kind: 'more', scope: 'day', usd: 5 }],
  ['stop it', { kind: 'stop_task' }],
  ['do not go above 60', { kind: 'unclear', words: 'do not go above 60' }],
  ['between 60 and 70', { kind: 'unclear', words: 'between 60 and 70' }],
  ['as you like', { kind: 'unclear', words: 'as you like' }],
])('a budget’s answer %j', (answer, expected) => {
  expect(budgetDecision(item(budget, answer))).toEqual(expected);
});
test('a budget that does not cover the next call says what that may cost, to the hundredth of a cent', () => {
  const short = newBudgetItem('q1', { scope: 'task', spentUsd: 0, limitUsd: 0.01, callUsd: 0.0342 });
  expect(short.questions[0]?.question).toBe(
    'This task’s budget of $0.01 does not cover the next call, which may cost $0.03: $0 is spent. How should it go on?',
  );
  const little = newBudgetItem('q1', { scope: 'task', spentUsd: 0.0042, limitUsd: 0.01, callUsd: 0.0071 });
  expect(little.questions[0]?.question).toContain('may cost $0.0071: $0.0042 is spent');
});
test.each([
  ['a call that is dearer than what a fifth of the limit adds', { spentUsd: 2.85, limitUsd: 4, callUsd: 2.85 }, 1.7, 8],
  ['a call that is dearer than the whole limit', { spentUsd: 0, limitUsd: 0.01, callUsd: 3.004 }, 3, 3.01],
  ['a limit that the last call passed by far', { spentUsd: 5, limitUsd: 1 }, 4.27, 9.27],
])('going on once is enough to go on: %s', (_, budget, more, raise) => {
  const data = newBudgetItem('q1', { scope: 'task', ...budget });
  expect(budgetDecision(item(data, 'A'))).toEqual({ kind: 'more', scope: 'task', usd: more });
  expect(budgetDecision(item(data, 'B'))).toEqual({ kind: 'raise', scope: 'task', usd: raise });
});
test('a task’s budget is told from the day’s', () => {
  const own = newBudgetItem('q1', { scope: 'task', spentUsd: 2, limitUsd: 2, moreUsd: 0.5 });
  expect(budgetDecision(item(own, 'A'))).toEqual({ kind: 'more', scope: 'task', usd: 0.5 });
  expect(budgetDecision(item(own))).toBeUndefined();
});

test('an approval allows only by its own word', () => {
  const data = newApprovalItem('q1', { tool: 'Bash', subject: 'rm -r build', reason: 'deletes', toolUseId: 't' });
  expect(approvalDecision(item(data, 'A'))).toEqual({ kind: 'allow', always: false });
  expect(approvalDecision(item(data, 'ok'))).toEqual({ kind: 'allow', always: false });
  expect(approvalDecision(item(data, 'B'))).toEqual({ kind: 'refuse' });
  expect(approvalDecision(item(data, 'allow it only in dist'))).toEqual({
    kind: 'refuse',
    words: 'allow it only in dist',
  });
  expect(approvalDecision(item(data, 'A) if you must'))).toMatchObject({ kind: 'refuse' });
  expect(approvalDecision(item(data))).toBeUndefined();
});

test('logins and failed checks read back', () => {
  const login = newLoginItem('q1', { detail: 'expired\ntoken' });
  expect(loginDecision(item(login, 'A'))).toEqual({ kind: 'try_again' });
  expect(loginDecision(item(login, 'stop'))).toEqual({ kind: 'stop' });
  const check = newFailedCheckItem('q1', { reasons: ['check `npm test` failed'], tries: 3, workedMs: 60_000 }, 0);
  expect(failedCheckDecision(item(check, 'A'))).toEqual({ kind: 'retry' });
  expect(failedCheckDecision(item(check, 'use the other fixture'))).toEqual({
    kind: 'retry',
    hint: 'use the other fixture',
  });
  expect(failedCheckDecision(item(check, 'B'))).toEqual({ kind: 'leave' });
  expect(failedCheckDecision(item(check, 'leave it'))).toEqual({ kind: 'leave' });
  const limit = newUsageLimitItem('q2', { until: '2026-11-23T14:00:00.000Z', clock: '14:00' });
  expect(['A', 'B', 'C', 'try now', 'never mind'].map((said) => usageLimitDecision(item(limit, said))?.kind)).toEqual([
    ...['wait', 'try_now', 'pause_day', 'try_now', 'wait'],
  ]);
});

test('the home’s question file names its item and says how to answer; the agent’s words stand in quotes', () => {
  const data = newQuestionItem(
    'q7',
    {
      questions: [which],
      context: 'Found two.\n## How to answer\nAlways A.',
      impact: 'Consistency',
      from: { source: 'file', file: 'q.md' },
    },
    { mode: 'park' },
    0,
  );
  const task = { spec: { id: 'task-001', name: 'Pagination', project: 'home' } } as TaskState;
  expect(renderHomeQuestion(item(data), task)).toBe(`# Question q7 from task-001

- Item: q7
- Day: 2026-11-23
- Project: home
- Task: task-001: Pagination
- Asked: ${at}

## Context

> Found two.
> ## How to answer
> Always A.
>
> Impact: Consistency

## Question

> Which pattern should I follow?

## Options

A) Pattern from weddings module
B) Pattern from PAGINATION.md - newer

## How to answer

Write \`task-001-answer.md\` beside this file, or run \`dayshift answer q7 <A|B>\`.
A letter, a number, an option’s words, or a sentence of your own. The first answer counts.
`);
  expect(renderItem(item(data)).split('\n').at(-1)).toBe('dayshift answer q7 <A|B>');
});

test('the reasons of a failed task and what its check printed keep their lines in a terminal, an agent’s context is one', () => {
  const reasons = ['check `npm test` ended with exit code 1', 'deliverable missing: a.md'];
  const failed = newFailedCheckItem('q1', { reasons, tries: 1, evidence: 'not ok 1\n\u001b[31mat a.ts:3' }, 0);
  expect(renderItem(item(failed)).split('\n').slice(1, 5)).toEqual([
    '> - check `npm test` ended with exit code 1',
    '> - deliverable missing: a.md',
    '> not ok 1',
    '> at a.ts:3',
  ]);
  const from = { source: 'file' as const, file: 'x' };
  const context = 'one\ndayshift answer q1 A';
  const asked = newQuestionItem('q2', { questions: [which], context, from }, { mode: 'park' }, 0);
  expect(renderItem(item(asked)).split('\n')[1]).toBe('one dayshift answer q1 A');
});

test('an item in a terminal has no control characters of the agent’s', () => {
  const evil = { ...which, question: 'a\u001b[2Jb\u0007\u202ec', options: [{ label: 'x\u001b]0;t\u0007\ny' }] };
  const data = newQuestionItem(
    'q1',
    { questions: [evil], from: { source: 'tool', toolUseId: 't' } },
    { mode: 'park' },
    0,
  );
  expect(renderItem(item(data))).toMatch(/^[ -~\n·]*$/);
});

test('an item that is over says its answer, by whom and when, and is not asked again', () => {
  const data = newQuestionItem(
    'q7',
    { questions: [which, { ...which, question: 'And where?' }], from: { source: 'file', file: 'x' } },
    { mode: 'wait' },
    0,
  );
  const said = renderItem(item(data, '1: B\n2: in src'));
  expect(said).toContain('q7 · question · 2026-11-23/task-001 · answered');
  expect(said).toContain(
    '  → Which pattern should I follow?: B) Pattern from PAGINATION.md\n  → And where?: in src\n  by default, 2026-11-23T08:00:00.000Z',
  );
  expect(said).not.toContain('dayshift answer');
  const open = item(data);
  expect(renderItem({ ...open, status: 'withdrawn', withdrawnWhy: 'the task is done' })).toMatch(
    /withdrawn: the task is done$/,
  );
});

test('an answer that is no option is known as own words', () => {
  const data = newQuestionItem('q7', { questions: [which], from: { source: 'file', file: 'x' } }, { mode: 'wait' }, 0);
  const all = 'A) Pattern from weddings module, B) Pattern from PAGINATION.md';
  expect(ownWordsAmong(item(data, 'Pattern from PAGES.md'))).toEqual([all]);
  expect(ownWordsAmong(item(data, 'B but only for tests'))).toEqual([all]);
  for (const answer of ['B', 'pattern from w', 'B) but only for tests'])
    expect(ownWordsAmong(item(data, answer))).toEqual([]);
});
