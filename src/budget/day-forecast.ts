import type { TaskRecord, TaskSpec } from '../journal/index.ts';
import { forecastDay, forecastTask } from './forecast.ts';

/**
 * The forecast of a day and of its tasks by id: US dollars, minutes of work. `factorOf`: by how much a person says that
 * those of a task are too low.
 */
export function dayForecast(
  records: readonly TaskRecord[],
  tasks: readonly TaskSpec[],
  factorOf: (task: TaskSpec) => number = () => 1,
) {
  const each = tasks.map((task) => [task.id, forecastTask(records, task, factorOf(task))] as const);
  return {
    usd: tasks.length === 0 ? { p50: 0, p80: 0 } : forecastDay(records, tasks, tasks.map(factorOf)),
    tasks: Object.fromEntries(each.map(([id, { usd, minutes, alike }]) => [id, { usd, minutes, alike }])),
    records: each[0]?.[1].tasks ?? 0,
  };
}
