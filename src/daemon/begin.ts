import { count, usd } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { loadPlan } from '../home/index.ts';
import type { Actor, DayState } from '../journal/index.ts';
import type { Outcome } from '../operator/index.ts';
import type { RunContext } from '../run/index.ts';
import { planDay, setGoing } from './plan-day.ts';

/** Plans a day from its file and sets it going, or goes on with it: `dayshift start`, and what the schedule does in the morning. */
export async function beginDay(
  ctx: RunContext,
  target: string | undefined,
  by: Actor,
  mode: 'daemon' | 'run',
): Promise<Outcome> {
  if (mode === 'run') {
    return {
      ok: false,
      message: '`dayshift run` runs here, one day and no other. End it, then `dayshift up` runs whatever is started.',
    };
  }
  const { plan, problems, file, missing } = await loadPlan(target, ctx.home, new Date(ctx.clock.now()));
  const warnings = problems.filter(({ severity }) => severity === 'warning').map(formatProblem);
  const date = plan?.date ?? missing;
  const known = date === undefined ? undefined : ctx.journal.state.days[date];
  if (plan !== undefined) await planDay(ctx, plan, warnings);
  else if (missing === undefined || known === undefined) {
    return { ok: false, message: problems.map(formatProblem).join('\n') };
  } else warnings.push(`${file} is gone: ${missing} goes on as it was planned`);
  if (date === undefined) return { ok: false, message: `${file} names no day` };
  const before = known?.status;
  await setGoing(ctx, date, by);
  const said = [sentence(ctx.journal.state.days[date], before), ...warnings.map((warning) => `! ${warning}`)];
  return { ok: true, message: said.join('\n') };
}

function sentence(day: DayState | undefined, before: DayState['status'] | undefined): string {
  if (day === undefined) return '';
  const all = Object.values(day.tasks);
  const open = all.filter((task) => !['done', 'failed', 'stopped'].includes(task.status));
  if (open.length === 0)
    return `${day.date} is over: ${count(all.length, 'task')} ended. dayshift retry TASK takes one up again.`;
  const word =
    before === undefined || before === 'planned' ? 'starts' : before === 'running' ? 'runs already' : 'goes on';
  return `${day.date} ${word}: ${count(open.length, 'task')}, up to ${usd(day.limitUsd)}, paid by ${day.payer}.`;
}
