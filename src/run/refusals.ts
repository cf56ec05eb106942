import type { EventData } from '../journal/index.ts';
import { timezoneOf } from '../home/index.ts';
import { newLoginItem, newUsageLimitItem } from '../inbox/index.ts';
import { record } from './context.ts';
import type { LiveAttempt } from './live.ts';

/**
 * A model call was refused or failed. What the CLI can mend by trying again is only written down; a wrong key
 * and a used-up window end the attempt at once, by parking it, for ten more tries would change nothing.
 */
export async function refused(live: LiveAttempt, data: EventData<'model.refused'>): Promise<void> {
  await record(live.ctx, live.ref, { type: 'model.refused', data });
  switch (data.meaning) {
    case 'login':
    case 'forbidden':
      await parkForLogin(live, data.detail);
      break;
    case 'usage_limit':
      await parkForLimit(live, goOnAt(live, data.resetAt));
      break;
    case 'rate_limit':
    case 'overloaded':
    case 'unreachable':
    case 'cut':
    case 'invalid':
    case 'server':
      break;
  }
}

async function parkForLogin(live: LiveAttempt, detail: string): Promise<void> {
  const { ctx, ref } = live;
  const item = await ctx.inTurn(async () => {
    const known = Object.values(ctx.journal.state.items).find(
      (other) => other.kind === 'login' && other.status === 'open' && other.day === ref.day,
    );
    if (known !== undefined) return known.id;
    const id = ctx.newItemId();
    await record(ctx, ref, { type: 'item.opened', data: newLoginItem(id, { detail }) });
    return id;
  });
  live.end({
    end: 'parked',
    detail: 'the login does not work',
    then: [{ type: 'task.parked', data: { reason: 'login', item } }],
  });
}

/** All that runs meets the same limit: it is one question, which answers itself when the time has come. */
async function parkForLimit(live: LiveAttempt, until: string): Promise<void> {
  const { ctx, ref } = live;
  await ctx.inTurn(async () => {
    const known = Object.values(ctx.journal.state.items).some(
      ({ kind, status, day }) => kind === 'usage_limit' && status === 'open' && day === ref.day,
    );
    if (known) return;
    const timeZone = timezoneOf(ctx.home);
    const clock = new Date(until).toLocaleString('en-GB', {
      ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' },
    });
    const data = newUsageLimitItem(ctx.newItemId(), { until, clock });
    await ctx.journal.append({ type: 'item.opened', day: ref.day, data });
  });
  live.end({
    end: 'parked',
    detail: 'the usage limit was reached',
    then: [{ type: 'task.parked', data: { reason: 'usage_limit', until } }],
  });
}

/**
 * When to look again: at the time that the vendor named, in an hour where it named none. A time that is over by our
 * clock (which may be ahead of the vendor's) is no reason to try at once, again and again.
 */
function goOnAt(live: LiveAttempt, resetAt: string | undefined): string {
  const now = live.ctx.clock.now();
  const named = resetAt === undefined ? now + 3_600_000 : Date.parse(resetAt);
  return new Date(named > now ? named : now + 60_000).toISOString();
}
