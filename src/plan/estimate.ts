import type { TaskSpec } from '../journal/index.ts';
import { orderTasks } from './order.ts';

/** How a day would go if every task took its estimate and none asked or failed. Hours throughout. */
export interface Estimate {
  /** All tasks, one after the other. */
  sum: number;
  /** With so many at the same time as the day allows. */
  wall: number;
  /** The longest chain of needs: no concurrency makes the day shorter. */
  longest: { hours: number; tasks: string[] };
  /** Hours after the day's begin at which each task begins. */
  begins: Record<string, number>;
  /** Tasks that can be at work together, one group after the other. */
  waves: string[][];
}

/** Works on any valid plan; with a cycle (no valid plan has one) its tasks are left out. */
export function estimateDay(tasks: readonly TaskSpec[], concurrency: number): Estimate {
  const order = orderTasks(tasks);
  const hours = new Map(order.map((task) => [task.id, task.estimate.hours]));
  const begins = simulate(order, concurrency);
  const ends = Object.entries(begins).map(([id, begin]) => begin + (hours.get(id) ?? 0));
  return {
    sum: order.reduce((sum, task) => sum + task.estimate.hours, 0),
    wall: ends.reduce((last, end) => Math.max(last, end), 0),
    longest: longestChain(order),
    begins,
    waves: waves(order, concurrency),
  };
}

/** When each task begins: at every moment the first ready tasks in order take the free slots. */
function simulate(order: readonly TaskSpec[], concurrency: number): Record<string, number> {
  const begins: Record<string, number> = {};
  const done = new Set<string>();
  const running: { id: string; end: number }[] = [];
  let waiting = [...order];
  for (let now = 0; ;) {
    waiting = waiting.filter((task) => {
      if (running.length >= concurrency || !task.needs.every((need) => done.has(need))) return true;
      begins[task.id] = now;
      running.push({ id: task.id, end: now + task.estimate.hours });
      return false;
    });
    if (running.length === 0) return begins;
    now = Math.min(...running.map(({ end }) => end));
    for (let at = running.length - 1; at >= 0; at -= 1) {
      const task = running[at];
      if (task === undefined || task.end > now) continue;
      done.add(task.id);
      running.splice(at, 1);
    }
  }
}

function longestChain(order: readonly TaskSpec[]): Estimate['longest'] {
  const chains = new Map<string, { hours: number; before: string | undefined }>();
  let last: string | undefined;
  for (const task of order) {
    // The order puts a task behind all that it needs, so their chains are known.
    let before: string | undefined;
    for (const need of task.needs) {
      const hours = chains.get(need)?.hours;
      if (hours !== undefined && (before === undefined || hours > (chains.get(before)?.hours ?? 0))) before = need;
    }
    const own = (before === undefined ? 0 : (chains.get(before)?.hours ?? 0)) + task.estimate.hours;
    chains.set(task.id, { hours: own, before });
    if (last === undefined || own > (chains.get(last)?.hours ?? 0)) last = task.id;
  }
  const tasks: string[] = [];
  for (let id = last; id !== undefined; id = chains.get(id)?.before) tasks.unshift(id);
  return { hours: last === undefined ? 0 : (chains.get(last)?.hours ?? 0), tasks };
}

function waves(order: readonly TaskSpec[], concurrency: number): string[][] {
  const waveOf = new Map<string, number>();
  const groups: string[][] = [];
  for (const task of order) {
    let wave = task.needs.reduce((latest, need) => Math.max(latest, (waveOf.get(need) ?? -1) + 1), 0);
    while ((groups[wave]?.length ?? 0) >= concurrency) wave += 1;
    (groups[wave] ??= []).push(task.id);
    waveOf.set(task.id, wave);
  }
  return groups;
}
