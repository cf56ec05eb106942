import type { NewEvent } from '../src/journal/index.ts';
import { dayPlan, taskSpec } from '../src/journal/spec.testing.ts';

/** A normal day in the journal: eight tasks that each worked for a while and wait for an answer. */
export function pastEvents(date: string): NewEvent[] {
  const ids = Array.from({ length: 8 }, (_, n) => `task-${n + 1}`);
  const tasks = ids.map((id) => taskSpec(id, { project: 'app', deliverables: ['docs/NEW.md'], checks: ['npm test'] }));
  return [
    { day: date, type: 'day.planned', data: { plan: dayPlan(tasks, { date }), payer: 'nobody', warnings: [] } },
    { day: date, type: 'day.started', data: {} },
    ...ids.flatMap((id) => parkedEvents(date, id)),
  ];
}

/** A task that worked for a while and then asked. */
export function parkedEvents(day: string, task: string): NewEvent[] {
  const of = { day, task };
  const attempt = { ...of, attempt: 1 };
  const item = `q${task.replace(/\D/g, '')}`;
  const use = `toolu_${task}`;
  const checkout = `/checkouts/${task}`;
  const worked = Array.from({ length: 20 }, (_, n): NewEvent[] => [
    { ...attempt, type: 'agent.said', data: { text: `I look at file ${n} first, for the pattern may be there.` } },
    { ...attempt, type: 'agent.tool', data: { toolUseId: `${use}-${n}`, tool: 'Bash', input: `cat src/file-${n}.ts` } },
    { ...attempt, type: 'agent.tool_result', data: { toolUseId: `${use}-${n}`, ok: true, text: 'x'.repeat(300) } },
  ]).flat();
  return [
    { ...of, type: 'task.preparing', data: {} },
    { ...of, type: 'task.prepared', data: { checkout, base: 'b'.repeat(40), kind: 'worktree', ms: 1 } },
    { ...of, type: 'workspace.checkpointed', data: { id: 'c0', label: 'start', commit: 'c'.repeat(40), tree: 't' } },
    { ...attempt, type: 'attempt.intended', data: { sessionId: `session-${task}`, mode: 'start', why: 'first' } },
    { ...attempt, type: 'attempt.started', data: { pid: 1, startTime: '1', sandbox: 'bubblewrap' } },
    ...worked,
    {
      ...attempt,
      type: 'item.opened',
      data: {
        id: item,
        kind: 'question',
        questions: [
          {
            question: 'Which pattern should I follow?',
            multiSelect: false,
            options: [{ label: 'That of the weddings module' }, { label: 'That of PAGINATION.md' }],
          },
        ],
        source: 'tool',
        toolUseId: use,
        silence: { kind: 'wait' },
      },
    },
    { ...attempt, type: 'attempt.ended', data: { end: 'deferred', exitCode: 0, workedMs: 1000, toolUseId: use } },
    { ...of, type: 'task.parked', data: { reason: 'question', item } },
  ];
}

/** The dates of so many days, the last of them `until`. */
export function datesUntil(until: string, days: number): string[] {
  return Array.from({ length: days }, (_, n) =>
    new Date(Date.parse(`${until}T00:00:00Z`) - (days - 1 - n) * 86_400_000).toISOString().slice(0, 10),
  );
}

/** A day that is over, by its size in the state a usual one: ten tasks, each with a question, checks, a review and its work. About 5 KB a task. */
export function doneEvents(date: string): NewEvent[] {
  const ids = Array.from({ length: 10 }, (_, n) => `task-${n + 1}`);
  const tasks = ids.map((id) =>
    taskSpec(id, {
      project: 'app',
      description: 'Make the list page as the module of weddings has it, with its filters. '.repeat(6),
      deliverables: ['docs/NEW.md'],
      checks: ['npm test', 'npm run lint'],
      contextFiles: ['CLAUDE.md', 'docs/TESTING_GUIDE.md'],
    }),
  );
  return [
    { day: date, type: 'day.planned', data: { plan: dayPlan(tasks, { date }), payer: 'nobody', warnings: [] } },
    { day: date, type: 'day.started', data: {} },
    ...ids.flatMap((id) => doneTask(date, id)),
    { day: date, type: 'day.reported', data: { path: `results/${date}-report.md` } },
  ];
}

function doneTask(day: string, task: string): NewEvent[] {
  const of = { day, task };
  const attempt = { ...of, attempt: 1 };
  const checkout = `/checkouts/${day}/${task}`;
  const item = `q${day.replaceAll('-', '')}${task.replace(/\D/g, '')}`;
  const files = Array.from({ length: 12 }, (_, n) => `src/modules/baptisms/list/part-${n}.ts`);
  const tokens = { input: 12, output: 345, cacheWrite5m: 678, cacheWrite1h: 0, cacheRead: 91_011 };
  const checks = ['npm test', 'npm run lint'].map((command) => ({
    ...{ round: 1, command, exitCode: 0, timedOut: false, ms: 4321 },
    tail: 'Test Files  12 passed (12)\n'.repeat(20),
  }));
  return [
    { ...of, type: 'task.preparing', data: {} },
    { ...of, type: 'task.prepared', data: { checkout, base: 'b'.repeat(40), kind: 'worktree', ms: 1 } },
    { ...attempt, type: 'attempt.intended', data: { sessionId: `session-${task}`, mode: 'start', why: 'first' } },
    { ...attempt, type: 'attempt.started', data: { pid: 1, startTime: '1', sandbox: 'bubblewrap' } },
    ...files.map((file, n): NewEvent => ({
      ...attempt,
      type: 'agent.tool',
      data: { toolUseId: `toolu_${task}-${n}`, tool: 'Edit', input: `${checkout}/${file}` },
    })),
    {
      ...attempt,
      type: 'item.opened',
      data: {
        ...{ id: item, kind: 'question', source: 'tool', silence: { kind: 'wait' } },
        questions: [
          { question: 'Which pattern?', multiSelect: false, options: [{ label: 'Weddings' }, { label: 'Old' }] },
        ],
      },
    },
    { ...of, type: 'item.answered', data: { id: item, answers: ['Weddings'] } },
    { ...attempt, type: 'item.delivered', data: { id: item } },
    { ...attempt, type: 'model.reserved', data: { call: `call-${task}`, model: 'claude-sonnet', usd: 0.05 } },
    {
      ...attempt,
      type: 'model.settled',
      data: { call: `call-${task}`, model: 'claude-sonnet', tokens, usd: 0.03, basis: 'exact', ms: 4321 },
    },
    { ...attempt, type: 'attempt.ended', data: { end: 'finished', exitCode: 0, workedMs: 600_000 } },
    { ...of, type: 'task.checking', data: { round: 1 } },
    ...checks.map((data): NewEvent => ({ ...of, type: 'check.ran', data })),
    {
      ...of,
      type: 'work.measured',
      data: {
        stat: { files: 12, insertions: 340, deletions: 12, paths: files.map((path) => ({ status: 'A', path })) },
        ...{
          patch: `results/${day}/${task}.patch`,
          tree: 't'.repeat(40),
          summary: 'The list page is there. '.repeat(9),
        },
      },
    },
    { ...of, type: 'task.done', data: { reasons: ['2 checks passed'] } },
  ];
}
