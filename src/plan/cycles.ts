import type { LooseTask } from './loose.ts';

export interface Cycle {
  /** The ids on the way, the first again at the end. */
  ids: string[];
  /** Where the first of them names the second. */
  task: number;
  need: number;
}

/** A file with more cycles than this is told only of these. */
const most = 20;

/** Ways on which a task comes to need itself, in the file's order. (A task that names itself is not among them.) */
export function findCycles(tasks: readonly LooseTask[]): Cycle[] {
  const byId = new Map<string, LooseTask>();
  for (const task of tasks) if (task.id !== undefined && !byId.has(task.id)) byId.set(task.id, task);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: Cycle[] = [];
  for (const start of byId.keys()) {
    if (state.has(start)) continue;
    const way = [{ id: start, next: 0 }];
    state.set(start, 'open');
    for (let top = way.at(-1); top !== undefined && cycles.length < most; top = way.at(-1)) {
      const need = byId.get(top.id)?.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        state.set(top.id, 'done');
        way.pop();
      } else if (need.id !== top.id && byId.has(need.id)) {
        const at = state.get(need.id);
        if (at === 'open')
          cycles.push(
            cycleFrom(
              way.map((step) => step.id),
              need.id,
              byId,
            ),
          );
        if (at !== undefined) continue;
        state.set(need.id, 'open');
        way.push({ id: need.id, next: 0 });
      }
    }
  }
  return cycles;
}

/** The end of `way` from `back` on, turned so that it begins with the task that stands first in the file. */
function cycleFrom(way: string[], back: string, byId: Map<string, LooseTask>): Cycle {
  const ring = way.slice(way.indexOf(back));
  const index = (id: string) => byId.get(id)?.index ?? 0;
  const first = ring.reduce((best, id) => (index(id) < index(best) ? id : best));
  const at = ring.indexOf(first);
  const ids = [...ring.slice(at), ...ring.slice(0, at), first];
  const need = byId.get(first)?.needs.find(({ id }) => id === ids[1])?.index ?? 0;
  return { ids, task: index(first), need };
}
