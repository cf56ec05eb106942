import type { EventData } from '../journal/index.ts';
import type { RunContext } from '../run/index.ts';

type Notice = EventData<'notice.posted'>;

/** Tells people something that no other event says; the terminal sees it at once, channels by the event. */
export async function post(ctx: RunContext, day: string | undefined, notice: Notice): Promise<void> {
  const data = { ...notice, text: ctx.redact(notice.text) };
  await ctx.journal.append({ type: 'notice.posted', ...(day === undefined ? {} : { day }), data });
}
