import { newMissedItem, scheduleDecision } from '../../inbox/index.ts';
import type { ItemState, NewEvent } from '../../journal/index.ts';
import type { ScheduleEntry, Slot } from '../../schedule/index.ts';
import { instantOf } from '../../schedule/index.ts';
import { beginDay } from '../begin.ts';
import { post } from '../notice.ts';
import type { ServiceContext } from '../service.ts';
import type { Ran } from './clockwork.ts';
import { act } from './actions.ts';
import { withdrawOlder } from './plan-item.ts';

/** Asks whether a missed slot is to run, once. Resolves with the item's id. */
export async function askAboutSlot({ run: ctx }: ServiceContext, slot: Slot, why: string): Promise<string> {
  return ctx.inTurn(async () => {
    const { name, what } = slot.entry;
    const known = Object.values(ctx.journal.state.items).find(
      ({ about }) => about?.kind === 'slot' && about.name === name && about.planned === slot.planned,
    );
    if (known !== undefined) return known.id;
    await withdrawOlder(ctx, (about) => about.kind === 'slot' && about.name === name, 'a later one was missed too');
    const data = newMissedItem(ctx.newItemId(), { name, planned: slot.planned, what, why });
    await ctx.journal.append({ type: 'item.opened', day: slot.planned.slice(0, 10), data });
    return data.id;
  });
}

/**
 * Carries out the answers to the schedule's own items. What is done and that it was done are not one event: after a kill
 * in between it is done again, which changes nothing.
 */
export async function carryOutAnswers(context: ServiceContext, entries: readonly ScheduleEntry[]): Promise<void> {
  const { journal } = context.run;
  for (const item of Object.values(journal.state.items)) {
    if (item.kind !== 'schedule' || item.status !== 'answered') continue;
    const ran = await carryOut(context, item, entries);
    const delivered: NewEvent = { type: 'item.delivered', day: item.day, data: { id: item.id } };
    await journal.append(delivered);
    if (ran !== undefined)
      await post(context.run, item.day, { id: `answer ${item.id}`, notice: 'plan', text: `${item.id}: ${ran.said}` });
  }
}

async function carryOut(
  context: ServiceContext,
  item: ItemState,
  entries: readonly ScheduleEntry[],
): Promise<Ran | undefined> {
  const decision = scheduleDecision(item);
  const { run: ctx, runner } = context;
  const { about } = item;
  if (decision === undefined || about === undefined) return undefined;
  if (about.kind === 'slot') {
    const entry = entries.find(({ name }) => name === about.name);
    if (decision.kind !== 'run') return undefined;
    if (entry === undefined) return { ok: false, said: `${about.name} is no longer in the schedule: nothing was done` };
    return act(context, { entry, planned: about.planned, due: instantOf(about.planned, entry.zone) });
  }
  if (about.kind !== 'day') return undefined;
  const { date } = about;
  const by = item.answeredBy ?? { kind: 'person' as const };
  switch (decision.kind) {
    case 'carry':
    case 'backlog': {
      const begun = await beginDay(ctx, runner, { target: date, [decision.kind]: true }, by, 'daemon');
      return { ok: begun.ok, said: begun.message };
    }
    case 'write':
      return { ok: true, said: `${date} begins by itself once tasks/${date}.yaml is there and valid` };
    case 'off':
    case 'leave':
      return { ok: true, said: `${date} is a day off` };
    case 'run':
    case 'unclear':
      return {
        ok: false,
        said: `that answer fits no option, so nothing was done; write tasks/${date}.yaml, or \`dayshift start ${date} --carry\``,
      };
  }
}
