import { relative } from 'node:path';
import { hasCode, messageOf } from '../base/index.ts';
import { readText, type Problem } from '../document/index.ts';
import type { Plan, State } from '../journal/index.ts';
import { composeDay, parseTaskList, type Carried, type TaskList } from '../plan/index.ts';
import { loadPlan, planContext, type LoadedPlan } from './load-plan.ts';
import type { Home } from './types.ts';

export interface LoadedDay extends LoadedPlan {
  /** Tasks of earlier days that end there, for they go on in this one. */
  carried: Carried[];
  /** What else went into the plan, for people, one line each. */
  notes: string[];
  /** What is wrong with the list of recurring tasks: the day goes without them. */
  listProblems: Problem[];
}

interface DayOptions {
  cwd?: string | undefined;
  /** Take unfinished tasks of earlier days along even where nothing else is planned. */
  carry?: boolean | undefined;
  /** Plan a day without tasks where nothing is planned: the backlog fills it. */
  backlog?: boolean | undefined;
}

/**
 * The plan of a day from all that makes it: its task file, recurring tasks, unfinished ones of earlier days. `target` as
 * in `loadPlan`. Where the day has no file and nothing else to do, `plan` is undefined and `missing` names the day; so
 * it is where the file is gone and the journal has the day, which then goes on as it was planned.
 */
export async function loadDay(
  target: string | undefined,
  home: Home,
  now: Date,
  state: State,
  options: DayOptions = {},
): Promise<LoadedDay> {
  const loaded = await loadPlan(target, home, now, options.cwd);
  const nothing = { carried: [], notes: [], listProblems: [] };
  const date = loaded.plan?.date ?? loaded.missing;
  if (date === undefined || (loaded.plan === undefined && state.days[date] !== undefined))
    return { ...loaded, ...nothing };
  const { tasks, problems } = await loadTaskList(home, 'recurring');
  const listProblems = problems.filter(({ severity }) => severity === 'error');
  const { plan, carried, notes } = composeDay({
    date,
    file: loaded.plan,
    empty: emptyDay(home, date, loaded.file),
    recurring: listProblems.length === 0 ? tasks : undefined,
    state,
    evenEmpty: options.backlog === true,
    carry: options.carry === true ? 'always' : home.config.carry_over ? 'along' : 'never',
  });
  if (plan === undefined) return { ...loaded, ...nothing, listProblems };
  // A file that is not there is no fault where there is something to do without one.
  const own = loaded.plan === undefined ? [] : loaded.problems;
  const { missing: _there, ...rest } = loaded;
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return { ...rest, plan, problems: [...own, ...warnings], carried, notes, listProblems };
}

function emptyDay(home: Home, date: string, file: string): Plan {
  const { defaults, timezone } = planContext(home, date);
  const { concurrency, dayUsd, alertPercent } = defaults;
  return { date, file, timezone, concurrency, maxCostUsd: dayUsd, alertPercent, tasks: [] };
}

/** The tasks of `config/recurring.yaml` or `tasks/backlog.yaml`; none where there is no such file. */
export async function loadTaskList(home: Home, kind: 'recurring' | 'backlog'): Promise<TaskList> {
  const path = kind === 'recurring' ? home.paths.recurringFile : home.paths.backlogFile;
  const file = relative(home.paths.home, path);
  try {
    const read = await readText(path, file);
    if ('problem' in read) return { tasks: [], problems: [read.problem] };
    return parseTaskList(read.text, file, kind, planContext(home, undefined));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { tasks: [], problems: [] };
    const message = `cannot be read: ${hasCode(error, 'EACCES') ? 'permission denied' : messageOf(error)}`;
    return { tasks: [], problems: [{ file, line: 1, column: 1, path: '', message, severity: 'error' }] };
  }
}
