import { timezoneOf } from '../../src/home/index.ts';
import { placeOfItem, planReminders } from '../../src/inbox/index.ts';
import type { ItemState, NewEvent, Place } from '../../src/journal/index.ts';
import { everyPlace, rightFor } from './audience.ts';
import type { ChatContext } from './context.ts';
import { itemPlaces, type Teller } from './narrate.ts';
import type { Intent } from './intent.ts';
import type { Outbox } from './outbox.ts';

/** A look is taken at least so often, in ms: a machine that slept knows nothing of its timers. */
const LONGEST_MS = 60_000;

/** Reminds people of what waits, each chat in one message, and takes what nobody answers to everyone else. */
export interface Reminders {
  /** Something was asked or answered, or a bot came up: when to look may have changed. */
  look(): Promise<void>;
  end(): void;
}

export function startReminders(ctx: ChatContext, outbox: Outbox, teller: () => Teller): Reminders {
  let cancel: () => void = () => undefined;
  let ended = false;
  // It may have ended while something was written, which the compiler cannot see.
  const isEnded = () => ended;

  async function look(): Promise<void> {
    cancel();
    if (ended) return;
    const now = ctx.clock.now();
    const { chat } = ctx.home.config;
    const plan = planReminders(
      ctx.journal.state,
      {
        after: chat.remind_minutes,
        escalateAfter: chat.escalate_minutes,
        quiet: chat.quiet_hours,
        timezone: timezoneOf(ctx.home),
      },
      now,
    );
    const who = teller();
    // Where nobody can be reached nobody was reminded: it is made up for when somebody can.
    const reached = plan.remind.filter(({ item }) => itemPlaces(who, item).length > 0);
    await outbox.post(
      digests(
        who,
        reached.map(({ item }) => item),
      ),
      reached.map(({ item, step }): NewEvent => ({
        type: 'item.reminded',
        ...placeOfItem(item),
        data: { id: item.id, step },
      })),
    );
    for (const item of plan.escalate) await escalate(who, item);
    if (plan.next === undefined || isEnded()) return;
    cancel = ctx.clock.after(
      Math.min(LONGEST_MS, Math.max(1000, plan.next - now)),
      () => void look().catch((error: unknown) => ctx.log(String(error))),
    );
  }

  async function escalate(who: Teller, item: ItemState): Promise<void> {
    const told = itemPlaces(who, item);
    const others = everyPlace(who, rightFor(item)).filter((place) => !told.some((one) => isSame(one, place)));
    if (told.length + others.length === 0) return;
    await outbox.post(
      others.map((place): Intent => ({
        place,
        ...placeOfItem(item),
        key: `item:${item.id}`,
        priority: 'question',
        content: { kind: 'item', item: item.id },
      })),
      [{ type: 'item.escalated', ...placeOfItem(item), data: { id: item.id } }],
    );
  }

  return {
    look,
    end() {
      ended = true;
      cancel();
    },
  };
}

/** One message a chat, with all that waits for the people in it. */
function digests(who: Teller, due: readonly ItemState[]): Intent[] {
  const places: Place[] = [];
  for (const item of due)
    for (const place of itemPlaces(who, item)) if (!places.some((one) => isSame(one, place))) places.push(place);
  // One that has not gone out yet says it all when it does.
  const isOnItsWay = (place: Place) =>
    Object.values(who.state.chat.pending).some((other) => other.key === 'digest' && isSame(other.place, place));
  return places
    .filter((place) => !isOnItsWay(place))
    .map((place) => ({ place, key: 'digest', priority: 'question', content: { kind: 'digest' } }));
}

function isSame(a: Place, b: Place): boolean {
  return a.channel === b.channel && a.chat === b.chat;
}
