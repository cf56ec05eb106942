import { redactDeep } from '../../base/index.ts';
import { formatProblem } from '../../document/index.ts';
import { loadTaskList, type LoadedDay } from '../../home/index.ts';
import { newPlanItem } from '../../inbox/index.ts';
import type { ItemState, NewEvent, State } from '../../journal/index.ts';
import { carryable, waitingTasks } from '../../plan/index.ts';
import type { RunContext } from '../../run/index.ts';

/** The item that asks what to do on a day without a valid plan: the open one, or the one that was asked last. */
export function planItemOf(state: State, date: string): ItemState | undefined {
  const about = Object.values(state.items).filter((item) => item.about?.kind === 'day' && item.about.date === date);
  return about.find((item) => item.status === 'open') ?? about.at(-1);
}

/** Asks what a day without a valid plan is to be; once a day, until it has been answered. Resolves with the item's id. */
export async function askForPlan(ctx: RunContext, date: string, loaded: LoadedDay): Promise<string> {
  return ctx.inTurn(async () => {
    const { state } = ctx.journal;
    const known = planItemOf(state, date);
    if (known?.status === 'open') return known.id;
    const errors = loaded.missing === undefined ? loaded.problems.filter(({ severity }) => severity === 'error') : [];
    const left = carryable(state, date);
    const backlog = await loadTaskList(ctx.home, 'backlog');
    const lists = [...loaded.listProblems, ...backlog.problems.filter(({ severity }) => severity === 'error')];
    const from = left.at(-1)?.day;
    const id = ctx.newItemId();
    const data = newPlanItem(id, {
      date,
      file: loaded.file,
      ...(errors.length === 0 ? {} : { faults: errors.map(formatProblem).join('\n') }),
      ...(from === undefined ? {} : { carry: { tasks: left.length, from } }),
      ...(lists.length === 0 ? {} : { remarks: lists.map(formatProblem).join('\n') }),
      backlog: waitingTasks(backlog.tasks, state).length,
    });
    await ctx.journal.append({ type: 'item.opened', day: date, data: redactDeep(data, ctx.redact) });
    return id;
  });
}

/** Takes back what was asked about times that are past, so that it does not pile up while nobody answers. */
export async function withdrawOlder(
  ctx: RunContext,
  fits: (about: NonNullable<ItemState['about']>) => boolean,
  why: string,
): Promise<void> {
  const old = Object.values(ctx.journal.state.items).filter(
    ({ status, about }) => status === 'open' && about !== undefined && fits(about),
  );
  await ctx.journal.append(...old.map(({ id, day }): NewEvent => ({ type: 'item.withdrawn', day, data: { id, why } })));
}
