import type { TaskRecord, TaskSpec } from '../journal/index.ts';
import { forecastDay, forecastTask, type Correction } from './forecast.ts';

/**
 * The forecast of a day and of its tasks by id: US dollars, minutes of work, complexity. `correctionOf`: what people say of the forecasts of a
 * task.
 */
export function dayForecast(
  records: readonly TaskRecord[],
  tasks: readonly TaskSpec[],
  correctionOf: (task: TaskSpec) => Correction = () => ({ factor: 1 }),
) {
  const each = tasks.map((task) => [task.id, forecastTask(records, task, correctionOf(task))] as const);
  return {
    usd: tasks.length === 0 ? { p50: 0, p80: 0 } : forecastDay(records, tasks, tasks.map(correctionOf)),
    tasks: Object.fromEntries(
      each.map(([id, { usd, minutes, complexity, alike }]) => [id, { usd, minutes, complexity, alike }]),
    ),
    records: each[0]?.[1].tasks ?? 0,
  };
}
