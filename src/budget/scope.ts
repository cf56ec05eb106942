import { ledgerCostOf, monthKey, projectKey, type EventData, type Ledger, type State } from '../journal/index.ts';

/** What a limit is for. */
export type Scope = EventData<'budget.raised'>['scope'];

/** Limits of a calendar month, in US dollars: of everything, and of one project. */
export interface MonthLimits {
  monthUsd?: number | undefined;
  projectUsd?: number | undefined;
}

/** A budget that reaches over days. `fromUsd` is what the config says, `limitUsd` what holds after a raise. */
export interface WideBudget {
  scope: 'month' | 'project';
  limitUsd: number;
  fromUsd: number;
  spentUsd: number;
  alerted: readonly number[];
}

/** The budgets over days that a task of this day and project is under, the narrower first. */
export function wideBudgets(
  state: Pick<State, 'ledgers'>,
  day: string,
  project: string,
  limits: MonthLimits,
): WideBudget[] {
  return [
    ...wide('project', limits.projectUsd, state.ledgers[projectKey(day, project)]),
    ...wide('month', limits.monthUsd, state.ledgers[monthKey(day)]),
  ];
}

function wide(scope: WideBudget['scope'], fromUsd: number | undefined, ledger: Ledger | undefined): WideBudget[] {
  if (fromUsd === undefined) return [];
  // A raise holds until the config names another amount.
  const limitUsd = ledger?.raised?.fromUsd === fromUsd ? ledger.raised.limitUsd : fromUsd;
  return [{ scope, limitUsd, fromUsd, spentUsd: ledgerCostOf(ledger), alerted: ledger?.alerted ?? [] }];
}
