import { count, usd } from '../base/index.ts';
import { formatProblem } from '../document/index.ts';
import { loadDay, type LoadedDay } from '../home/index.ts';
import type { Actor, DayState } from '../journal/index.ts';
import type { Operator, Outcome } from '../operator/index.ts';
import type { Runner, RunContext } from '../run/index.ts';
import { adoptDay, remarksOf, resumePaused, setGoing } from './plan-day.ts';

/** What came of it; `loaded` where the day could not begin for want of a valid plan. */
export interface Begun extends Outcome {
  loaded?: LoadedDay;
}

/** Whether a day did not begin because it has no plan, or none that is valid. */
export function needsPlan(begun: Begun): begun is Begun & { loaded: LoadedDay } {
  return begun.loaded !== undefined;
}

/** Plans a day from its file and sets it going, or goes on with it: `dayshift start`, and what the schedule does in the morning. */
export async function beginDay(
  ctx: RunContext,
  runner: Runner,
  input: Parameters<Operator['start']>[0],
  by: Actor,
  mode: 'daemon' | 'run',
): Promise<Begun> {
  if (mode === 'run') {
    return {
      ok: false,
      message: '`dayshift run` runs here, one day and no other. End it, then `dayshift up` runs whatever is started.',
    };
  }
  const { state } = ctx.journal;
  const loaded = await loadDay(input.target, ctx.home, new Date(ctx.clock.now()), state, {
    carry: input.carry,
    backlog: input.backlog,
  });
  const { plan, problems, file, missing } = loaded;
  const date = plan?.date ?? missing;
  const known = date === undefined ? undefined : state.days[date];
  const remarks = remarksOf(loaded);
  if (plan !== undefined)
    await adoptDay(ctx, loaded, (ref, reason) => runner.stopTask(ref, reason, { kind: 'daemon' }));
  else if (missing === undefined || known === undefined) {
    return { ok: false, message: problems.map(formatProblem).join('\n'), loaded };
  } else remarks.push(`${file} is gone: ${missing} goes on as it was planned`);
  if (date === undefined) return { ok: false, message: `${file} names no day` };
  const before = known?.status;
  await setGoing(ctx, date, by);
  // What a person paused only a person sets going again.
  if (by.kind === 'person') await resumePaused(ctx, date, by);
  const said = [sentence(ctx.journal.state.days[date], before), ...remarks.map((remark) => `! ${remark}`)];
  return { ok: true, message: said.join('\n') };
}

function sentence(day: DayState | undefined, before: DayState['status'] | undefined): string {
  if (day === undefined) return '';
  const all = Object.values(day.tasks);
  if (day.status === 'paused') return `${day.date} is paused: dayshift start ${day.date} or dayshift resume goes on.`;
  const open = all.filter((task) => !['done', 'failed', 'stopped'].includes(task.status));
  if (open.length === 0)
    return `${day.date} is over: ${count(all.length, 'task')} ended. dayshift retry TASK takes one up again.`;
  const word =
    before === undefined || before === 'planned' ? 'starts' : before === 'running' ? 'runs already' : 'goes on';
  return `${day.date} ${word}: ${count(open.length, 'task')}, up to ${usd(day.limitUsd)}, paid by ${day.payer}.`;
}
