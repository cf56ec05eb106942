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
