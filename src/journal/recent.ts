import { dirname, join } from 'node:path';
import { daysLatestFirst } from './days.ts';
import type { JournalEvent } from './events.ts';
import { foldDay } from './fold-day.ts';
import { emptyState, fold } from './fold.ts';
import { foldOnto, type JournalPaths } from './replay.ts';
import { loadSnapshot, type Snapshot } from './snapshot.ts';
import type { DayState, ItemState, State } from './state.ts';

/** So many days are kept whole: those begun last, and those with the latest dates. */
const WHOLE_DAYS = 4;

/** It is written after so many events: what a look at the latest days has to replay at most, but where they are very large. */
export const RECENT_EVERY = 1000;

/** All of a day that its own events can change and that says which day is the latest: without plan and tasks. */
type DayMark = Omit<DayState, 'plan' | 'payer' | 'tasks' | 'forecast'>;

/** What of the state concerns the latest days, so that years behind them cost a look at them nothing. */
export interface Recent {
  seq: number;
  at: string;
  /** Days with all that belongs to them. */
  days: Record<string, DayState>;
  /** All other days: who needs more of one of them reads the state. */
  older: Record<string, DayMark>;
  /** All but those of older days that are over. */
  items: Record<string, ItemState>;
}

/** Beside the snapshot, and written more often, for it is small. */
export function recentFileOf(stateFile: string): string {
  return join(dirname(stateFile), 'recent.json');
}

export function recentOf(state: State, wholeDays = WHOLE_DAYS): Recent {
  const whole = new Set([
    ...daysLatestFirst(state).slice(0, wholeDays),
    ...Object.keys(state.days).sort().slice(-wholeDays),
  ]);
  const recent: Recent = { seq: state.seq, at: state.at, days: {}, older: {}, items: {} };
  for (const [date, day] of Object.entries(state.days)) {
    if (whole.has(date)) recent.days[date] = day;
    else recent.older[date] = markOf(day);
  }
  for (const item of Object.values(state.items))
    if (item.status === 'open' || recent.older[item.day] === undefined) recent.items[item.id] = item;
  return recent;
}

function markOf({ plan: _plan, payer: _payer, tasks: _tasks, forecast: _forecast, ...mark }: DayState): DayMark {
  return mark;
}

/**
 * The latest days as the journal has them now, from `recent.json` and what was appended since. Undefined where that file is not
 * there or not to be trusted, and where an older day was planned anew since: only the state knows then. Throws
 * DayshiftError where the journal is damaged behind it.
 */
export function loadRecent(paths: JournalPaths): { recent: Recent; warnings: string[] } | undefined {
  const loaded = loadSnapshot<Recent>(recentFileOf(paths.stateFile), paths.journal, 'recent');
  if (loaded.kind !== 'trusted') return undefined;
  return goOn(paths.journal, loaded.snapshot);
}

function goOn(dir: string, snapshot: Snapshot<Recent>): { recent: Recent; warnings: string[] } | undefined {
  const { older, ...known } = snapshot.state;
  const state: State = { ...emptyState(), ...known };
  const plannedAnew = new Set<string>();
  const take = (event: JournalEvent) => {
    const mark = event.day === undefined ? undefined : older[event.day];
    if (mark !== undefined) {
      // What becomes of a day that is planned anew hangs on its tasks.
      if (event.type === 'day.planned') plannedAnew.add(mark.date);
      else foldDay(mark, event);
    }
    fold(state, event);
  };
  const { warnings } = foldOnto(dir, { ...snapshot, state }, take);
  if (plannedAnew.size > 0) return undefined;
  const { seq, at, days, items } = state;
  return { recent: { seq, at, days, older, items }, warnings };
}
