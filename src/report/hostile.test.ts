import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportOf } from './index.ts';
import { begin, date, end, plan, recorder, spec } from './testing.ts';

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
