import { usd } from '../base/index.ts';
import { budgetDecision, scheduleDecision } from '../inbox/index.ts';
import { costOf, dayCostOf, type ItemState } from '../journal/index.ts';
import type { OperatorContext } from './types.ts';

/** Why an answer would do nothing, and what to say instead; undefined where it does something. Such an answer leaves its item open. */
export function whyUseless(ctx: OperatorContext, item: ItemState, answers: readonly string[]): string | undefined {
  const answered: ItemState = { ...item, answers: [...answers] };
  if (item.kind === 'budget') return uselessAmount(ctx, answered);
  if (item.kind !== 'schedule') return undefined;
  const kind = scheduleDecision(answered)?.kind;
  const fits = item.about?.kind === 'slot' ? ['run', 'leave'] : ['carry', 'backlog', 'write', 'off', 'leave'];
  return kind === undefined || fits.includes(kind)
    ? undefined
    : `that fits no option, and nothing is done: ${say(item)}`;
}

function uselessAmount({ journal }: OperatorContext, item: ItemState): string | undefined {
  const decision = budgetDecision(item);
  if (decision?.kind === 'unclear')
    return `there is no one amount in it, and nothing is raised: say \`raise to $12\`, or ${say(item)}`;
  if (decision?.kind !== 'raise') return undefined;
  const day = journal.state.days[item.day];
  const task = day?.tasks[item.task];
  const [limit, spent] =
    decision.scope === 'day' && day !== undefined
      ? [day.limitUsd, dayCostOf(day)]
      : decision.scope === 'task' && task?.limitUsd !== undefined
        ? [task.limitUsd, costOf(task)]
        : [];
  if (limit === undefined || spent === undefined || decision.usd > Math.max(limit, spent)) return undefined;
  return `${usd(decision.usd)} raises nothing: the limit is ${usd(limit)}, and ${usd(spent)} is spent`;
}

function say({ questions: [question] }: ItemState): string {
  const last = String.fromCharCode(64 + (question?.options.length ?? 1));
  return last === 'A' ? 'A' : `A to ${last}`;
}
