import type { JournalEvent } from './events.ts';
import { monthKey, projectKey, type Ledger, type State, type TaskState } from './state.ts';

/** So many ended tasks are remembered for forecasts. */
const LONGEST_HISTORY = 1000;

/** Folds what concerns money over days: the month's and the project's ledgers. Before the task's own fold, which closes its reservation. */
export function foldLedgers(state: State, event: JournalEvent, task: TaskState): void {
  const day = event.day ?? '';
  const ledgers = () => [ledger(state, monthKey(day)), ledger(state, projectKey(day, task.spec.project))];
  switch (event.type) {
    case 'model.reserved':
      for (const one of ledgers()) one.reserved[event.data.call] = event.data.usd;
      break;
    case 'model.settled':
      // As in the task's fold: only a reservation that is open is settled, so that nothing is charged twice.
      if (task.reserved[event.data.call] === undefined) break;
      for (const one of ledgers()) {
        delete one.reserved[event.data.call];
        one.spentUsd += event.data.usd;
      }
      addToRecord(state, day, task.spec.id, event.data.usd);
      break;
    case 'budget.raised': {
      const { scope, limitUsd, fromUsd } = event.data;
      if ((scope === 'month' || scope === 'project') && fromUsd !== undefined)
        ledger(state, keyOf(scope, day, task)).raised = { fromUsd, limitUsd };
      break;
    }
    case 'budget.alerted':
      if (event.data.scope === 'month' || event.data.scope === 'project')
        ledger(state, keyOf(event.data.scope, day, task)).alerted.push(event.data.percent);
      break;
    default:
      break;
  }
}

/** Remembers how a task ended; a later end of the same task replaces the earlier one. After the task's own fold. */
export function foldHistory(state: State, event: JournalEvent, task: TaskState): void {
  const outcome = outcomeOf(event.type);
  if (outcome === undefined || event.day === undefined || task.attempt === 0) return;
  const { day } = event;
  const { id, project, module, complexity, model } = task.spec;
  state.history = state.history.filter((one) => one.day !== day || one.task !== id).slice(1 - LONGEST_HISTORY);
  state.history.push({
    day,
    task: id,
    project,
    ...(module === undefined ? {} : { module }),
    complexity,
    ...(model === undefined ? {} : { model }),
    outcome,
    usd: task.spentUsd,
    workedMs: task.workedMs,
  });
}

function outcomeOf(type: JournalEvent['type']): 'done' | 'failed' | 'stopped' | undefined {
  if (type === 'task.done') return 'done';
  if (type === 'task.failed') return 'failed';
  return type === 'task.stopped' ? 'stopped' : undefined;
}

/** A call that was under way when its task ended is settled after it. */
function addToRecord(state: State, day: string, task: string, usd: number): void {
  const known = state.history.findLast((one) => one.day === day && one.task === task);
  if (known !== undefined) known.usd += usd;
}

function keyOf(scope: 'month' | 'project', day: string, task: TaskState): string {
  return scope === 'month' ? monthKey(day) : projectKey(day, task.spec.project);
}

function ledger(state: State, key: string): Ledger {
  return (state.ledgers[key] ??= { spentUsd: 0, reserved: {}, alerted: [] });
}
