import { expect, test } from 'vitest';
import { formatProblem } from '../document/index.ts';
import type { PlanContext } from './context.ts';
import { parsePlan } from './index.ts';
import { base, day, read, task, told } from './parse.testing.ts';

const example = `date: 2025-11-18
max_cost_usd: 50.00                   # also the default of a day; the alert line (75 %) is a setting
priority: high
tasks:
  - id: task-001
    name: "Create documentation"
    description: |
      Multi-line description
    module: baptisms
    estimated_complexity: low        # low | medium | high: about 1, 2.5, 4 hours
    context_files: [CLAUDE.md, docs/TESTING_GUIDE.md, "src/app/(main)/baptisms/"]
    deliverables: [docs/NEW_DOC.md, "Updated docs/MODULE_REGISTRY.md"]
`;

test('the format that its first users write is valid as it stands', () => {
  const { plan, problems } = parsePlan(example, 'tasks/2025-11-18.yaml', { ...base, fileDate: '2025-11-18' });
  expect(problems).toEqual([]);
  expect(plan).toEqual({
    date: '2025-11-18',
    file: 'tasks/2025-11-18.yaml',
    timezone: 'UTC',
    concurrency: 3,
    maxCostUsd: 50,
    alertPercent: 75,
    tasks: [
      {
        id: 'task-001',
        name: 'Create documentation',
        description: 'Multi-line description',
        module: 'baptisms',
        complexity: 'low',
        priority: 'high',
        project: 'home',
        needs: [],
        contextFiles: ['CLAUDE.md', 'docs/TESTING_GUIDE.md', 'src/app/(main)/baptisms/'],
        deliverables: ['docs/NEW_DOC.md', 'Updated docs/MODULE_REGISTRY.md'],
        checks: [],
        setup: [],
        timeoutMinutes: 240,
        onQuestion: { mode: 'park' },
        retries: 2,
        egress: [],
        env: {},
        tags: [],
        agent: 'claude-code',
        estimate: { hours: 1 },
      },
    ],
  });
});

test.each([
  ['timeout: 90', { timeoutMinutes: 90 }],
  ['timeout: "90"', { timeoutMinutes: 90 }],
  ['timeout: 90m', { timeoutMinutes: 90 }],
  ['timeout: 2h', { timeoutMinutes: 120 }],
  ['timeout: 1h30m', { timeoutMinutes: 90 }],
  ['timeout: 1.5h', { timeoutMinutes: 90 }],
  ['on_question: wait', { onQuestion: { mode: 'wait' } }],
  ['on_question: park', { onQuestion: { mode: 'park' } }],
  ['on_question: default 10m', { onQuestion: { mode: 'default', afterMinutes: 10 } }],
  ['on_question: default after 2h', { onQuestion: { mode: 'default', afterMinutes: 120 } }],
  ['on_question: {default_after: 10m}', { onQuestion: { mode: 'default', afterMinutes: 10 } }],
  ['on_question: {default_after: 10}', { onQuestion: { mode: 'default', afterMinutes: 10 } }],
  ['priority: medium', { priority: 'normal' }],
  ['priority: urgent', { priority: 'urgent' }],
  ['estimated_complexity: high', { complexity: 'high', estimate: { hours: 4 } }],
  ['retries: 0', { retries: 0 }],
  [
    'env: {A: 1.10, B: true, C: 007, D: "", E: $X, F: 2026-01-01}',
    { env: { A: '1.10', B: 'true', C: '007', D: '', E: '$X', F: '2026-01-01' } },
  ],
  [
    'egress: [a.example, "b.example:8443", "*.c.example", npm]',
    { egress: ['a.example', 'b.example:8443', '*.c.example', 'npm'] },
  ],
  ['checks: ["npm test", "npm test"]', { checks: ['npm test'] }],
])('%s is understood', (line, expected) => {
  const { plan, problems } = read(task(line));
  expect(problems).toEqual([]);
  expect(plan?.tasks[0]).toMatchObject(expected);
});

test.each([
  [
    'timeout: soon',
    '4:14  tasks[0].timeout: expected minutes up to 10080, such as 90, 90m or 2h, found the string "soon"',
  ],
  ['timeout: 0', '4:14  tasks[0].timeout: expected minutes up to 10080, such as 90, 90m or 2h, found the number 0'],
  [
    'timeout: 9999h',
    '4:14  tasks[0].timeout: expected minutes up to 10080, such as 90, 90m or 2h, found the string "9999h"',
  ],
  [
    'on_question: prak',
    '4:18  tasks[0].on_question: expected wait, park, "default 10m" or {default_after: 10m}, found the string "prak": did you mean "park"?',
  ],
  [
    'on_question: {default_after: 10m, or: x}',
    '4:18  tasks[0].on_question: expected wait, park, "default 10m" or {default_after: 10m}, found a mapping with default_after, or',
  ],
  [
    'on_question: default',
    '4:18  tasks[0].on_question: expected wait, park, "default 10m" or {default_after: 10m}, found the string "default": did you mean "default 10m"?',
  ],
  [
    'priority: hihg',
    '4:15  tasks[0].priority: expected urgent, high, normal, medium or low, found the string "hihg": did you mean "high"?',
  ],
  ['estimated_complexity: 3', '4:27  tasks[0].estimated_complexity: expected low, medium or high, found the number 3'],
  ['max_cost_usd: 0', '4:19  tasks[0].max_cost_usd: expected more than 0, found the number 0'],
  [
    'max_cost_usd: "5"',
    '4:19  tasks[0].max_cost_usd: expected a number, found the string "5": write it without quotes',
  ],
  ['max_turns: 1.5', '4:16  tasks[0].max_turns: expected a whole number, found the number 1.5'],
  ['retries: 21', '4:14  tasks[0].retries: expected at most 20, found the number 21'],
  ['module: [a, b]', '4:13  tasks[0].module: expected a string, found a list of 2'],
  ['checks: npm test', '4:13  tasks[0].checks: expected a list, found the string "npm test": write ["npm test"]'],
  [
    'checks: [1]',
    '4:14  tasks[0].checks[0]: expected a string, found the number 1: put quotes round it if it is meant',
  ],
  ['checks: [""]', '4:14  tasks[0].checks[0]: expected some text, found an empty string'],
  ['checks: ["a\\x00b"]', '4:14  tasks[0].checks[0]: a control character stands in this text'],
  ['description: "\\ud800"', '4:18  tasks[0].description: half a character stands in this text'],
  [
    'deliverables: [Updated: docs/A.md]',
    '4:20  tasks[0].deliverables[0]: expected a string, found a mapping with Updated: put quotes round a text with ": " in it',
  ],
  [
    'egress: ["https://a.example/x"]',
    '4:14  tasks[0].egress[0]: expected a host alone, such as docs.example.org: no scheme, path, user or space, found the string "https://a.example/x"',
  ],
  [
    'egress: ["[::1]:80"]',
    '4:14  tasks[0].egress[0]: expected a name: addresses cannot be listed, found the string "[::1]:80"',
  ],
  ['env: {A-B: x}', '4:11  tasks[0].env.A-B: not a name of the environment: letters, digits and _ only'],
  ['env: {A: [x]}', '4:14  tasks[0].env.A: expected a string, found a list of 1'],
  [
    'env: {ANTHROPIC_API_KEY: x}',
    '4:11  tasks[0].env.ANTHROPIC_API_KEY: this name is Dayshift’s own: agents get no key and no other address',
  ],
  ['agent: codex', '4:12  tasks[0].agent: expected claude-code, found "codex"'],
  ['project: hmoe', '4:14  tasks[0].project: unknown project "hmoe": did you mean "home"?'],
  ['needs: [a]', '4:13  tasks[0].needs[0]: a task cannot need itself'],
  ['needs: [zebra]', '4:13  tasks[0].needs[0]: there is no task "zebra" in this file'],
  ['contex_files: [a]', '4:5  tasks[0].contex_files: unknown key: did you mean "context_files"?'],
  ['name: B', '4:5  "name" stands here twice: keep one of them'],
])('%s is an error with its place', (line, expected) => {
  expect(told(task(line))).toContain(expected);
  expect(read(task(line)).plan).toBeUndefined();
});

test.each(['task 1', '../x', '.', '..', '.git', '-x', 'a/b', 'x.lock', 'x-answer', 'ä', 'x'.repeat(65), '""'])(
  'the id %s is refused',
  (id) => {
    const { plan, problems } = read(`tasks: [{id: ${id === '""' ? id : JSON.stringify(id)}, name: A}]`);
    expect(plan).toBeUndefined();
    expect(problems[0]?.path).toBe('tasks[0].id');
  },
);

test('a number as an id is an error that says what to do', () => {
  expect(told('tasks: [{id: 1, name: A}]')).toEqual([
    '1:14  tasks[0].id: expected a string, found the number 1: put quotes round it if it is meant',
  ]);
});

test('what must be there and is not is told where it is missing', () => {
  expect(told('tasks:\n  - id: a\n  - name: B\n')).toEqual([
    '2:5  tasks[0].name: missing: what it is about, in one line',
    '3:5  tasks[1].id: missing: short and unique in the file: it names folders',
  ]);
  expect(told('tasks: hello')).toEqual([
    '1:8  tasks: expected a list, found the string "hello": write - { id: a-short-one, name: "hello" }',
  ]);
  expect(told('tasks: [hello]')).toEqual([
    '1:9  tasks[0]: expected a mapping, found the string "hello": write { id: a-short-one, name: "hello" }',
  ]);
  expect(told('tasks: [{ id: a-short-one, name: "hello" }]')).toEqual([]);
  expect(told('defaults: &d { retries: 1 }\ntasks:\n  - id: a\n    name: A\n    <<: *d\n')).toEqual([
    expect.stringMatching(/^5:5 {2}merge keys \(<<\) are not read.*`defaults`$/),
  ]);
  expect(told('tasks: [{ id: a, name: A, needs: [b] }]')).toEqual([
    '1:35  tasks[0].needs[0]: there is no task "b" in this file',
  ]);
  expect(told('date: 2026-11-23')).toEqual(['1:1  tasks: missing: what is to be done']);
});

test('ids that differ only in case are one folder on some disks', () => {
  expect(told('tasks:\n  - {id: a, name: A}\n  - {id: A, name: B}\n  - {id: a, name: C}')).toEqual([
    '3:10  tasks[1].id: "A" is also the id of tasks[0], but for the case of letters: some disks do not tell them apart',
    '4:10  tasks[2].id: "a" is also the id of tasks[0]',
  ]);
});

test('a cycle is shown as a way that comes back, from the task that stands first', () => {
  const text = `tasks:
  - {id: c, name: C, needs: [a]}
  - {id: a, name: A, needs: [b]}
  - {id: b, name: B, needs: [x, c]}
  - {id: x, name: X}
  - {id: p, name: P, needs: [q]}
  - {id: q, name: Q, needs: [p]}`;
  expect(told(text)).toEqual([
    '2:30  tasks[0].needs[0]: these tasks wait for each other for ever: c -> a -> b -> c',
    '6:30  tasks[4].needs[0]: these tasks wait for each other for ever: p -> q -> p',
  ]);
});

test('a chain of thousands of needs is read', { timeout: 60_000 }, () => {
  const tasks = Array.from(
    { length: 2000 },
    (_, i) => `  - {id: t${i}, name: T${i > 0 ? `, needs: [t${i - 1}]` : ''}}`,
  );
  expect(read(`tasks:\n${tasks.join('\n')}`).plan?.tasks).toHaveLength(2000);
});

test.each([
  ['date: 2026-11-24\ntasks: []', '1:7  date: the file is named 2026-11-23: expected that day, found 2026-11-24'],
  ['date: 2026-02-30\ntasks: []', '1:7  date: there is no such day'],
  ['date: tomorrow\ntasks: []', '1:7  date: expected a day such as 2026-11-23, found the string "tomorrow"'],
  [
    'date: 20261123\ntasks: []',
    '1:7  date: expected a string, found the number 20261123: put quotes round it if it is meant',
  ],
])('%j is an error', (text, line) => {
  expect(told(text)).toContain(line);
});

test('the date is the file’s name; another kind of name takes the date inside, quoted or not', () => {
  expect(read('tasks: []').plan?.date).toBe('2026-11-23');
  expect(read('date: "2026-11-24"\ntasks: []', base).plan?.date).toBe('2026-11-24');
  expect(read('date: 2026-11-24\ntasks: []', base).plan?.date).toBe('2026-11-24');
  expect(told('tasks: []', base)).toEqual(['1:1  date: missing: the day, such as date: 2026-11-23']);
  expect(told('tasks: []', { ...base, fileDate: '2026-02-30' })).toEqual([
    '1:1  the file is named 2026-02-30, and there is no such day',
  ]);
});

test('no tasks are a warning, not an error', () => {
  for (const text of ['tasks: []', 'tasks:']) {
    const { plan, problems } = read(text);
    expect(plan?.tasks).toEqual([]);
    expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
  }
});

test('every error of every kind is told at once', () => {
  const text = `date: 2026-11-24
timezone: Europe/Berln
concurrency: 0
prioritty: high
tasks:
  - id: a
    name: A
    needs: [bb]
    timeout: x
  - id: b
    name: [B]
    needs: [c]
  - id: b
    name: C
    project: nowhere
  - id: c
    name: C
    needs: [b]`;
  expect(told(text).map((line) => line.split(':  ')[0]?.split('  ')[1]?.split(':')[0])).toEqual([
    'date',
    'timezone',
    'concurrency',
    'prioritty',
    'tasks[0].needs[0]',
    'tasks[0].timeout',
    'tasks[1].name',
    'tasks[1].needs[0]',
    'tasks[2].id',
    'tasks[2].project',
  ]);
  expect(told(text)[1]).toContain('did you mean "Europe/Berlin"?');
});

test('with several projects a task must name one; one whose folder is gone cannot be worked on', () => {
  const context: PlanContext = {
    ...day,
    defaultProject: undefined,
    projects: [
      { name: 'shop', setup: [], checks: [], egress: [], env: {} },
      { name: 'old', setup: [], checks: [], egress: [], env: {}, unavailable: '/old does not exist' },
    ],
  };
  expect(told('tasks:\n  - {id: a, name: A}\n  - {id: b, name: B, project: old}', context)).toEqual([
    '2:5  tasks[0]: name a project',
    '3:31  tasks[1].project: project "old": /old does not exist',
  ]);
});

test.each([
  ['API_KEY=sk-ant-api03-HUSH TOKEN=HUSH', 'x.env:1:1  this is no task file: expected YAML with a list of `tasks`'],
  ['HUSH: 1\nHUSH: 2', 'x.env:1:1  this is no task file'],
  ['tasks: HUSH', 'x.env:1:8  tasks: expected a list, found a text'],
  ['tasks:\n  - id: a\n    priority: HUSH', 'x.env:3:15  tasks[0].priority: expected urgent'],
])('what is wrong with a file that is none of ours is said without a word of it: %s', (text, expected) => {
  const said = parsePlan(text, 'x.env', base, 'elsewhere').problems.map(formatProblem).join('\n');
  expect(said).toContain(expected);
  expect(said).not.toContain('HUSH');
});
