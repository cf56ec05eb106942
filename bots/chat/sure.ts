import { queues } from '../../src/base/index.ts';
import type { Right } from '../../src/people/index.ts';
import { refused } from './answering.ts';
import type { Action } from './actions.ts';
import { becomes } from './becomes.ts';
import type { Call } from './commands/types.ts';
import type { Answer } from './input.ts';

/** A second tap counts for so long after the first, in ms. */
const SURE_MS = 10 * 60_000;

/** The second tap of two. */
type Sure = Extract<Action, { do: 'task' | 'day' }>;

/** What ends or undoes something is asked again where the question is old. */
export function isStale({ clock }: Pick<Call, 'clock'>, { sure = 0 }: Sure): boolean {
  return Math.abs(clock.now() - sure) > SURE_MS;
}

export const askAgain: Answer = { toast: 'That was asked too long ago. Say it once more.', messages: [] };

const inTurn = queues();

/**
 * Does what a second tap confirms, once: whoever taps again, from wherever, is told so. It is written down before it is
 * done: after a kill the server hands the same tap over again, and that one goes on. The message that asked becomes the receipt.
 */
export async function once(call: Call, action: Sure, right: Right, work: () => Promise<Answer>): Promise<Answer> {
  if (!call.may(right)) return refused(call);
  const what = action.do === 'task' ? action.ref : action.day;
  const to = action.do === 'task' && action.to !== undefined ? ` ${action.to}` : '';
  const button = `${action.verb} ${what}${to} ${action.sure ?? 0}`;
  const input = `${call.input.channel}:${call.input.id}`;
  return inTurn(button, async () => {
    const used = call.journal.state.chat.buttons?.[button];
    if (used !== undefined && used !== input)
      return {
        toast: 'That button was used already. /today shows how things stand; say it once more if you want it again.',
        messages: [],
      };
    if (used === undefined) await call.journal.append({ type: 'button.used', data: { button, input } });
    const answer = await work().catch(async (error: unknown) => {
      // Nothing was done, as far as is known: the button is as it was.
      await call.journal.append({ type: 'button.freed', data: { button } });
      throw error;
    });
    const [first, ...others] = answer.messages;
    if (first === undefined || first.files !== undefined || !(await becomes(call, first))) return answer;
    return { ...answer, shown: true, messages: others };
  });
}
