import { feedbackDecision, placeOfItem } from '../inbox/index.ts';
import type { Journal } from '../journal/index.ts';
import { rate } from './rate.ts';
import type { OperatorContext } from './types.ts';

/** Items whose ratings are being written: a rating is feedback that is read, which comes by here again. */
const underWay = new WeakMap<Journal, Set<string>>();

/**
 * Writes down what people answered when they were asked how a day was. The same twice is there once: cut off before its
 * delivery, it is done again. What came of each, by the item's id.
 */
export async function settleRatings(ctx: OperatorContext): Promise<Map<string, string>> {
  const done = new Map<string, string>();
  const busy = underWay.get(ctx.journal) ?? new Set<string>();
  underWay.set(ctx.journal, busy);
  for (const item of Object.values(ctx.journal.state.items)) {
    const decision = feedbackDecision(item);
    if (item.status !== 'answered' || decision === undefined || busy.has(item.id)) continue;
    busy.add(item.id);
    try {
      const said: string[] = [];
      for (const { task, stars, action } of decision.ratings) {
        const given = { ...(stars === undefined ? {} : { stars }), ...(action === undefined ? {} : { action }) };
        said.push(
          (await rate(ctx, { task: `${item.day}/${task}`, ...given }, item.answeredBy ?? { kind: 'person' })).message,
        );
      }
      if (decision.unclear.length > 0)
        said.push(`For which task is “${decision.unclear.join(' / ')}”? dayshift rate TASK 4 says it.`);
      done.set(item.id, said.join(' '));
      await ctx.journal.append({ type: 'item.delivered', ...placeOfItem(item), data: { id: item.id } });
    } finally {
      busy.delete(item.id);
    }
  }
  return done;
}
