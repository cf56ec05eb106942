import type { JournalEvent, Tokens } from '../journal/index.ts';

export type CostBy = 'task' | 'module' | 'model' | 'day' | 'project';

/** What was spent on one thing, in US dollars. */
interface CostRow {
  name: string;
  usd: number;
  /** Of `usd`, what rests on estimates: streams that were cut. */
  estimatedUsd: number;
  calls: number;
  tokens: Tokens;
}

export interface CostTable {
  by: CostBy;
  rows: CostRow[];
  total: CostRow;
}

/**
 * Adds up what model calls cost, from events in order: each call is charged once, by its settlement; one that was never settled counts
 * with what was reserved for it, as an estimate. O(events).
 */
export function startCost(by: CostBy): { add(event: JournalEvent): void; table(): CostTable } {
  const rows = new Map<string, CostRow>();
  const specs = new Map<string, { module: string; project: string }>();
  const open = new Map<string, { name: string; usd: number }>();
  const row = (name: string) => {
    const known = rows.get(name) ?? emptyRow(name);
    rows.set(name, known);
    return known;
  };
  const nameOf = (event: JournalEvent, model: string): string => {
    const task = `${event.day ?? ''}/${event.task ?? ''}`;
    switch (by) {
      case 'task':
        return task;
      case 'day':
        return event.day ?? '';
      case 'model':
        return model;
      case 'module':
        return specs.get(task)?.module ?? '(none)';
      case 'project':
        return specs.get(task)?.project ?? '(none)';
    }
  };
  return {
    add(event) {
      if (event.type === 'day.planned') {
        for (const { id, module, project } of event.data.plan.tasks)
          specs.set(`${event.data.plan.date}/${id}`, { module: module ?? '(none)', project });
      } else if (event.type === 'model.reserved') {
        open.set(event.data.call, { name: nameOf(event, event.data.model), usd: event.data.usd });
      } else if (event.type === 'model.settled' && open.delete(event.data.call)) {
        const { usd, basis, tokens, model } = event.data;
        const found = row(nameOf(event, model));
        found.usd += usd;
        if (basis === 'estimate') found.estimatedUsd += usd;
        if (basis !== 'none') found.calls += 1;
        addTokens(found.tokens, tokens);
      }
    },
    table() {
      const all = structuredClone(rows);
      for (const { name, usd } of open.values()) {
        const found = all.get(name) ?? emptyRow(name);
        all.set(name, found);
        found.usd += usd;
        found.estimatedUsd += usd;
      }
      const total = emptyRow('total');
      for (const { usd, estimatedUsd, calls, tokens } of all.values()) {
        total.usd += usd;
        total.estimatedUsd += estimatedUsd;
        total.calls += calls;
        addTokens(total.tokens, tokens);
      }
      const sorted = [...all.values()].sort((a, b) => (by === 'day' ? compare(a.name, b.name) : b.usd - a.usd));
      return { by, rows: sorted, total };
    },
  };
}

function emptyRow(name: string): CostRow {
  const tokens = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
  return { name, usd: 0, estimatedUsd: 0, calls: 0, tokens };
}

function addTokens(total: Tokens, more: Tokens): void {
  for (const key of Object.keys(total) as (keyof Tokens)[]) total[key] += more[key];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
