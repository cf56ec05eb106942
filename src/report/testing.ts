import type { EventData, EventType, JournalEvent, Plan, TaskSpec } from '../journal/index.ts';
import { DAY as date, dayPlan, taskSpec } from '../journal/spec.testing.ts';

/** Event lists for tests: numbered and timed as the journal would do it. Not part of the room's interface. */

export { date };

/** The journal's, with an estimate in money. */
export const spec = (id: string, more: Partial<TaskSpec> = {}): TaskSpec =>
  taskSpec(id, { timeoutMinutes: 240, estimate: { hours: 1, usd: 2 }, ...more });

export const plan = (tasks: TaskSpec[], more: Partial<Plan> = {}): Plan =>
  dayPlan(tasks, { timezone: 'Europe/Berlin', ...more });

export interface Recorder {
  events: JournalEvent[];
  /** Minutes since 08:00 in Berlin. */
  at(minutes: number): Recorder;
  add<T extends EventType>(type: T, data: EventData<T>, more?: Partial<JournalEvent>): Recorder;
  /** The same with the task's name on it. */
  of<T extends EventType>(task: string, type: T, data: EventData<T>, more?: Partial<JournalEvent>): Recorder;
}

export function recorder(): Recorder {
  const events: JournalEvent[] = [];
  let now = Date.parse(`${date}T07:00:00.000Z`);
  const start = now;
  const self: Recorder = {
    events,
    at(minutes) {
      now = start + minutes * 60_000;
      return self;
    },
    add(type, data, more = {}) {
      const seq = events.length + 1;
      const at = new Date(now).toISOString();
      events.push({ v: 1, seq, at, day: date, actor: { kind: 'daemon' }, type, data, ...more } as JournalEvent);
      return self;
    },
    of: (task, type, data, more = {}) => self.add(type, data, { task, ...more }),
  };
  return self;
}

/** A day that is planned and did not start yet. */
export const planned = (tasks: TaskSpec[], more: Partial<Plan> = {}) =>
  recorder()
    .at(-30)
    .add('day.planned', { plan: plan(tasks, more), payer: 'API key', warnings: [] });

/** From the queue to the agent's start. */
export function begin(day: Recorder, task: string): void {
  const checkout = `agent_workspaces/${date}/${task}/checkout`;
  day
    .of(task, 'task.preparing', {})
    .of(task, 'task.prepared', { checkout, base: '3f2a9c1', kind: 'worktree', ms: 240 })
    .of(task, 'workspace.checkpointed', { id: 'c0', label: 'start', commit: 'a1', tree: 't1' });
  attempt(day, task, 1, 'start', 'its turn');
}

export function attempt(day: Recorder, task: string, number: number, mode: 'start' | 'resume' | 'prompt', why: string) {
  day
    .of(task, 'attempt.intended', { sessionId: `session-${task}`, mode, why }, { attempt: number })
    .of(task, 'attempt.started', { pid: 100 + number, startTime: '1', sandbox: 'bubblewrap' }, { attempt: number });
}

export function call(day: Recorder, task: string, usd: number, tokens = 1000): void {
  const id = `call-${day.events.length}`;
  const model = 'claude-sonnet-4-5';
  day.of(task, 'model.reserved', { call: id, model, usd: usd * 2 }).of(task, 'model.settled', {
    call: id,
    message: `msg-${id}`,
    model,
    tokens: { input: tokens, output: tokens / 2, cacheWrite5m: tokens * 3, cacheWrite1h: 0, cacheRead: tokens * 40 },
    usd,
    basis: 'exact',
    ms: 4000,
  });
}

export function end(
  day: Recorder,
  task: string,
  number: number,
  ended: EventData<'attempt.ended'>['end'],
  minutes: number,
  more: Partial<EventData<'attempt.ended'>> = {},
): void {
  day.of(
    task,
    'attempt.ended',
    { end: ended, exitCode: 0, turns: 12, workedMs: minutes * 60_000, ...more },
    { attempt: number },
  );
}
