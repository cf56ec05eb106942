import type { JournalEvent } from '../journal/index.ts';
import { attempt, begin, call, date, end, plan, recorder, spec, type Recorder } from './testing.ts';

/** A day with one of everything: the page that comes of it is example.md. */
export function exampleDay(): JournalEvent[] {
  const day = recorder();
  day
    .at(-30)
    .add('day.planned', {
      payer: 'API key (ANTHROPIC_API_KEY)',
      warnings: ['docs/OLD_GUIDE.md, a context file of task-002, is not there'],
      plan: plan([
        spec('task-001', {
          name: 'Create documentation for baptisms',
          deliverables: ['docs/NEW_DOC.md', 'Updated docs/MODULE_REGISTRY.md'],
          checks: ['npm run lint:docs'],
        }),
        spec('task-002', {
          name: 'Paginate the list of weddings',
          deliverables: ['src/app/(main)/weddings/', 'A short note on the design'],
          checks: ['npm test', 'npm run typecheck'],
          complexity: 'medium',
          estimate: { hours: 2.5, usd: 6 },
        }),
        spec('task-003', { name: 'Make the importer faster', checks: ['npm run bench:import'], maxCostUsd: 4 }),
        spec('task-004', { name: 'Choose a date library', deliverables: ['docs/decisions/dates.md'] }),
        spec('task-005', { name: 'Tidy up the wiki texts' }),
        spec('task-006', { name: 'Release notes', needs: ['task-003'] }),
      ]),
    })
    .at(0)
    .add('day.started', {})
    .add('day.forecast', { usd: { p50: 12.4, p80: 19.5 }, records: 23, tasks: {} });
  documentation(day);
  weddings(day);
  importer(day);
  dates(day);
  wiki(day);
  day
    .at(300)
    .of('task-006', 'task.stopped', { reason: 'dependency failed: task-003' })
    .add('delivery.failed', { what: 'the question q3 to Telegram', why: 'no answer from the server for 10 minutes' })
    .add('day.warned', { message: 'The clock jumped by 4 minutes at 12:10.' })
    .at(301)
    .add('day.reported', { path: `results/${date}-report.md` });
  return day.events;
}

function documentation(day: Recorder): void {
  const task = 'task-001';
  day.at(0);
  begin(day, task);
  for (let index = 0; index < 14; index += 1) call(day, task, 0.06, 900);
  day
    .at(18)
    .of(task, 'task.checking', { round: 1 })
    .of(task, 'deliverables.looked', {
      round: 1,
      results: [
        { text: 'docs/NEW_DOC.md', paths: ['docs/NEW_DOC.md'], verdict: 'changed' },
        { text: 'Updated docs/MODULE_REGISTRY.md', paths: ['docs/MODULE_REGISTRY.md'], verdict: 'changed' },
      ],
    })
    .of(task, 'check.ran', {
      round: 1,
      command: 'npm run lint:docs',
      exitCode: 0,
      timedOut: false,
      ms: 3100,
      tail: 'ok',
    })
    .of(task, 'review.decided', {
      round: 1,
      decision: 'proceed',
      reasons: ['1 check passed', '2 deliverables there and changed'],
      tree: 't2',
    });
  end(day, task, 1, 'finished', 18);
  day
    .of(task, 'work.measured', {
      stat: {
        files: 2,
        insertions: 148,
        deletions: 3,
        paths: [
          { status: 'A', path: 'docs/NEW_DOC.md' },
          { status: 'M', path: 'docs/MODULE_REGISTRY.md' },
        ],
      },
      patch: `results/${date}/${task}.patch`,
      tree: 't2',
      summary:
        '# Summary\n\nI wrote `docs/NEW_DOC.md` after the pattern of the other modules:\n\n- purpose and data model\n- the three screens\n- how to test it\n\nConfidence: 90 %',
    })
    .of(task, 'workspace.checkpointed', { id: 'c1', label: 'attempt 1', commit: 'a2', tree: 't2' })
    .of(task, 'task.done', { reasons: ['1 check passed', '2 deliverables there and changed'] });
}

function weddings(day: Recorder): void {
  const task = 'task-002';
  day.at(1);
  begin(day, task);
  for (let index = 0; index < 9; index += 1) call(day, task, 0.11, 1600);
  day.at(22).of(
    task,
    'item.opened',
    {
      id: 'q1',
      kind: 'question',
      source: 'tool',
      toolUseId: 'toolu_1',
      silence: { kind: 'wait' },
      questions: [
        {
          question: 'Which pagination pattern should I follow?',
          multiSelect: false,
          options: [{ label: 'The one of the weddings module' }, { label: 'The one in PAGINATION.md' }],
        },
      ],
    },
    { attempt: 1, actor: { kind: 'agent' } },
  );
  day
    .of(task, 'egress.opened', { host: 'packages.example.org', port: 443, by: 'setup' })
    .of(task, 'egress.opened', { host: 'docs.example.org', port: 443, by: 'agent' })
    .of(task, 'egress.refused', { host: 'paste.example.com', port: 443, reason: 'not_listed', by: 'agent' })
    .of(task, 'egress.refused', {
      host: 'wiki.example.org',
      port: 443,
      reason: 'not_public',
      detail: 'private',
      by: 'agent',
    })
    .of(task, 'egress.counted', {
      hosts: [
        { host: 'packages.example.org', port: 443, connections: 14, sent: 210_400, received: 48_300_000 },
        { host: 'docs.example.org', port: 443, connections: 1, sent: 812, received: 9_950 },
      ],
      refused: [{ host: 'paste.example.com', reason: 'not_listed', count: 2 }],
    });
  end(day, task, 1, 'deferred', 21, { turns: 17 });
  day.of(task, 'task.parked', { reason: 'question', item: 'q1' });
  day
    .at(65)
    .of(
      task,
      'item.answered',
      { id: 'q1', answers: ['The one in PAGINATION.md'] },
      { actor: { kind: 'person', id: 'anna', via: 'telegram' } },
    )
    .of(task, 'item.delivered', { id: 'q1' });
  attempt(day, task, 2, 'resume', 'its question was answered');
  for (let index = 0; index < 12; index += 1) call(day, task, 0.14, 2100);
  for (const subject of ['git commit -m "Paginate weddings"', 'git add -A && git commit --no-verify -m "x | y"']) {
    day.of(task, 'guard.decided', {
      toolUseId: 'toolu_2',
      tool: 'Bash',
      subject,
      decision: 'deny',
      rule: 'git.write',
      reason: 'Agents do not write to the repository.',
      instead: 'Leave the files as they are: Dayshift takes the diff of the workspace.',
    });
  }
  day
    .at(96)
    .of(task, 'task.checking', { round: 1 })
    .of(task, 'deliverables.looked', { round: 1, results: weddingFiles })
    .of(task, 'check.ran', {
      round: 1,
      command: 'npm test',
      exitCode: 1,
      timedOut: false,
      ms: 21_400,
      tail: 'FAIL src/app/(main)/weddings/page.test.tsx\n  expected 20 rows, received 21',
    })
    .of(task, 'check.ran', { round: 1, command: 'npm run typecheck', exitCode: 0, timedOut: false, ms: 9200, tail: '' })
    .of(task, 'review.decided', {
      round: 1,
      decision: 'retry',
      reasons: ['check `npm test` ended with exit code 1 after 21 s'],
      tree: 't3',
    });
  for (let index = 0; index < 4; index += 1) call(day, task, 0.1, 1500);
  day
    .at(104)
    .of(task, 'task.checking', { round: 2 })
    .of(task, 'deliverables.looked', { round: 2, results: weddingFiles })
    .of(task, 'check.ran', { round: 2, command: 'npm test', exitCode: 0, timedOut: false, ms: 20_900, tail: 'ok' })
    .of(task, 'check.ran', { round: 2, command: 'npm run typecheck', exitCode: 0, timedOut: false, ms: 9000, tail: '' })
    .of(task, 'review.decided', {
      round: 2,
      decision: 'proceed',
      reasons: ['2 checks passed', '1 deliverable there and changed', '1 deliverable could not be checked'],
      tree: 't4',
    });
  end(day, task, 2, 'finished', 40, { turns: 31 });
  day
    .of(task, 'work.measured', {
      stat: {
        files: 36,
        insertions: 412,
        deletions: 97,
        paths: Array.from({ length: 36 }, (_, index) => ({
          status: index < 4 ? 'A' : 'M',
          path: `src/app/(main)/weddings/part-${String(index + 1).padStart(2, '0')}.tsx`,
        })),
      },
      patch: `results/${date}/${task}.patch`,
      tree: 't4',
      summary:
        'The list of weddings is paginated as PAGINATION.md says.\n\n```ts\nconst pageSize = 20;\n```\n\nAll tests pass.',
    })
    .of(task, 'workspace.checkpointed', { id: 'c1', label: 'attempt 2', commit: 'a4', tree: 't4' })
    .of(task, 'task.done', {
      reasons: ['2 checks passed', '1 deliverable there and changed', '1 deliverable could not be checked'],
    });
}

const weddingFiles = [
  { text: 'src/app/(main)/weddings/', paths: ['src/app/(main)/weddings/'], verdict: 'changed' as const },
  { text: 'A short note on the design', paths: [], verdict: 'not_checkable' as const },
];

function importer(day: Recorder): void {
  const task = 'task-003';
  day.at(20);
  begin(day, task);
  for (let index = 0; index < 10; index += 1) call(day, task, 0.2, 2500);
  day.of(task, 'model.refused', { call: 'x', status: 529, meaning: 'overloaded', detail: 'Overloaded' });
  day.of(task, 'model.refused', { call: 'y', status: 529, meaning: 'overloaded', detail: 'Overloaded' });
  day.of(
    task,
    'tell.sent',
    { id: 't1', text: 'The fixture is in test/fixtures/large.csv' },
    { actor: { kind: 'person', id: 'anna', via: 'cli' } },
  );
  for (const round of [1, 2, 3]) {
    day
      .at(60 + round * 40)
      .of(task, 'task.checking', { round })
      .of(task, 'check.ran', {
        round,
        command: 'npm run bench:import',
        exitCode: 1,
        timedOut: false,
        ms: 61_000,
        tail: `import of 100,000 rows: ${9.4 - round} s\nexpected under 5 s\nerror: benchmark failed`,
      })
      .of(task, 'review.decided', {
        round,
        decision: round === 3 ? 'escalate' : 'retry',
        reasons: ['check `npm run bench:import` ended with exit code 1 after 1 min 01 s'],
        tree: `t${4 + round}`,
      });
    call(day, task, 0.5, 4000);
  }
  day.of(task, 'model.reserved', { call: 'cut-off', model: 'claude-sonnet-4-5', usd: 0.31 });
  end(day, task, 1, 'finished', 158, { turns: 74 });
  day
    .of(task, 'work.measured', {
      stat: { files: 1, insertions: 60, deletions: 41, paths: [{ status: 'M', path: 'src/import/rows.ts' }] },
      patch: `results/${date}/${task}.patch`,
      tree: 't7',
      summary: 'The import is now 35 % faster. I am confident that this is fast enough.',
    })
    .of(task, 'workspace.checkpointed', { id: 'c1', label: 'attempt 1', commit: 'a7', tree: 't7' })
    .of(task, 'task.failed', { reason: 'check `npm run bench:import` still fails after 3 tries (exit code 1)' });
}

function dates(day: Recorder): void {
  const task = 'task-004';
  day.at(120);
  begin(day, task);
  call(day, task, 0.4, 2000);
  day.at(131).of(
    task,
    'item.opened',
    {
      id: 'q3',
      kind: 'question',
      source: 'file',
      file: 'question.md',
      silence: { kind: 'wait' },
      context: 'Both are used in the repository today.',
      questions: [
        {
          question: 'Which library shall stay?',
          multiSelect: false,
          options: [{ label: 'date-fns' }, { label: 'dayjs' }, { label: 'None: use Temporal' }],
        },
      ],
    },
    { attempt: 1, actor: { kind: 'agent' } },
  );
  end(day, task, 1, 'parked', 11, { turns: 9, exitCode: null });
  day.of(task, 'task.parked', { reason: 'question', item: 'q3' });
}

function wiki(day: Recorder): void {
  const task = 'task-005';
  day.at(190);
  begin(day, task);
  call(day, task, 0.3, 1500);
  day
    .at(204)
    .of(task, 'task.checking', { round: 1 })
    .of(task, 'review.decided', {
      round: 1,
      decision: 'proceed',
      reasons: ['nothing proves it: no checks, and no deliverable that names a file'],
      tree: 't9',
    });
  end(day, task, 1, 'finished', 14);
  day
    .of(task, 'work.measured', {
      stat: { files: 1, insertions: 22, deletions: 19, paths: [{ status: 'M', path: 'wiki/Home page.md' }] },
      patch: `results/${date}/${task}.patch`,
      tree: 't9',
      summary: 'Texts are tidied up.',
    })
    .of(task, 'task.done', { reasons: ['nothing proves it: no checks, and no deliverable that names a file'] });
}
