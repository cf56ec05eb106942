import type { EventData } from '../journal/index.ts';
import { newLoginItem } from '../inbox/index.ts';
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
      live.end({
        end: 'parked',
        detail: 'the usage limit was reached',
        then: [{ type: 'task.parked', data: { reason: 'usage_limit', until: data.resetAt ?? inAnHour(live) } }],
      });
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

/** The vendor named no time: look again in an hour. */
function inAnHour(live: LiveAttempt): string {
  return new Date(live.ctx.clock.now() + 3_600_000).toISOString();
}
