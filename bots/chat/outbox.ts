import { createHash } from 'node:crypto';
import { messageOf } from '../../src/base/index.ts';
import {
  slotName,
  threadName,
  type Channel,
  type EventData,
  type NewEvent,
  type PendingMessage,
  type Place,
  type SlotState,
} from '../../src/journal/index.ts';
import { backoffMs, createPurse, dueOf, rankOf, type Purse } from '../../src/outbox/index.ts';
import { encodeAction, type Action } from './actions.ts';
import { compose } from './compose.ts';
import type { ChatContext } from './context.ts';
import { parts } from './fit.ts';
import type { Message } from './input.ts';
import { PlatformError, type Button, type Part, type Platform } from './platform.ts';
import { plainOf } from './rich/index.ts';

/** A message to write down: what `message.intended` holds but its id, and the day and task that it is about. */
export type Intent = Omit<EventData<'message.intended'>, 'id'> & { day?: string; task?: string };

/** A card is edited at most so often, in ms. */
const EDIT_EVERY_MS = 3000;

/**
 * Sends what the journal says is to be sent, and edits what it says is there. Nothing is held here that a restart
 * would miss: a message is written down before it goes out and after it arrived. A kill in between sends it again:
 * once more rather than never.
 */
export interface Outbox {
  /** Writes messages down as one group. Resolves once they are on disk; they go out by themselves. */
  post(...intents: Intent[]): Promise<void>;
  /** Messages that can be edited may show something else now. */
  touch(fits: (slot: SlotState) => boolean): void;
  /** The buttons under a message of ours are others for now: what is marked. */
  show(place: Pick<Place, 'channel' | 'chat'>, key: string, buttons: Button[][]): void;
  /** A platform is there: what waits for it goes out. The returned function takes it away; resolves when no call is under way. */
  join(platform: Platform): () => Promise<void>;
  /** Fits a message to a platform and sends it at once, outside the journal: the direct reply to somebody who is there. */
  reply(platform: Platform, place: Place, message: Message, replyTo?: string): Promise<void>;
}

interface Lane {
  busy: boolean;
  again: boolean;
  cancel: () => void;
}

/** A message that is to show something else. */
interface Edit {
  name: string;
  slot: SlotState;
  all: Part[];
  mark: string;
}

interface Line {
  platform: Platform;
  purse: Purse;
  lanes: Map<string, Lane>;
  /** Not before this time, by message id: after a failed try. */
  notBefore: Map<string, number>;
  /** Slots that may show something old, with the time before which they are left alone. */
  dirty: Map<string, number>;
  /** Messages whose markup was refused. */
  plain: Set<string>;
  left: boolean;
  underWay: Set<Promise<unknown>>;
}

export function startOutbox(ctx: ChatContext): Outbox {
  const lines = new Map<Channel, Line>();
  const sign = (action: Action) => encodeAction(action, ctx.secret);

  async function post(...intents: Intent[]): Promise<void> {
    if (intents.length === 0) return;
    await ctx.journal.append(
      ...intents.map(({ day, task, ...data }): NewEvent => ({
        type: 'message.intended',
        data: { id: ctx.newId(), ...data },
        ...(day === undefined ? {} : { day }),
        ...(task === undefined ? {} : { task }),
      })),
    );
    for (const { place } of intents) kick(place);
  }

  function kick(place: Place): void {
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
      const mine = Object.values(ctx.journal.state.chat.pending).filter(
        ({ place }) => place.channel === own.platform.channel && place.chat === chat,
      );
      const { due, next } = dueOf(mine, (id) => own.notBefore.get(id) ?? 0, now);
      const edit = nextEdit(own, chat, now);
      const [message] = due;
      const editFirst =
        edit.found !== undefined && (message === undefined || editRank(edit.found.slot) < rankOf(message.priority));
      if (message === undefined && edit.found === undefined) {
        const later = [next, edit.next].filter((at) => at !== undefined);
        return later.length === 0 ? undefined : Math.min(...later) - now;
      }
      const ofEdit = edit.found?.slot.content.kind === 'item' ? 'question' : 'card';
      const priority = editFirst ? ofEdit : (message?.priority ?? 'card');
      const wait = own.purse.take(chat, { group: isGroup(chat), priority }, now);
      if (wait > 0) return wait;
      if (editFirst && edit.found !== undefined) await editOne(own, edit.found, now);
      else if (message !== undefined) await sendOne(own, message);
    }
  }

  /** The edit that matters most, of those that would show anything new. */
  function nextEdit(own: Line, chat: string, now: number): { found?: Edit; next?: number } {
    let found: Edit | undefined;
    let next: number | undefined;
    for (const [name, at] of own.dirty) {
      const slot = ctx.journal.state.chat.slots[name];
      if (slot === undefined) own.dirty.delete(name);
      if (slot?.place.chat !== chat) continue;
      if (at > now) {
        next = Math.min(next ?? at, at);
        continue;
      }
      if (found !== undefined && editRank(slot) >= editRank(found.slot)) continue;
      const said = words(own, slot.content);
      const { all, mark } = withMarks(name, said === undefined ? [] : parts(said, own.platform));
      const old = shown.get(name) ?? slot.mark;
      if (said === undefined || mark === old || !own.platform.can.edit) own.dirty.delete(name);
      else found = { name, slot, all, mark };
    }
    return { ...(found === undefined ? {} : { found }), ...(next === undefined ? {} : { next }) };
  }

  /** With the buttons that show what is marked, as long as the message is otherwise the one that they were made for. */
  function withMarks(name: string, all: Part[]): { all: Part[]; mark: string } {
    const mark = markOf(all);
    const override = overrides.get(name);
    if (override === undefined) return { all, mark };
    override.under ??= mark;
    if (override.under !== mark) {
      overrides.delete(name);
      return { all, mark };
    }
    const marked = all.map((part) => (part.buttons === undefined ? part : { ...part, buttons: override.buttons }));
    return { all: marked, mark: markOf(marked) };
  }

  async function sendOne(own: Line, message: PendingMessage): Promise<void> {
    const { platform } = own;
    const said = words(own, message.content);
    if (said === undefined) {
      await write(
        { type: 'message.dropped', data: { id: message.id, why: 'there is nothing to say any more' } },
        message,
      );
      return;
    }
    try {
      const place = await placeOf(own, message);
      const all = parts({ ...said, ...(message.ask === true ? { forceReply: true } : {}) }, platform);
      const sent: string[] = [];
      for (const [index, part] of all.entries()) {
        const whole: Part = {
          ...part,
          ...(message.silent === true ? { silent: true } : {}),
          ...(own.plain.has(message.id) ? { plain: true } : {}),
          nonce: createHash('sha256').update(`${message.id}/${index}`).digest('base64url').slice(0, 22),
        };
        sent.push((await platform.send(place, whole)).message);
      }
      for (const file of said.files ?? []) sent.push((await platform.sendFile(place, file)).message);
      own.plain.delete(message.id);
      own.notBefore.delete(message.id);
      await write(
        {
          type: 'message.sent',
          data: {
            id: message.id,
            messages: sent,
            mark: markOf(all),
            ...(place.thread === undefined ? {} : { thread: place.thread }),
          },
        },
        message,
      );
      if (message.key !== undefined) {
        // What happened while it was on its way is shown too.
        own.dirty.set(slotName(message.place, message.key), ctx.clock.now());
        const [first] = sent;
        if (message.content.kind === 'day' && platform.can.pin && first !== undefined)
          await platform
            .pin(place, first)
            .catch((error: unknown) => ctx.log(`${platform.channel}: not pinned: ${messageOf(error)}`));
      }
    } catch (error) {
      await failed(own, message, error);
    }
  }

  /** Where a message stands: in its task's thread, which is opened for it. A chat that has none takes it as it is. */
  async function placeOf(own: Line, message: PendingMessage): Promise<Place> {
    const { place, day, task } = message;
    if (message.topic !== true || day === undefined || task === undefined || !own.platform.can.threads) return place;
    if (!isGroup(place.chat) && own.platform.channel === 'telegram') return place;
    const known = ctx.journal.state.chat.threads[threadName(place, day, task)];
    if (known !== undefined) return { ...place, thread: known };
    try {
      const name = ctx.journal.state.days[day]?.tasks[task]?.spec.name ?? task;
      const thread = await own.platform.openThread(place.chat, `${task}: ${name}`.slice(0, 100));
      await ctx.journal.append({
        type: 'thread.opened',
        day,
        task,
        data: { channel: place.channel, chat: place.chat, thread },
      });
      return { ...place, thread };
    } catch (error) {
      if (!(error instanceof PlatformError) || !['unsupported', 'forbidden'].includes(error.why)) throw error;
      return place;
    }
  }

  async function failed(own: Line, message: PendingMessage, error: unknown): Promise<void> {
    const why = ctx.redact(messageOf(error));
    const kind = error instanceof PlatformError ? error.why : 'unreachable';
    const now = ctx.clock.now();
    switch (kind) {
      case 'flood': {
        const ms = error instanceof PlatformError ? (error.retryAfterMs ?? 5000) : 5000;
        own.purse.still(now + ms);
        return;
      }
      case 'markup':
      case 'unsupported':
        if (!own.plain.has(message.id)) {
          own.plain.add(message.id);
          return;
        }
        break;
      case 'unreachable': {
        const tries = message.tries + 1;
        own.notBefore.set(message.id, now + backoffMs(tries));
        await write({ type: 'message.failed', data: { id: message.id, why, final: false } }, message);
        return;
      }
      case 'gone':
      case 'forbidden':
        break;
    }
    own.plain.delete(message.id);
    await write({ type: 'message.failed', data: { id: message.id, why, final: true } }, message);
    ctx.log(`${own.platform.channel}: a message was not delivered: ${why}`);
  }

  async function editOne(own: Line, { name, slot, all, mark }: Edit, now: number): Promise<void> {
    own.dirty.delete(name);
    try {
      for (const [index, part] of all.entries()) {
        const message = slot.messages[index];
        if (message !== undefined) await own.platform.edit(slot.place, message, part);
      }
      shown.set(name, mark);
      if (slot.content.kind === 'item' && !overrides.has(name))
        await write({ type: 'message.edited', data: { slot: name, mark } }, slot);
      // What happened meanwhile, and for a card what happens next.
      own.dirty.set(name, now + (slot.content.kind === 'item' ? 0 : EDIT_EVERY_MS));
    } catch (error) {
      const kind = error instanceof PlatformError ? error.why : 'unreachable';
      if (kind === 'flood') own.purse.still(now + ((error as PlatformError).retryAfterMs ?? 5000));
      if (kind === 'flood' || kind === 'unreachable') own.dirty.set(name, now + 2000);
      else ctx.log(`${own.platform.channel}: a message was not edited: ${ctx.redact(messageOf(error))}`);
    }
  }

  /** Buttons that show what is marked. */
  const overrides = new Map<string, { buttons: Button[][]; under?: string }>();
  /** What was shown last in messages whose edits are no events. */
  const shown = new Map<string, string>();

  function words(own: Line, content: PendingMessage['content']): Message | undefined {
    return compose(ctx.journal.state, content, { limits: own.platform.limits, now: ctx.clock.now(), sign });
  }

  async function write(event: NewEvent, about: { day?: string; task?: string }): Promise<void> {
    await ctx.journal.append({
      ...event,
      ...(about.day === undefined ? {} : { day: about.day }),
      ...(about.task === undefined ? {} : { task: about.task }),
    });
  }

  function touch(fits: (slot: SlotState) => boolean): void {
    for (const [name, slot] of Object.entries(ctx.journal.state.chat.slots)) {
      const own = lines.get(slot.place.channel);
      if (own === undefined || !fits(slot)) continue;
      const now = ctx.clock.now();
      own.dirty.set(name, Math.max(own.dirty.get(name) ?? 0, now));
      kick(slot.place);
    }
  }

  function show(place: Pick<Place, 'channel' | 'chat'>, key: string, buttons: Button[][]): void {
    const name = slotName(place, key);
    const under = overrides.get(name)?.under;
    overrides.set(name, { buttons, ...(under === undefined ? {} : { under }) });
    touch((slot) => slotName(slot.place, slot.key) === name);
  }

  return {
    post,
    touch,
    show,
    join(platform) {
      const own: Line = {
        platform,
        purse: createPurse(),
        lanes: new Map(),
        notBefore: new Map(),
        dirty: new Map(),
        plain: new Set(),
        left: false,
        underWay: new Set(),
      };
      lines.set(platform.channel, own);
      const { pending } = ctx.journal.state.chat;
      for (const { place } of Object.values(pending)) if (place.channel === platform.channel) kick(place);
      // What an earlier process did not get to show.
      touch((slot) => slot.place.channel === platform.channel && isLive(slot));
      return async () => {
        own.left = true;
        if (lines.get(platform.channel) === own) lines.delete(platform.channel);
        for (const lane of own.lanes.values()) lane.cancel();
        await Promise.allSettled(own.underWay);
      };
    },
    async reply(platform, place, message, replyTo) {
      const all = parts(message, platform);
      for (const [index, part] of all.entries()) {
        const whole = { ...part, ...(index === 0 && replyTo !== undefined ? { replyTo } : {}) };
        await platform.send(place, whole).catch(async (error: unknown) => {
          if (!(error instanceof PlatformError) || error.why !== 'markup') throw error;
          await platform.send(place, { ...whole, plain: true });
        });
      }
      for (const file of message.files ?? []) await platform.sendFile(place, file);
    },
  };

  /** Whether a message may still change: cards of days that are over and items that are shown as closed do not. */
  function isLive(slot: SlotState): boolean {
    if (slot.content.kind === 'day') {
      const day = ctx.journal.state.days[slot.content.day];
      return day !== undefined && day.status !== 'reported';
    }
    return slot.content.kind === 'item';
  }
}

function editRank(slot: SlotState): number {
  return rankOf(slot.content.kind === 'item' ? 'question' : 'card');
}

/** Telegram's groups have negative ids; a Discord channel counts like one person's chat. */
function isGroup(chat: string): boolean {
  return chat.startsWith('-');
}

function markOf(all: readonly Part[]): string {
  const seen = all.map(({ rich, buttons }) => [
    plainOf(rich),
    buttons?.map((row) => row.map(({ label, data }) => [label, data])),
  ]);
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 12);
}
