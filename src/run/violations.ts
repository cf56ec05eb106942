import { cutEnd, oneLine } from '../base/index.ts';
import type { Decision } from '../guard/index.ts';
import { newViolationItem } from '../inbox/index.ts';
import { record, taskOf } from './context.ts';
import type { LiveAttempt } from './live.ts';

/** Called once a violation is in the journal: halts the agent where the settings say so, and asks the person. */
export async function mayHalt(live: LiveAttempt, decision: Decision, subject: string): Promise<void> {
  const { ctx, ref } = live;
  if (decision.violation === undefined || live.signal.aborted) return;
  const { halt_on, max_violations } = ctx.home.config.guard;
  const { spec, violations = 0 } = taskOf(ctx, ref);
  const most = Math.min(...[max_violations, ...limitsOf(spec.guard)].map((limit) => (limit === 0 ? Infinity : limit)));
  const intent = halt_on.includes(decision.violation);
  if (!intent && violations < most) return;
  const what = `${decision.rule}: ${cutEnd(oneLine(subject), 200)}`;
  const why = intent ? `${words[decision.violation]} (${what})` : `${violations} refused calls, the last by ${what}`;
  const { items } = ctx.journal.state;
  const asked = Object.values(items).some(
    (item) => item.kind === 'violation' && item.status === 'open' && item.day === ref.day && item.task === ref.task,
  );
  if (asked) return; // calls made side by side
  const id = ctx.newItemId();
  await record(ctx, ref, { type: 'item.opened', data: newViolationItem(id, why) });
  live.end({
    end: 'parked',
    atOnce: true,
    detail: `the guard halted it: ${why}`,
    then: [{ type: 'task.parked', data: { reason: 'violation', item: id } }],
  });
}

const words = {
  plain: 'it did what it may not',
  disguised: 'it tried to get round a rule by a command that does not show what it does',
  tamper: 'it reached for what watches it',
};

function limitsOf(guard: readonly Record<string, unknown>[] | undefined): number[] {
  return (guard ?? []).flatMap(({ max_violations }) => (typeof max_violations === 'number' ? [max_violations] : []));
}
