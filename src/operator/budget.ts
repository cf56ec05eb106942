import { usd } from '../base/index.ts';
import { budgetScope, openItems } from '../inbox/index.ts';
import { daysLatestFirst, dayCostOf, costOf, type Actor } from '../journal/index.ts';
import { answer } from './answer.ts';
import { findTask } from './refs.ts';
import { meant } from './tasks.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

/** Sets what a task or the latest day may cost, in US dollars. What waits for money goes on. */
export async function budget(
  ctx: OperatorContext,
  given: Parameters<Operator['budget']>[0],
  by: Actor,
): Promise<Outcome> {
  const input = meant(given);
  if (!(input.usd > 0) || !Number.isFinite(input.usd)) return { ok: false, message: 'A budget is an amount above 0.' };
  const [latest] = daysLatestFirst(ctx.journal.state);
  const found = input.task === undefined ? undefined : findTask(ctx.journal.state, input.task);
  const date = found?.day ?? input.day ?? latest;
  const day = date === undefined ? undefined : ctx.journal.state.days[date];
  if (date !== undefined && day === undefined && input.day !== undefined)
    return { ok: false, message: `There is no day ${date}.` };
  if (date === undefined || day === undefined)
    return { ok: false, message: 'No day is planned: its file says what it may cost.' };
  const scope = found === undefined ? 'day' : 'task';
  const spent = found === undefined ? dayCostOf(day) : costOf(found.state);
  if (input.usd < spent)
    return {
      ok: false,
      message: `${usd(spent)} is spent already: a budget below that would stop nothing more than now.`,
    };
  const waiting = openItems(ctx.journal.state, date).find(
    (item) =>
      item.kind === 'budget' && budgetScope(item) === scope && (found === undefined || item.task === found.task),
  );
  // The question that waits is answered by it: its agent is told, and its buttons say so.
  if (waiting !== undefined) return answer(ctx, { item: waiting.id, text: `Raise to ${usd(input.usd)}` }, by);
  await ctx.journal.append({
    type: 'budget.raised',
    day: date,
    ...(found === undefined ? {} : { task: found.task }),
    data: { scope, limitUsd: input.usd },
    actor: by,
  });
  return { ok: true, message: `${found?.task ?? date} may cost ${usd(input.usd)}; ${usd(spent)} is spent.` };
}
