import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newForecastItem } from '../inbox/index.ts';
import { emptyState, fold, type JournalEvent } from '../journal/index.ts';
import { exampleDay } from './example-day.testing.ts';
import { dayFacts, htmlReportOf, renderStatus, reportOf, statusView } from './index.ts';
import { attempt, begin, call, date, end, plan, recorder, spec } from './testing.ts';

const planned = (tasks: Parameters<typeof plan>[0], more: Parameters<typeof plan>[1] = {}) =>
  recorder()
    .at(-30)
    .add('day.planned', { plan: plan(tasks, more), payer: 'API key', warnings: [] });

test('the example day reads as example.md says', () => {
  const page = reportOf(exampleDay(), date);
  expect(page).toBe(readFileSync(new URL('example.md', import.meta.url), 'utf8'));
});

test('the page is the same whenever it is made: being reported, other days and repeats change nothing', () => {
  const day = exampleDay();
  const page = reportOf(day, date);
  const later = Date.parse('2026-11-24T09:00:00Z');
  const more: JournalEvent[] = [
    ...day,
    {
      ...day[0]!,
      seq: 900,
      day: '2026-11-24',
      type: 'day.planned',
      data: { plan: plan([spec('task-001')], { date: '2026-11-24' }), payer: 'x', warnings: ['other'] },
    },
    {
      v: 1,
      seq: 901,
      at: new Date(later).toISOString(),
      day: date,
      actor: { kind: 'daemon' },
      type: 'day.reported',
      data: { path: 'x' },
    },
    {
      v: 1,
      seq: 902,
      at: new Date(later).toISOString(),
      actor: { kind: 'daemon' },
      type: 'daemon.stopped',
      data: { reason: 'x' },
    },
  ];
  expect(reportOf(more, date)).toBe(page);
  expect(reportOf(day, date)).toBe(page);
});

test('a paused day reads the same after its report was written', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {})
    .add('day.paused', { reason: 'lunch' });
  const page = reportOf(day.events, date);
  day.add('day.reported', { path: 'x' });
  expect(reportOf(day.events, date)).toBe(page);
});

test('a day that was never planned has a report', () => {
  expect(reportOf([], date)).toBe(
    '# Dayshift report: Monday, 23 Nov 2026\n\n**Nothing ran: no task file was planned for this day.**\n',
  );
  expect(reportOf([], 'not # a date')).toMatch(/^# Dayshift report: not # a date\n/);
  expect(dayFacts([], date)).toMatchObject({ planned: false, tasks: [], spentUsd: 0 });
});

test('a day on which nothing ran says so, and why each task did not run', () => {
  const page = reportOf(planned([spec('a'), spec('b', { needs: ['a'] })]).events, date);
  expect(page).toContain('**Nothing ran. 2 tasks: 2 not run**');
  expect(page).toContain('- a (Task a): the day was not started');
  expect(page).toContain('- b (Task b): it needs a (queued)');
  const paused = planned([spec('a')])
    .at(0)
    .add('day.started', {})
    .add('day.paused', { reason: 'lunch' });
  expect(reportOf(paused.events, date)).toContain('- a (Task a): the day was paused: lunch');
  const broke = planned([spec('a'), spec('b')], { maxCostUsd: 1 })
    .at(0)
    .add('day.started', {});
  begin(broke, 'a');
  call(broke, 'a', 0.99);
  expect(reportOf(broke.events, date)).toContain('- b (Task b): the day’s budget was used up');
});

test('done without evidence is not called proven', () => {
  const outcome = (build: (day: ReturnType<typeof recorder>) => void) => {
    const day = planned([spec('a')])
      .at(0)
      .add('day.started', {});
    begin(day, 'a');
    build(day);
    day.of('a', 'task.done', { reasons: ['the agent said so'] });
    return dayFacts(day.events, date).tasks[0]?.outcome;
  };
  const check = { command: 'x', exitCode: 0, timedOut: false, ms: 1, tail: '', round: 1 };
  const proceed = { round: 1, decision: 'proceed' as const, reasons: [], tree: 't' };
  expect(outcome(() => undefined)).toBe('unproven');
  expect(outcome((day) => day.of('a', 'check.ran', check))).toBe('unproven');
  expect(outcome((day) => day.of('a', 'review.decided', proceed))).toBe('unproven');
  expect(outcome((day) => day.of('a', 'check.ran', check).of('a', 'review.decided', proceed))).toBe('proven');
  expect(
    outcome((day) =>
      day
        .of('a', 'check.ran', check)
        .of('a', 'review.decided', proceed)
        .of('a', 'check.ran', { ...check, round: 2, exitCode: 1 })
        .of('a', 'review.decided', { ...proceed, round: 2, decision: 'escalate' }),
    ),
  ).toBe('unproven');
  const unchanged = { round: 1, results: [{ text: 'a.md', paths: ['a.md'], verdict: 'unchanged' as const }] };
  expect(
    outcome((day) =>
      day.of('a', 'check.ran', check).of('a', 'deliverables.looked', unchanged).of('a', 'review.decided', proceed),
    ),
  ).toBe('unproven');
});

test('where no check ran, the first screen says what speaks for the work', () => {
  const results = [{ text: 'a.md', paths: ['a.md'], verdict: 'changed' as const }];
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  day
    .of('a', 'deliverables.looked', { round: 1, results })
    .of('a', 'review.decided', { round: 1, decision: 'proceed', reasons: [], tree: 't' })
    .of('a', 'task.done', { reasons: [] });
  expect(reportOf(day.events, date)).toContain('- ✅ Done and proven: a (by its changed files: it has no check)\n');
});

test('a look that a crash cut off does not count', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  const check = { command: 'x', exitCode: 1, timedOut: false, ms: 1, tail: '', round: 1 };
  day.of('a', 'task.checking', { round: 1 }).of('a', 'check.ran', check);
  day.of('a', 'task.checking', { round: 1 }).of('a', 'check.ran', { ...check, exitCode: 0 });
  day.of('a', 'review.decided', { round: 1, decision: 'proceed', reasons: [], tree: 't' });
  expect(dayFacts(day.events, date).tasks[0]?.rounds).toMatchObject([
    { checks: [{ exitCode: 0 }], decision: 'proceed' },
  ]);
});

test('working time is added over retries that a person asked for, and a model call cut off counts as an estimate', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  end(day, 'a', 1, 'finished', 10);
  day
    .of('a', 'task.failed', { reason: 'x' })
    .of('a', 'task.retried', { hint: 'look again' }, { actor: { kind: 'person', via: 'cli' } });
  attempt(day, 'a', 2, 'prompt', 'retry');
  day.of('a', 'model.reserved', { call: 'c', model: 'm', usd: 0.5 });
  end(day, 'a', 2, 'lost', 5);
  const [task] = dayFacts(day.events, date).tasks;
  expect(task).toMatchObject({
    workedMs: 900_000,
    spentUsd: 0.5,
    estimatedUsd: 0.5,
    retried: [{ hint: 'look again' }],
  });
  expect(reportOf(day.events, date)).toContain('you (command line) asked for another go: look again');
});

test('an answer by default, a late answer and a withdrawn question are told as what they are', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  const questions = [{ question: 'Which?', multiSelect: false, options: [{ label: 'X' }, { label: 'Y' }] }];
  const open = (id: string) =>
    day.of('a', 'item.opened', {
      id,
      kind: 'question',
      source: 'tool',
      questions,
      silence: { kind: 'default', at: day.events.at(-1)!.at, answers: ['X'] },
    });
  open('q1');
  day.at(30).of('a', 'item.answered', { id: 'q1', answers: ['X'] });
  day.of('a', 'item.refused', { id: 'q1', answers: ['Y'], why: 'too late' });
  open('q2');
  day.of('a', 'item.withdrawn', { id: 'q2', why: 'the task was stopped' });
  const page = reportOf(day.events, date);
  expect(page).toContain(
    'q1, 08:00, asked: nobody answered, its default was taken after 30 min; 1 answer more came too late',
  );
  expect(page).toContain('Answer: A) X');
  expect(page).toContain('withdrawn: the task was stopped');
});

test('what an agent did against the rules stands on the first screen: how often, which rules, the first call', () => {
  const day = planned([spec('a'), spec('b')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  const refused = (rule: string, subject: string, violation?: 'plain' | 'disguised') =>
    day.of('a', 'guard.decided', {
      toolUseId: 't',
      tool: 'Bash',
      subject,
      decision: 'deny',
      rule,
      reason: 'No.',
      ...(violation === undefined ? {} : { violation }),
    });
  refused('git.write', 'git commit -m x', 'plain');
  refused('shell.unknown', 'odd');
  refused('git.write', 'git commit -m y', 'plain');
  refused('database', "p''sql x", 'disguised');
  const page = reportOf(day.events, date);
  expect(page).toMatch(
    /^- 🚧 a \(.*\) broke rules, all refused: 3 violations of `git\.write`, `database` \(in disguise\), first `git commit -m x`$/m,
  );
  expect(page).toContain('`git.write`, 2 times, first');
  expect(reportOf(planned([spec('b')]).events, date)).not.toContain('🚧');
});

test('times are those of the day’s zone, and name another date where it is one', () => {
  const zones = (timezone: string) => {
    const day = planned([spec('a')], { timezone })
      .at(0)
      .add('day.started', {});
    begin(day, 'a');
    day.at(60 * 20).of('a', 'task.stopped', { reason: 'x' });
    return reportOf(day.events, date);
  };
  expect(zones('Europe/Berlin')).toContain('- 🕘 Time: 08:00 to 24 Nov 04:00 (20 h 00 min)');
  expect(zones('America/New_York')).toContain('- 🕘 Time: 02:00 to 22:00');
  expect(zones('Mars/Olympus')).toContain(
    '- 🕘 Time: 07:00 to 24 Nov 03:00 (20 h 00 min), agents worked 0 ms; times are UTC',
  );
});

// Hostile text ---------------------------------------------------------------------------------------------

const nasty = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        '# Heading',
        '\n',
        '\r\n',
        '\n## Totals\n',
        '```',
        '````',
        '~~~',
        '`',
        '|',
        '\\',
        '\\|',
        '<script>',
        '<!--',
        '-->',
        '</details>',
        '> ',
        '- ',
        '1. ',
        '===',
        '---',
        '| a | b |',
        '    ',
        '\t',
        '![x](http://a.b/c.png)',
        '[a]: http://x',
        '&lt;',
        '*',
        '_',
        '\u001b[31m',
        '\u202e',
        'x',
        ' ',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

/** Headings outside fences, and the number of cells of each table row: a simple reader of our own, not the renderer's. */
function outline(page: string) {
  const headings: string[] = [];
  const rows: number[] = [];
  const loose: string[] = [];
  let fence: string | undefined;
  for (const line of page.split('\n')) {
    const inner = line.replace(/^(?: {0,3}> ?| {2}(?=\S))*/, '');
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(inner);
    if (fence !== undefined) {
      if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === '') fence = undefined;
      continue;
    }
    if (mark?.[1] !== undefined && !(mark[1].startsWith('`') && mark[2]?.includes('`') === true)) {
      fence = mark[1];
      continue;
    }
    if (/^ {0,3}#{1,6}(\s|$)/.test(inner)) headings.push(line);
    if (/^ {0,3}(?:=+|-+)\s*$/.test(inner)) headings.push(`setext ${line}`);
    if (line.startsWith('|')) rows.push(line.replace(/\\./g, '').split('|').length - 2);
    const text = proseOf(inner);
    if (/<[a-z!/]|!\[/i.test(text)) loose.push(line);
  }
  return { headings, rows, loose, open: fence !== undefined };
}

/** A line without its escapes and code spans, in the order in which CommonMark reads them. */
function proseOf(line: string): string {
  let out = '';
  for (let index = 0; index < line.length;) {
    const [run] = /^`+/.exec(line.slice(index)) ?? [];
    if (line[index] === '\\') {
      index += 2;
    } else if (run === undefined) {
      out += line[index++] ?? '';
    } else {
      const close = [...line.slice(index + run.length).matchAll(/`+/g)].find(([other]) => other === run);
      if (close === undefined) out += run;
      index += run.length + (close === undefined ? 0 : close.index + run.length);
    }
  }
  return out;
}

function hostileDay(text: () => string) {
  const day = recorder().add('day.planned', {
    plan: plan([spec('task-1', { name: text(), checks: ['x'] }), spec('task-2', { name: text() })], { file: text() }),
    payer: text(),
    warnings: [text()],
  });
  day.add('day.started', {});
  begin(day, 'task-1');
  const round = 1;
  day
    .of('task-1', 'setup.ran', { command: text(), exitCode: 1, timedOut: false, ms: 1, tail: text() })
    .of('task-1', 'task.checking', { round })
    .of('task-1', 'check.ran', { round, command: text(), exitCode: 1, timedOut: false, ms: 1, tail: text() })
    .of('task-1', 'deliverables.looked', { round, results: [{ text: text(), paths: [], verdict: 'missing' }] })
    .of('task-1', 'review.decided', { round, decision: 'retry', reasons: [text(), text()], tree: 't' })
    .of('task-1', 'task.checking', { round: 2 })
    .of('task-1', 'check.ran', { round: 2, command: text(), exitCode: 0, timedOut: false, ms: 1, tail: text() })
    .of('task-1', 'review.decided', { round: 2, decision: 'proceed', reasons: [text()], tree: 't' })
    .of('task-1', 'guard.decided', {
      toolUseId: 't',
      tool: text(),
      subject: text(),
      decision: 'deny',
      rule: text(),
      reason: text(),
      instead: text(),
    })
    .of('task-1', 'guard.decided', {
      toolUseId: 't',
      tool: text(),
      subject: text(),
      decision: 'ask',
      rule: text(),
      reason: text(),
    })
    .of('task-1', 'agent.warned', { message: text() })
    .of('task-1', 'model.refused', { call: 'c', status: null, meaning: 'cut', detail: text() })
    .of('task-1', 'model.reserved', { call: 'd', model: text(), usd: 1 })
    .of('task-1', 'tell.sent', { id: 't', text: text() }, { actor: { kind: 'person', id: text(), via: 'cli' } })
    .of('task-1', 'item.opened', {
      id: 'q1',
      kind: 'question',
      source: 'tool',
      silence: { kind: 'wait' },
      context: text(),
      questions: [{ question: text(), multiSelect: false, options: [{ label: text(), description: text() }] }],
    })
    .of(
      'task-1',
      'item.answered',
      { id: 'q1', answers: [text()] },
      { actor: { kind: 'person', id: text(), via: 'file' } },
    )
    .of('task-1', 'item.opened', {
      id: 'q2',
      kind: 'question',
      source: 'tool',
      silence: { kind: 'wait' },
      questions: [{ question: text(), multiSelect: false, options: [{ label: text() }] }],
    })
    .of('task-1', 'work.measured', {
      stat: { files: 2, insertions: 1, deletions: 1, paths: [{ status: 'M', path: text() }] },
      patch: text(),
      tree: 't',
      summary: text(),
    })
    .of('task-1', 'workspace.checkpointed', { id: 'c1', label: text(), commit: 'c', tree: 't' })
    .of('task-1', 'workspace.apply_failed', { id: 'x', why: text() })
    .of('task-1', 'task.failed', { reason: text() })
    .of('task-2', 'task.stopped', { reason: text() })
    .add('day.paused', { reason: text() })
    .add('budget.raised', { scope: 'day', limitUsd: 60 }, { actor: { kind: 'person', id: text() } })
    .add('delivery.failed', { what: text(), why: text() });
  end(day, 'task-1', 1, 'failed', 1, { detail: text() });
  return day.events;
}

test('whatever the text, it breaks no heading, table, fence or page', () => {
  const expected = outline(
    reportOf(
      hostileDay(() => 'x'),
      date,
    ),
  );
  expect(expected.headings).toHaveLength(8);
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 20 }), (texts) => {
      let next = 0;
      const page = reportOf(
        hostileDay(() => texts[next++ % texts.length] ?? ''),
        date,
      );
      const found = outline(page);
      expect(found.headings.map((line) => line.split(':')[0])).toEqual(
        expected.headings.map((line) => line.split(':')[0]),
      );
      expect(found.rows).toEqual(expected.rows);
      expect(found.loose).toEqual([]);
      expect(found.open).toBe(false);
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
    }),
    { numRuns: 500 },
  );
});

test('tasks that ran side by side are reported as if one after the other', () => {
  const day = exampleDay();
  const own = (task: string | undefined) => day.filter((event) => event.task === task);
  const shared = own(undefined);
  const pageOf = (events: JournalEvent[]) => dayFacts(events, date).tasks;
  const expected = pageOf(day);
  const names = ['task-001', 'task-002', 'task-003', 'task-004', 'task-005', 'task-006'];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 400 }), (order) => {
      const queues = names.map((name) => own(name));
      const mixed = [...shared.slice(0, 2)];
      for (const index of order) mixed.push(...(queues[index]?.splice(0, 1) ?? []));
      for (const queue of queues) mixed.push(...queue);
      mixed.push(...shared.slice(2));
      expect(pageOf(mixed)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('what was asked about the day stands by itself, in no task; several answers have a line each', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  day.add('item.opened', newForecastItem('q1', { limitUsd: 1, p50Usd: 2, p80Usd: 3, records: 0 }));
  begin(day, 'a');
  const yesNo = (question: string) => ({ question, multiSelect: false, options: [{ label: 'Yes' }, { label: 'No' }] });
  day.of('a', 'item.opened', {
    id: 'q2',
    kind: 'question',
    source: 'tool',
    silence: { kind: 'wait' },
    questions: [yesNo('Delete?'), yesNo('All?')],
  });
  day.of('a', 'item.answered', { id: 'q2', answers: ['No', 'Yes'] });
  const page = reportOf(day.events, date);
  expect(page).toMatch(/- ❓ The day: The day’s budget of .* → `dayshift answer q1 …`/);
  expect(page).toMatch(/## Asked about the day\n\n- q1, 08:00, budget: \*\*not answered yet\*\*/);
  expect(page).not.toContain('ran out of budget');
  expect(page.split('### ')[1]).not.toContain('q1');
  expect(page).toContain('  - Delete?: B) No\n  - All?: A) Yes');
  const state = emptyState();
  for (const event of day.events) fold(state, event);
  const view = statusView(state.days[date]!, Object.values(state.items), Date.parse(`${date}T07:08:00Z`));
  expect(renderStatus(view, { columns: 60, color: false })).toMatch(/\n\? q1 asks about the day: The day’s budget/);
});

test('that an agent ran without a sandbox, and what it tried to reach, stands at the top of both reports', async () => {
  const day = planned([spec('a'), spec('b')]);
  begin(day, 'a');
  day
    .of('a', 'attempt.started', { pid: 1, startTime: '1', sandbox: 'none' }, { attempt: 1 })
    .of('a', 'egress.opened', { host: 'docs.example.org', port: 443, by: 'agent' })
    .of('a', 'egress.refused', { host: 'docs.example.org', port: 443, reason: 'no_address', by: 'agent' })
    .of('a', 'egress.refused', { host: 'paste.example.com', port: 443, reason: 'not_listed', by: 'agent' });
  const page = reportOf(day.events, date);
  const top = page.slice(0, page.indexOf('## Totals'));
  expect(top).toContain('- ⚠️ **No sandbox**: a ran with the guard alone');
  expect(top).toMatch(/tried to reach what is not on its list, and did not: `paste\.example\.com`/);
  // A name that did not resolve was not reached.
  expect(page).not.toContain('Reached beside the model');
  const html = await htmlReportOf(dayFacts(day.events, date), new Map());
  expect(html).toContain('<strong>No sandbox</strong>: a ran');
});
