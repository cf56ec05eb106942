import { newRunawayItem } from '../inbox/index.ts';
import type { NewEvent } from '../journal/index.ts';
import { record } from './context.ts';
import { keepCheckpoint } from './gate.ts';
import type { LiveAttempt } from './live.ts';
import { watchRunaway } from './runaway.ts';

/** Watches one attempt for running in circles: what it does and spends goes in; where a line is passed it is parked and a person is asked. */
export function startCircles(live: LiveAttempt): (events: NewEvent[]) => void {
  const { ctx } = live;
  const { usd_per_minute, same_failure, turns_without_change } = ctx.home.config.runaway;
  const runaway = watchRunaway({
    usdPerMinute: usd_per_minute,
    sameFailure: same_failure,
    turnsWithoutChange: turns_without_change,
  });
  let looking = false;
  let tree = ctx.journal.state.days[live.ref.day]?.tasks[live.ref.task]?.checkpoints.at(-1)?.tree;

  async function look(): Promise<void> {
    const taken = await keepCheckpoint(ctx, live.ref, live.workspace, 'while it changed nothing');
    const reason = runaway.looked(taken.tree !== tree);
    tree = taken.tree;
    if (reason !== undefined) await ask(live, reason);
  }

  return (events) => {
    for (const event of events) {
      const reason = runaway.see(event, ctx.clock.now());
      if (reason !== undefined) live.background(ask(live, reason), 'asking about an agent that runs in circles');
    }
    if (looking || live.signal.aborted || !runaway.idle()) return;
    looking = true;
    live.background(
      look().finally(() => (looking = false)),
      'looking whether files changed',
    );
  };
}

async function ask(live: LiveAttempt, reason: string): Promise<void> {
  if (live.signal.aborted) return;
  const { ctx, ref } = live;
  const item = await ctx.inTurn(async () => {
    const id = ctx.newItemId();
    await record(ctx, ref, { type: 'item.opened', data: newRunawayItem(id, reason) });
    return id;
  });
  live.end({
    end: 'parked',
    detail: `it seems to run in circles: ${reason}`,
    then: [{ type: 'task.parked', data: { reason: 'runaway', item } }],
  });
}
