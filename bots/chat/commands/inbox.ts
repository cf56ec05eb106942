import { openItems, placeOfItem } from '../../../src/inbox/index.ts';
import { may } from '../../../src/people/index.ts';
import { rightFor } from '../audience.ts';
import type { Answer } from '../input.ts';
import type { Intent } from '../intent.ts';
import { bold, line, rich } from '../rich/index.ts';
import type { Call } from './types.ts';

/** Items that are shown at once. */
const AT_ONCE = 5;

/** What waits, the oldest first, so many at a time: each card is the one of its item in this chat, an older one goes. */
export async function showInbox(call: Call, from: number): Promise<Answer> {
  const open = openItems(call.journal.state).filter(
    (item) => may(call.person, rightFor(item)) || call.person.role === 'viewer',
  );
  if (open.length === 0) return { messages: [{ rich: rich('Nothing waits for you.') }] };
  const shown = open.slice(from, from + AT_ONCE);
  const { channel, chat } = call.input;
  await call.outbox.post(
    shown.map((item): Intent => ({
      ...{ place: { channel, chat }, key: `item:${item.id}`, priority: 'question' },
      content: { kind: 'item', item: item.id },
      ...placeOfItem(item),
    })),
  );
  const left = open.length - from - shown.length;
  if (left <= 0)
    return { messages: from > 0 || shown.length > 1 ? [{ rich: rich(line(bold(`${open.length} wait`))) }] : [] };
  const data = call.sign({ do: 'inbox', from: from + AT_ONCE });
  return {
    messages: [
      {
        rich: rich(line(bold(`${open.length} wait`), `, ${left} are not shown yet`)),
        buttons: [[{ label: 'Show more', data }]],
      },
    ],
  };
}
