import { expect, test } from 'vitest';
import { newForecastItem } from '../inbox/index.ts';
import { emptyState, fold } from '../journal/index.ts';
import { dayFacts, htmlReportOf, renderStatus, reportOf, statusView } from './index.ts';
import { begin, date, planned, spec } from './testing.ts';

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
