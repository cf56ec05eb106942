import type { Complexity, TaskRecord } from '../journal/index.ts';
import { forecastDay, forecastTask } from './index.ts';

/** A generator of known numbers (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Mean 0, spread 1. */
export function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A task that ended. */
export function ended(task: string, usd: number, more: Partial<TaskRecord> = {}): TaskRecord {
  return {
    day: '2026-11-01',
    task,
    project: 'app',
    complexity: 'medium',
    outcome: 'done',
    usd,
    workedMs: 60_000,
    ...more,
  };
}

/**
 * Sixty days of tasks whose true costs are known to the simulation only, of four modules that differ: the share of tasks, and of days,
 * that cost less than their P80, from the tenth day on. `noise`: spread of the logarithm of what like tasks cost.
 */
export function coverage(seed: number, noise = 0.6): { tasks: number; days: number } {
  const next = random(seed);
  const complexities: Complexity[] = ['low', 'medium', 'high'];
  const base = { low: 0.6, medium: 4, high: 11 };
  const modules = ['a', 'b', 'c', 'd'].map((module) => ({ module, effect: 0.5 * normal(next) }));
  const records: TaskRecord[] = [];
  let under = 0;
  let told = 0;
  let daysUnder = 0;
  let days = 0;
  for (let day = 0; day < 60; day += 1) {
    const tasks = Array.from({ length: 6 }, (_, at) => {
      const complexity = complexities[Math.floor(next() * 3)] ?? 'low';
      const { module, effect } = modules[Math.floor(next() * 4)] ?? { module: 'a', effect: 0 };
      const usd = base[complexity] * Math.exp(effect + noise * normal(next));
      return ended(`t${day}-${at}`, usd, { complexity, module });
    });
    if (day >= 10) {
      for (const task of tasks) {
        told += 1;
        if (task.usd <= forecastTask(records, task).usd.p80) under += 1;
      }
      days += 1;
      if (tasks.reduce((all, one) => all + one.usd, 0) <= forecastDay(records, tasks).p80) daysUnder += 1;
    }
    records.push(...tasks);
  }
  return { tasks: under / told, days: daysUnder / days };
}
