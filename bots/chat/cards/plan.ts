import { count, oneLine, usd } from '../../../src/base/index.ts';
import type { dayForecast } from '../../../src/budget/index.ts';
import type { Plan } from '../../../src/journal/index.ts';
import type { Action } from '../actions.ts';
import type { Message } from '../input.ts';
import { bold, code, italic, line, rich } from '../rich/index.ts';
import { labelOf } from './label.ts';

/** Tasks that are named. */
const MOST_TASKS = 25;

/** A day before it runs, for a small screen: what, how long, how much, who pays. */
export function planCard(
  plan: Plan,
  about: { forecast: ReturnType<typeof dayForecast>; payer: string; remarks: string[]; started: boolean },
  sign: (action: Action) => string,
): Message {
  const { usd: cost } = about.forecast;
  const tasks = plan.tasks.slice(0, MOST_TASKS).map((task) => {
    const needs = task.needs.length === 0 ? '' : ` · after ${task.needs.join(', ')}`;
    const likely = about.forecast.tasks[task.id];
    const money = likely === undefined ? '' : ` · about ${usd(likely.usd.p50)}`;
    const name = task.name === task.id ? '' : ` ${labelOf(task.name, 70)}`;
    return line('• ', code(task.id), `${name}${money}${needs}`);
  });
  return {
    rich: rich(
      line(bold(`🗓 ${plan.date}`), ` · ${count(plan.tasks.length, 'task')}, ${plan.concurrency} at a time`),
      ...tasks,
      plan.tasks.length > MOST_TASKS ? `… and ${plan.tasks.length - MOST_TASKS} more` : undefined,
      line(`Likely ${usd(cost.p50)}, eight of ten times under ${usd(cost.p80)}; the budget is ${usd(plan.maxCostUsd)}`),
      line(`Paid by ${about.payer}`),
      ...about.remarks.slice(0, 10).map((remark) => line(italic(`⚠️ ${oneLine(remark)}`))),
    ),
    ...(about.started
      ? {}
      : { buttons: [[{ label: '▶️ Start', data: sign({ do: 'day', verb: 'start', day: plan.date }), look: 'good' }]] }),
  };
}
