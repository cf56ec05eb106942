import { messageOf } from '../../src/base/index.ts';
import {
  slotName,
  type Channel,
  type Content,
  type NewEvent,
  type Place,
  type SlotState,
} from '../../src/journal/index.ts';
import { createPurse, nextOf, rankOf } from '../../src/outbox/index.ts';
import { parts } from './fit.ts';
import type { ChatContext } from './context.ts';
import { createDelivery } from './deliver.ts';
import { isGroup, type Intent, type OutboxPorts } from './intent.ts';
import { newLine, noteFailure, type Edit, type Line } from './line.ts';
import { createMarks } from './pieces.ts';
import type { Button, Platform } from './platform.ts';

/** A card is edited at most so often, in ms. */
const EDIT_EVERY_MS = 3000;
/** A card of the last day and a half, in ms. */
const LATELY_MS = 36 * 3_600_000;

/** How an item ended is shown before anything else for so long, in ms. */
const FRESH_MS = 60_000;
/** A reply to a message whose receipt is still on its way waits so long for it, in ms. */
const SETTLE_MS = 2000;

/**
 * Sends what the journal says is to be sent, and edits what it says is there. Nothing is held here that a restart
 * would miss: a message is written down before it goes out and after it arrived. A kill in between sends it again:
 * once more rather than never.
 */
export interface Outbox {
  /** Writes messages down, with these events, as one group. Resolves once they are on disk; they go out by themselves. */
  post(intents: Intent[], more?: NewEvent[]): Promise<void>;
  /** Messages that can be edited may show something else now. */
  touch(fits: (slot: SlotState) => boolean): void;
  /** The buttons under a message of ours are others for now: what is marked. */
  show(place: Pick<Place, 'channel' | 'chat'>, key: string, buttons: Button[][]): void;
  /** Resolves when what is on its way to a chat server is there and written down, or after two seconds: who replies to a message may be faster than its receipt. */
  settled(channel: Channel): Promise<void>;
  /** What waits for a bot that is not up: after a while it goes elsewhere, or is given up. */
  stranded(): Promise<void>;
  /** A platform is there: what waits for it goes out. The returned function takes it away; resolves when no call is under way. */
  join(platform: Platform): () => Promise<void>;
}

export function startOutbox(ctx: ChatContext, ports: OutboxPorts): Outbox {
  const lines = new Map<Channel, Line>();
  const marks = createMarks();
  const delivery = createDelivery(ctx, ports, post);

  async function post(intents: Intent[], more: NewEvent[] = []): Promise<void> {
    if (intents.length + more.length === 0) return;
    await ctx.journal.append(
      ...intents.map(({ day, task, ...data }): NewEvent => ({
        type: 'message.intended',
        data: { id: ctx.newId(), ...data },
        ...(day === undefined ? {} : { day }),
        ...(task === undefined ? {} : { task }),
      })),
      ...more,
    );
    for (const { place } of intents) kick(place);
  }

  /** Sees to it that a chat's lane is at work. */
  function kick(place: Pick<Place, 'channel' | 'chat'>): void {
    const own = lines.get(place.channel);
    if (own === undefined || own.left) return;
    let lane = own.lanes.get(place.chat);
    if (lane === undefined) own.lanes.set(place.chat, (lane = { busy: false, again: false, cancel: () => undefined }));
    if (lane.busy) {
      lane.again = true;
      return;
    }
    lane.busy = true;
    lane.cancel();
    const work = pump(own, place.chat)
      .then((wait) => {
        if (wait !== undefined && !own.left) lane.cancel = ctx.clock.after(Math.max(10, wait), () => kick(place));
      })
      .catch((error: unknown) => ctx.log(`${own.platform.channel}: ${messageOf(error)}`))
      .finally(() => {
        lane.busy = false;
        own.underWay.delete(work);
        if (lane.again) {
          lane.again = false;
          kick(place);
        }
      });
    own.underWay.add(work);
  }

  /** Everything of a chat that may go out now, one after the other. Resolves with how long to wait for more, in ms. */
  async function pump(own: Line, chat: string): Promise<number | undefined> {
    for (;;) {
      if (own.left) return undefined;
      const now = ctx.clock.now();
      const message = nextOf(
        Object.values(ctx.journal.state.chat.pending).filter(
          ({ place }) => place.channel === own.platform.channel && place.chat === chat,
        ),
      );
      const edit = await nextEdit(own, chat, now);
      if (message === undefined && edit.found === undefined)
        return edit.next === undefined ? undefined : edit.next - now;
      if (own.downUntil > now && own.downSince <= now) {
        if (message !== undefined) await delivery.delayed(message, own);
        return own.downUntil - now;
      }
      const isEdit =
        message === undefined ||
        (edit.found !== undefined && rankOf(editPriority(edit.found.slot)) < rankOf(message.priority));
      const priority = !isEdit ? message.priority : edit.found === undefined ? 'card' : editPriority(edit.found.slot);
      const wait = own.purse.take(chat, { group: isGroup(chat), priority }, now);
      if (wait > 0) return wait;
      const failuresBefore = own.failures;
      if (isEdit) {
        if (edit.found !== undefined) await editOne(own, edit.found);
      } else if (await delivery.step(own, message)) {
        own.barred.delete(chat);
        // What happened while it was on its way is shown too.
        if (message.key !== undefined) own.dirty.set(slotName(message.place, message.key), ctx.clock.now());
      }
      if (failuresBefore > 0 && own.failures === 0) wakeAll(own);
    }
  }

  /** The server answers again: everything that waited for it goes on. */
  function wakeAll(own: Line): void {
    for (const chat of own.lanes.keys()) kick({ channel: own.platform.channel, chat });
  }

  /** The edit that matters most, of those that would show anything new. */
  async function nextEdit(own: Line, chat: string, now: number): Promise<{ found?: Edit; next?: number }> {
    let found: Edit | undefined;
    let next: number | undefined;
    for (const [name, at] of [...own.dirty]) {
      const slot = ctx.journal.state.chat.slots[name];
      if (slot === undefined) own.dirty.delete(name);
      if (slot?.place.chat !== chat) continue;
      // One that lies further ahead than that is of a clock that was set back.
      if (at > now && at - now <= EDIT_EVERY_MS) {
        next = Math.min(next ?? at, at);
        continue;
      }
      if (found !== undefined && rankOf(editPriority(slot)) >= rankOf(editPriority(found.slot))) continue;
      // Nothing of ours is wanted there until something arrives again.
      if (own.barred.has(chat)) {
        own.dirty.delete(name);
        continue;
      }
      // Whoever touches it while it is composed is not forgotten.
      own.dirty.delete(name);
      const said = isEditable(slot.content) ? await composed(slot, own) : undefined;
      const shown = marks.applied(name, said === undefined ? [] : parts(said, own.platform));
      const old = own.shown.get(name) ?? slot.mark;
      if (said === undefined || shown.mark === old || !own.platform.can.edit) continue;
      own.dirty.set(name, own.dirty.get(name) ?? at);
      found = { name, slot, ...shown };
    }
    return { ...(found === undefined ? {} : { found }), ...(next === undefined ? {} : { next }) };
  }

  /** What cannot be put into words stays as it stands, and hinders nothing else. */
  async function composed({ content, place }: SlotState, { platform }: Line) {
    try {
      return await ports.compose(content, place, platform);
    } catch (error) {
      ctx.log(`${platform.channel}: a message was not edited: ${ctx.redact(messageOf(error))}`);
      return undefined;
    }
  }

  async function editOne(own: Line, { name, slot, all, mark, marked }: Edit): Promise<void> {
    own.dirty.delete(name);
    const had = slot.messages.length;
    // What outgrew its messages comes anew, all of it, with its buttons: these are taken away when it is there.
    if (all.length > had && isWanted(slot)) return anew(slot);
    // What is over asks nothing any more: how it ended stands in its last part.
    const fitting = all.length > had ? [...all.slice(0, had - 1), ...all.slice(-1)] : all;
    try {
      for (const [index, part] of fitting.entries()) {
        const message = slot.messages[index];
        if (message !== undefined) await own.platform.edit(slot.place, message, part);
      }
      // A long command was several messages; its outcome is one.
      const left = slot.messages.slice(fitting.length);
      for (const message of left) await own.platform.remove(slot.place, message);
      own.failures = 0;
      own.barred.delete(slot.place.chat);
      own.shown.set(name, mark);
      const { kind } = slot.content;
      const messages = left.length === 0 ? {} : { messages: slot.messages.slice(0, fitting.length) };
      if (left.length > 0 || (kind === 'item' && !marked))
        await ctx.journal.append({ type: 'message.edited', data: { slot: name, mark, ...messages } });
      own.dirty.set(name, ctx.clock.now() + (kind === 'day' ? EDIT_EVERY_MS : 0));
    } catch (error) {
      const now = ctx.clock.now();
      const why = noteFailure(own, error, now);
      if (why === 'flood' || why === 'unreachable') own.dirty.set(name, now);
      else if (why === 'gone' && isWanted(slot)) await anew(slot);
      else ctx.log(`${own.platform.channel}: a message was not edited: ${ctx.redact(messageOf(error))}`);
      if (why === 'forbidden') own.barred.add(slot.place.chat);
    }
  }

  /** Somebody deleted what is still needed: it comes again. */
  async function anew({ place: { channel, chat }, key, content, day, task }: SlotState): Promise<void> {
    const waits = Object.values(ctx.journal.state.chat.pending).some(
      (other) => other.key === key && other.place.channel === channel && other.place.chat === chat,
    );
    if (waits) return;
    const about = { ...(day === undefined ? {} : { day }), ...(task === undefined ? {} : { task }) };
    const kind =
      content.kind === 'item' ? { priority: 'question' as const, topic: true } : { priority: 'card' as const };
    await post([{ place: { channel, chat }, key, content, ...kind, ...about }]);
  }

  /** Whether a message must be there: a question that is open, the card of a day that goes on. */
  function isWanted({ content }: SlotState): boolean {
    if (content.kind === 'item') return ctx.journal.state.items[content.item]?.status === 'open';
    if (content.kind !== 'day') return false;
    const status = ctx.journal.state.days[content.day]?.status;
    return status === 'running' || status === 'paused';
  }

  /** What is asked, and what has just been answered, before any message; how the rest stands after all of them. */
  function editPriority({ content }: SlotState): 'question' | 'card' {
    if (content.kind === 'digest') return 'question';
    if (content.kind !== 'item') return 'card';
    const item = ctx.journal.state.items[content.item];
    const isFresh = ctx.clock.now() - Date.parse(item?.answeredAt ?? item?.overAt ?? '') < FRESH_MS;
    return item?.status === 'open' || isFresh ? 'question' : 'card';
  }

  function touch(fits: (slot: SlotState) => boolean): void {
    for (const [name, slot] of Object.entries(ctx.journal.state.chat.slots)) {
      const own = lines.get(slot.place.channel);
      if (own === undefined || !isEditable(slot.content) || !fits(slot)) continue;
      const at = own.dirty.get(name) ?? 0;
      // Someone's tap or answer is shown at once; a card takes its time.
      own.dirty.set(name, slot.content.kind === 'day' ? Math.max(at, ctx.clock.now()) : ctx.clock.now());
      kick(slot.place);
    }
  }

  /** Whether a message may still change: of what is over long since it does not. */
  function isLive(slot: SlotState): boolean {
    if (slot.content.kind === 'item') {
      const item = ctx.journal.state.items[slot.content.item];
      const over = item?.answeredAt ?? item?.overAt ?? slot.at;
      return item?.status === 'open' || ctx.clock.now() - Date.parse(over) < LATELY_MS;
    }
    if (slot.content.kind !== 'day') return isEditable(slot.content);
    const day = ctx.journal.state.days[slot.content.day];
    // Of one that ended lately an earlier process may not have shown the end.
    return day !== undefined && (day.status !== 'reported' || ctx.clock.now() - Date.parse(slot.at) < LATELY_MS);
  }

  return {
    post,
    touch,
    show(place, key, buttons) {
      const name = slotName(place, key);
      marks.set(name, buttons);
      touch((slot) => slotName(slot.place, slot.key) === name);
    },
    async settled(channel) {
      const underWay = [...(lines.get(channel)?.underWay ?? [])];
      if (underWay.length === 0) return;
      let cancel: () => void = () => undefined;
      const patience = new Promise<void>((resolve) => {
        cancel = ctx.clock.after(SETTLE_MS, resolve);
      });
      await Promise.race([Promise.allSettled(underWay), patience]);
      cancel();
    },
    async stranded() {
      for (const message of Object.values(ctx.journal.state.chat.pending))
        if (!lines.has(message.place.channel)) await delivery.delayed(message);
    },
    join(platform) {
      const own = newLine(platform, createPurse());
      lines.set(platform.channel, own);
      for (const { place } of Object.values(ctx.journal.state.chat.pending))
        if (place.channel === platform.channel) kick(place);
      // What an earlier process did not get to show.
      touch((slot) => slot.place.channel === platform.channel && isLive(slot));
      return async () => {
        own.left = true;
        if (lines.get(platform.channel) === own) lines.delete(platform.channel);
        for (const lane of own.lanes.values()) lane.cancel();
        await Promise.allSettled(own.underWay);
      };
    },
  };
}

/** Messages that show the state; the others say what they said. */
function isEditable(content: Content): boolean {
  return content.kind === 'item' || content.kind === 'day' || content.kind === 'digest';
}
