import { expect, test } from 'vitest';
import { dayFacts, reportOf } from './index.ts';
import { begin, date, planned, type Recorder, spec } from './testing.ts';

test('done without evidence is not called proven', () => {
  const outcome = (build: (day: Recorder) => void) => {
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

test('a deliverable in a submodule is said to lie there, and not to be unchanged', () => {
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  const inside = { text: 'lib/a.md', paths: ['lib/a.md'], verdict: 'unchanged' as const, submodule: 'lib' };
  day.of('a', 'task.checking', { round: 1 }).of('a', 'deliverables.looked', { round: 1, results: [inside] });
  day.of('a', 'review.decided', { round: 1, decision: 'escalate', reasons: [], tree: 't' });
  day.of('a', 'task.failed', { reason: 'x' });
  const page = reportOf(day.events, date);
  expect(page).toContain('in the submodule lib, of which no change is taken along');
  expect(page).not.toContain('not changed');
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

test('work that was done anew after it was applied is not called applied: the way to put it in stands there again', () => {
  const measured = (tree: string) => ({
    stat: { files: 1, insertions: 1, deletions: 0, paths: [] },
    patch: `results/${date}/a.patch`,
    tree,
  });
  const day = planned([spec('a')])
    .at(0)
    .add('day.started', {});
  begin(day, 'a');
  day
    .of('a', 'work.measured', measured('t1'))
    .of('a', 'task.done', { reasons: ['r'] })
    .of('a', 'workspace.applied', { id: 'i', files: 1, tree: 't1' });
  const page = () => reportOf(day.events, date);
  expect(page()).toContain('Applied to your checkout');
  expect(page()).not.toContain('dayshift apply');
  // Looked at once more, it is the same work.
  day.of('a', 'work.measured', measured('t1'));
  expect(page()).toContain('Applied to your checkout');
  day
    .of('a', 'task.retried', {})
    .of('a', 'work.measured', measured('t2'))
    .of('a', 'task.done', { reasons: ['r'] });
  expect(page()).not.toContain('Applied to your checkout');
  expect(page()).toContain('dayshift apply');
});
