import type { EventData } from '../journal/index.ts';
import type { RunContext } from '../run/index.ts';

type Notice = EventData<'notice.posted'>;

/**
 * Tells people something that no other event says; the terminal sees it at once, channels by the event. What was told
 * under the same id is not told again: whoever was killed after it may ask once more.
 */
export async function post(ctx: RunContext, day: string | undefined, notice: Notice): Promise<void> {
  if (ctx.journal.state.notices?.includes(notice.id) === true) return;
  const data = { ...notice, text: ctx.redact(notice.text) };
  await ctx.journal.append({ type: 'notice.posted', ...(day === undefined ? {} : { day }), data });
  ctx.onPoint?.('after:notice.posted');
}
