import { DayshiftError } from '../base/index.ts';
import { setConfig } from '../home/index.ts';
import { placeOfItem, settingDecision } from '../inbox/index.ts';
import type { ItemState, NewEvent } from '../journal/index.ts';
import type { OperatorContext } from './types.ts';

/**
 * Carries out the answers to items that no work waits for, whether a day runs or not: a yes changes a setting. What is
 * done and its delivery are one group; cut off before that, it is done again, which changes nothing. What came of
 * each, by the item's id.
 */
export async function settleWishes(ctx: OperatorContext): Promise<Map<string, string>> {
  const done = new Map<string, string>();
  for (const item of Object.values(ctx.journal.state.items)) {
    if (item.kind !== 'setting' || item.status !== 'answered') continue;
    const { message, events } = await changeSetting(ctx, item);
    done.set(item.id, message);
    await ctx.journal.append(...events, { type: 'item.delivered', ...placeOfItem(item), data: { id: item.id } });
  }
  return done;
}

async function changeSetting(ctx: OperatorContext, item: ItemState): Promise<{ message: string; events: NewEvent[] }> {
  const { about } = item;
  if (settingDecision(item)?.kind !== 'change' || about?.kind !== 'setting')
    return { message: 'Nothing is changed.', events: [] };
  const { path, from, to } = about;
  try {
    await setConfig(ctx.home.paths, path.split('.'), JSON.parse(to));
  } catch (error) {
    if (!(error instanceof DayshiftError)) throw error;
    return { message: `${error.message}. Nothing is changed.`, events: [] };
  }
  const actor = item.answeredBy ?? { kind: 'person' as const };
  return {
    message: `${path} is ${to} in config/dayshift.yaml.`,
    events: [{ type: 'setting.changed', actor, data: { item: item.id, path, from, to } }],
  };
}
