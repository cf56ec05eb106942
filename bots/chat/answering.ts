import type { ItemState } from '../../src/journal/index.ts';
import type { Outcome } from '../../src/operator/index.ts';
import { may } from '../../src/people/index.ts';
import type { Action } from './actions.ts';
import { rightFor } from './audience.ts';
import type { Call } from './commands/types.ts';
import type { ChatContext } from './context.ts';
import type { Answer } from './input.ts';
import { line, rich } from './rich/index.ts';

/** Answers an item, where the person may. */
export async function answerItem(
  call: Omit<Call, 'answer' | 'may'>,
  id: string,
  words: string,
  question?: number,
  options?: readonly number[],
): Promise<Outcome> {
  const item = itemOf(call, id);
  if (!may(call.person, item === undefined ? 'work' : rightFor(item)))
    return { ok: false, message: refused(call).toast ?? '' };
  if (item?.status === 'open' && words === '' && options === undefined)
    return { ok: false, message: `${id}: the answer is empty.` };
  const which = question === undefined ? {} : { question };
  const chosen = options === undefined ? {} : { options };
  return call.operator.answer({ item: id, text: words, ...which, ...chosen }, call.by);
}

/** Asks for a reply; what is replied goes to `sent` with this action, also after a restart. */
export async function ask(call: Call, action: Action, words: string): Promise<void> {
  const { channel, chat, thread } = call.input;
  await call.outbox.post([
    {
      place: { channel, chat, ...(thread === undefined ? {} : { thread }) },
      key: `ask:${call.person.id}:${call.sign(action)}`,
      priority: 'reply',
      ask: true,
      content: { kind: 'text', rich: rich(line(words)) },
    },
  ]);
}

export function itemOf(ctx: Pick<ChatContext, 'journal'>, id: string): ItemState | undefined {
  const { items } = ctx.journal.state;
  return Object.hasOwn(items, id) ? items[id] : undefined;
}

/** What somebody is told who wants to do more than they may. */
export function refused(call: Pick<Call, 'person'>): Answer {
  return { toast: `You are ${call.person.role} here: you may not do that.`, messages: [] };
}
