import { DAY, dayPlan } from '../journal/spec.testing.ts';
import { emptyState, fold, type JournalEvent, type NewEvent, type State, type TaskSpec } from '../journal/index.ts';

/** Builders for tests of the run: states folded from events. */
export { DAY, taskSpec as aSpec } from '../journal/spec.testing.ts';

/** The state of a running day with these tasks, after these events. */
export function stateOf(specs: TaskSpec[], events: NewEvent[] = [], concurrency = 2): State {
  const state = emptyState();
  const plan = dayPlan(specs, { concurrency });
  const all: NewEvent[] = [
    { type: 'day.planned', day: DAY, data: { plan, payer: 'nobody', warnings: [] } },
    { type: 'day.started', day: DAY, data: {} },
    ...events,
  ];
  for (const [index, event] of all.entries()) {
    const at = new Date(Date.parse(`${DAY}T08:00:00Z`) + index * 1000).toISOString();
    const full = {
      ...event,
      v: 1,
      seq: index + 1,
      at,
      actor: event.actor ?? { kind: 'daemon' },
      day: event.day ?? DAY,
    };
    fold(state, full as JournalEvent);
  }
  return state;
}

/** The events that bring a task to the start of its first attempt. */
export function preparedEvents(task: string): NewEvent[] {
  return [
    { type: 'task.preparing', task, data: {} },
    { type: 'task.prepared', task, data: { checkout: '/c', base: 'b', kind: 'worktree', ms: 1 } },
    { type: 'workspace.checkpointed', task, data: { id: 'c0', label: 'start', commit: 'k0', tree: 't0' } },
  ];
}

/** An attempt that was started. */
export function attemptEvents(
  task: string,
  attempt: number,
  mode: 'start' | 'resume' | 'prompt' = 'start',
): NewEvent[] {
  return [
    { type: 'attempt.intended', task, attempt, data: { sessionId: 's', mode, why: 'first' } },
    { type: 'attempt.started', task, attempt, data: { pid: 1, startTime: '1', sandbox: 'none' } },
  ];
}

/** Its end, with the checkpoint that goes before it. */
export function endEvents(
  task: string,
  attempt: number,
  end: Extract<NewEvent, { type: 'attempt.ended' }>['data']['end'],
  more: { tree?: string; toolUseId?: string; resumeImpossible?: boolean } = {},
): NewEvent[] {
  const { tree = 't1', ...rest } = more;
  return [
    { type: 'workspace.checkpointed', task, attempt, data: { id: `c${attempt}`, label: 'attempt', commit: 'k', tree } },
    { type: 'attempt.ended', task, attempt, data: { end, exitCode: 0, workedMs: 1000, ...rest } },
  ];
}

/** A question of the task's agent. */
export function questionEvent(id: string, task: string, toolUseId: string): NewEvent {
  return {
    type: 'item.opened',
    task,
    attempt: 1,
    data: {
      id,
      kind: 'question',
      questions: [{ question: 'Which?', multiSelect: false, options: [{ label: 'A' }, { label: 'B' }] }],
      source: 'tool',
      toolUseId,
      silence: { kind: 'wait' },
    },
  };
}
