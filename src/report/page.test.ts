import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type JournalEvent } from '../journal/index.ts';
import { exampleDay } from './example-day.testing.ts';
import { dayFacts, htmlReportOf, reportOf } from './index.ts';
import { begin, call, date, plan, planned, spec } from './testing.ts';

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
    '# Dayshift report: Monday, 23 Nov 2026\n\n**Nothing ran: this day was never begun, and there is no `tasks/2026-11-23.yaml` for it.**\n',
  );
  expect(reportOf([], 'not # a date')).toMatch(
    /^# Dayshift report: not # a date\n\n\*\*Nothing ran: this day was never begun\.\*\*\n$/,
  );
  expect(dayFacts([], date)).toMatchObject({ planned: false, tasks: [], spentUsd: 0 });
});

test('a day that was never begun says what its task file plans; once it is in the journal the file says nothing more', async () => {
  const file = {
    file: 'tasks/2026-11-23.yaml',
    tasks: [
      { id: 'a', name: 'Docs' },
      { id: 'b', name: '<b>**Tests**</b>' },
    ],
    errors: [],
  };
  const page = reportOf([], date, file);
  expect(page).toContain('**Nothing ran: this day was never begun; `dayshift run 2026-11-23` begins it.**');
  expect(page).toContain(
    '## Planned in tasks/2026-11-23.yaml, as it is now, but not run\n\n- a (Docs): the day was never begun\n',
  );
  expect(page).not.toContain('<b>');
  const html = await htmlReportOf(dayFacts([], date, file), new Map());
  expect(html).toContain('a (Docs): the day was never begun');
  expect(html).not.toContain('<b>');

  const wrong = reportOf([], date, { ...file, tasks: [], errors: ['tasks/2026-11-23.yaml:3:1  tasks: missing'] });
  expect(wrong).toContain('this day was never begun, and cannot be as its files are.');
  expect(wrong).toContain('## What keeps it from beginning\n\n- tasks/2026-11-23.yaml:3:1 tasks: missing\n');

  const { events } = planned([spec('a')]);
  expect(reportOf(events, date, file)).toBe(reportOf(events, date));
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
