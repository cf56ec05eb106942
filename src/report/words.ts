import type { EventData } from '../journal/index.ts';
import type { DayFacts, Outcome } from './types.ts';

/** Mark and words of each outcome, in the order in which a person wants to hear of them. */
export const outcomes: Record<Outcome, { mark: string; words: string }> = {
  waits_for_you: { mark: '❓', words: 'waits for you' },
  failed: { mark: '❌', words: 'failed' },
  proven: { mark: '✅', words: 'done and proven' },
  unproven: { mark: '🟡', words: 'done, not proven' },
  stopped: { mark: '🛑', words: 'stopped' },
  waits: { mark: '⏳', words: 'waits' },
  at_work: { mark: '🔨', words: 'at work' },
  not_run: { mark: '⚪', words: 'not run' },
};

/** Why a day of which the journal knows nothing has nothing to show. Backticks are code. */
export function neverBegun({ date, taskFile }: DayFacts): string {
  const never = 'Nothing ran: this day was never begun';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return `${never}.`;
  if (taskFile === undefined) return `${never}, and there is no \`tasks/${date}.yaml\` for it.`;
  if (taskFile.errors.length > 0) return `${never}, and cannot be as its files are.`;
  return `${never}; \`dayshift run ${date}\` begins it.`;
}

/** What a task file plans for a day that was never begun, and what keeps it from that: a heading with its lines. */
export function planOfFile({ taskFile }: DayFacts): { heading: string; lines: string[] }[] {
  if (taskFile === undefined) return [];
  const { file, tasks, errors } = taskFile;
  const left = tasks.map(({ id, name }) => `${id} (${name}): the day was never begun`);
  return [
    { heading: 'What keeps it from beginning', lines: errors },
    { heading: `Planned in ${file}, as it is now, but not run`, lines: left },
  ].filter(({ lines }) => lines.length > 0);
}

export const endings: Record<EventData<'attempt.ended'>['end'], string> = {
  finished: 'the agent said that it is done',
  deferred: 'parked with a question',
  parked: 'parked',
  stopped: 'stopped',
  lost: 'its process was lost',
  hung: 'no progress for too long',
  timeout: 'the working time was used up',
  max_turns: 'the limit of turns was reached',
  failed: 'the CLI ended with an error',
};

export const refusals: Record<EventData<'model.refused'>['meaning'], string> = {
  login: 'the login was refused: expired, or a wrong key',
  forbidden: 'the account may not use this',
  usage_limit: 'the usage limit was reached',
  rate_limit: 'too many requests at a time',
  overloaded: 'the vendor was overloaded',
  unreachable: 'the vendor could not be reached',
  cut: 'the answer broke off',
  invalid: 'the request was not accepted',
  server: 'an error at the vendor',
};

/** `1,234,567`. */
export function thousands(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** What it means that an agent ran without a sandbox, behind the names of tasks. */
export const noSandbox = 'with the guard alone in its way: it could do whatever you can do';
