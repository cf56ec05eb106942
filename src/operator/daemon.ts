import { count } from '../base/index.ts';
import { isDate, namesDay } from '../plan/index.ts';
import type { Actor } from '../journal/index.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

/** Begins a day in the running Dayshift. From a chat only one that is named by its date: a task file may stand anywhere, an agent's folder too, and sets the day's budget. */
export async function start(
  ctx: OperatorContext,
  input: Parameters<Operator['start']>[0],
  by: Actor,
): Promise<Outcome> {
  if ((by.via === 'telegram' || by.via === 'discord') && !namesDay(input.target ?? 'today'))
    return { ok: false, message: 'From a chat a day is started by its date (2026-11-24), today or tomorrow.' };
  if (ctx.daemon !== undefined) return ctx.daemon.start(input, by);
  if (input.target !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(input.target) && !isDate(input.target))
    return { ok: false, message: `There is no such day as ${input.target}.` };
  const day = input.target === undefined ? '' : ` ${input.target}`;
  return {
    ok: false,
    message: `Nothing runs in this home: \`dayshift up\` starts the daemon, \`dayshift run${day}\` runs the day here.`,
  };
}

/** Ends the running Dayshift. */
export function down(ctx: OperatorContext, by: Actor): Promise<Outcome> {
  if (ctx.daemon === undefined) return Promise.resolve({ ok: false, message: 'Nothing runs in this home.' });
  const atWork = ctx.daemon.end(by);
  const parked = atWork === 0 ? 'nothing is at work' : `${count(atWork, 'task')} at work, to be parked`;
  return Promise.resolve({ ok: true, message: `Dayshift ends: ${parked}.` });
}
