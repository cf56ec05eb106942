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
import { fateOf } from '../../src/outbox/index.ts';
import type { ChatContext } from './context.ts';
import { noteFailure, type Line } from './line.ts';
import { isGroup, type Intent, type OutboxPorts } from './intent.ts';
import { markOf, nonceOf, piecesOf, sendFileOrSay, type Piece } from './pieces.ts';
import { PlatformError, type Platform } from './platform.ts';
import { isQuiet } from './quiet.ts';

/** One message on its way to its chat. */
export interface Delivery {
  /** Sends its next piece. True where it has arrived whole. Never rejects but where the journal does. */
  step(line: Line, message: PendingMessage): Promise<boolean>;
  /** The server cannot be reached: what matters goes elsewhere too, what is too old is given up. */
  delayed(message: PendingMessage, line?: Line): Promise<void>;
}

/** Where no thread could be opened that is tried again after so long, in ms. */
const FLAT_MS = 10 * 60_000;

const titles: Record<Channel, string> = { telegram: 'Telegram', discord: 'Discord' };

/** What becomes of it until the right is there. */
const then = {
  pin: 'Until it may, the card stands unpinned.',
  topics: 'Until it may, everything about tasks stands in the chat itself.',
  send: 'What should be said there goes to other chats.',
};

/** A chat as people know it: whose it is, or the project's. */
function nameOf({ journal, home }: ChatContext, channel: Channel, chat: string): string {
  const person = Object.values(journal.state.chat.people).find((one) => one.channel === channel && one.chat === chat);
  const project = Object.entries(home.config.chat[channel].projects).find(([, own]) => own === chat)?.[0];
  if (person !== undefined) return `${person.name}’s own chat`;
  return project === undefined ? `the chat ${chat}` : `the chat of ${project} (${chat})`;
}

export function createDelivery(
  ctx: ChatContext,
  ports: OutboxPorts,
  post: (intents: Intent[], more: NewEvent[]) => Promise<void>,
): Delivery {
  async function step(line: Line, message: PendingMessage): Promise<boolean> {
    const { id } = message;
    let pieces: Piece[] | undefined;
    try {
      pieces = await composed(line, message);
    } catch (error) {
      // No fault of the server's: another try would come to the same, and hold up whatever stands behind it.
      const why = `it could not be put into words: ${ctx.redact(messageOf(error))}`;
      ctx.log(`${line.platform.channel}: a message was not delivered: ${why}`);
      forget(line, message);
      await append(message, { type: 'message.failed', data: { id, why, final: true } });
      return false;
    }
    try {
      const piece = pieces?.[message.sent?.length ?? 0];
      if (pieces === undefined || piece === undefined) {
        await append(message, { type: 'message.dropped', data: { id, why: 'there is nothing to say any more' } });
        return false;
      }
      const index = message.sent?.length ?? 0;
      const place = await placeOf(line, message);
      const sent = [...(message.sent ?? []), await send(line, message, place, piece, index)];
      line.failures = 0;
      line.plain.delete(id);
      if (sent.length < pieces.length) {
        await append(message, { type: 'message.begun', data: { id, messages: sent } });
        return false;
      }
      const old =
        message.key === undefined ? undefined : ctx.journal.state.chat.slots[slotName(message.place, message.key)];
      const mark = markOf(pieces.flatMap((one) => ('part' in one ? [one.part] : [])));
      const thread = place.thread === undefined ? {} : { thread: place.thread };
      await append(message, { type: 'message.sent', data: { id, messages: sent, mark, ...thread } });
      forget(line, message);
      ports.troubles.works({ channel: line.platform.channel, problem: 'send', chat: place.chat });
      await afterwards(line, message, place, sent, old);
      return true;
    } catch (error) {
      await failed(line, message, error);
      return false;
    }
  }

  async function composed(line: Line, message: PendingMessage): Promise<Piece[] | undefined> {
    const known = line.composed.get(message.id);
    if (known !== undefined) return known;
    if (message.content.kind === 'item' && ctx.journal.state.items[message.content.item]?.status !== 'open')
      return undefined;
    const said = await ports.compose(message.content, message.place, line.platform);
    if (said === undefined) return undefined;
    const pieces = piecesOf({ ...said, ...(message.ask === true ? { forceReply: true } : {}) }, line.platform);
    // Of what goes out in several pieces the rest must be the rest of the same.
    if (pieces.length > 1) line.composed.set(message.id, pieces);
    return pieces;
  }

  async function send(line: Line, message: PendingMessage, place: Place, piece: Piece, index: number): Promise<string> {
    const silent = message.silent === true || isQuiet(ctx, ctx.clock.now()) ? { silent: true } : {};
    if ('file' in piece) return (await sendFileOrSay(line.platform, place, { ...piece.file, ...silent })).message;
    const plain = line.plain.has(message.id) ? { plain: true } : {};
    return (await line.platform.send(place, { ...piece.part, ...silent, ...plain, nonce: nonceOf(message.id, index) }))
      .message;
  }

  /** What follows when it is there: a card is pinned, and the one that it takes the place of goes. */
  async function afterwards(
    line: Line,
    message: PendingMessage,
    place: Place,
    sent: string[],
    old: SlotState | undefined,
  ): Promise<void> {
    const { platform } = line;
    const tell = (what: string) => (error: unknown) =>
      ctx.log(`${platform.channel}: ${what}: ${ctx.redact(messageOf(error))}`);
    const [first] = sent;
    if (message.content.kind === 'day' && platform.can.pin && first !== undefined) {
      await unpinOthers(line, message, tell('the card of an earlier day stays pinned'));
      await platform.pin(place, first).then(
        () => ports.troubles.works({ channel: platform.channel, problem: 'pin', chat: place.chat }),
        (error: unknown) => {
          tell('the day’s card is not pinned')(error);
          mayNot(platform, place.chat, 'pin', error);
        },
      );
    }
    for (const stale of old?.messages ?? [])
      if (old !== undefined && !sent.includes(stale))
        await platform.remove(old.place, stale).catch(tell('an old message was not removed'));
  }

  /** The cards of days that are over make room: one is pinned in a chat, or as many as run. */
  async function unpinOthers(
    { platform }: Line,
    { place: { channel, chat }, key }: PendingMessage,
    tell: (error: unknown) => void,
  ): Promise<void> {
    const { days, chat: known } = ctx.journal.state;
    for (const { content, place, messages, ...slot } of Object.values(known.slots)) {
      if (content.kind !== 'day' || slot.key === key || place.channel !== channel || place.chat !== chat) continue;
      const [first] = messages;
      if (days[content.day]?.status !== 'reported' || first === undefined) continue;
      await platform.unpin(place, first).catch(tell);
    }
  }

  /** Where a message stands: in its task's thread, which is opened for it. A chat that has none takes it as it is. */
  async function placeOf(line: Line, message: PendingMessage): Promise<Place> {
    const { place, day, task } = message;
    const { platform } = line;
    if (message.topic !== true || day === undefined || task === undefined || !platform.can.threads) return place;
    if (!isGroup(place.chat) && platform.channel === 'telegram') return place;
    const known = ctx.journal.state.chat.threads[threadName(place, day, task)];
    if (known !== undefined && !line.gone.has(known)) return { ...place, thread: known };
    // The right may be given meanwhile: it is tried again, though not with every message.
    if (Math.abs(ctx.clock.now() - (line.flat.get(place.chat) ?? -Infinity)) < FLAT_MS) return place;
    try {
      const name = ctx.journal.state.days[day]?.tasks[task]?.spec.name ?? task;
      const thread = await platform.openThread(place.chat, `${task}: ${name}`.slice(0, 100));
      const { channel, chat } = place;
      await append(message, { type: 'thread.opened', data: { channel, chat, thread } });
      ports.troubles.works({ channel, problem: 'topics', chat });
      return { ...place, thread };
    } catch (error) {
      if (!(error instanceof PlatformError) || !['unsupported', 'forbidden'].includes(error.why)) throw error;
      line.flat.set(place.chat, ctx.clock.now());
      mayNot(platform, place.chat, 'topics', error);
      return place;
    }
  }

  /** A right that is missing is a person's to give. */
  function mayNot({ channel }: Platform, chat: string, problem: 'pin' | 'topics' | 'send', error: unknown): void {
    if (!(error instanceof PlatformError) || error.why !== 'forbidden') return;
    const what = { pin: 'pin the day’s card', topics: 'open a place of its own for a task', send: 'write' }[problem];
    const where = nameOf(ctx, channel, chat);
    const words = `On ${titles[channel]} the bot may not ${what} in ${where}: ${error.message}. ${then[problem]}`;
    ports.troubles.met({ channel, problem, chat, words });
  }

  async function failed(line: Line, message: PendingMessage, error: unknown): Promise<void> {
    const why = ctx.redact(messageOf(error));
    const { id } = message;
    switch (noteFailure(line, error, ctx.clock.now())) {
      case 'flood':
        return;
      case 'unreachable':
        if (!(error instanceof PlatformError) && message.failed !== true)
          ctx.log(`${line.platform.channel}: a message was not sent: ${why}`);
        // Once is enough to know that it failed: each try of a night would be a line.
        if (message.failed !== true) await append(message, { type: 'message.failed', data: { id, why, final: false } });
        return;
      case 'markup':
      case 'unsupported':
        if (line.plain.has(id)) break;
        line.plain.add(id);
        return;
      case 'gone': {
        const thread =
          message.day === undefined || message.task === undefined
            ? undefined
            : ctx.journal.state.chat.threads[threadName(message.place, message.day, message.task)];
        if (message.topic !== true || thread === undefined || line.gone.has(thread)) break;
        line.gone.add(thread);
        return;
      }
      case 'forbidden':
        mayNot(line.platform, message.place.chat, 'send', error);
        break;
    }
    await giveUp(line, message, why);
  }

  async function delayed(message: PendingMessage, line?: Line): Promise<void> {
    const { channel } = message.place;
    switch (fateOf(message, ctx.clock.now())) {
      case 'wait':
        return;
      case 'fall_back':
        return fallBack(message, `${channel} cannot be reached`);
      case 'give_up':
        return giveUp(line, message, `${channel} could not be reached for a day`);
    }
  }

  async function giveUp(line: Line | undefined, message: PendingMessage, why: string): Promise<void> {
    ctx.log(`${message.place.channel}: a message was not delivered: ${why}`);
    if (line !== undefined) forget(line, message);
    if (message.fellBack !== true) await fallBack(message, why);
    await append(message, { type: 'message.failed', data: { id: message.id, why, final: true } });
  }

  /** The same goes to another chat, where there is one that has not got it. */
  async function fallBack(message: PendingMessage, why: string): Promise<void> {
    const place = message.instead === undefined ? ports.elsewhere(message) : undefined;
    const { id, place: _place, key, priority, content, day, task } = message;
    const about = { ...(day === undefined ? {} : { day }), ...(task === undefined ? {} : { task }) };
    const intents: Intent[] =
      place === undefined
        ? []
        : [{ place, priority, content, instead: id, ...(key === undefined ? {} : { key }), ...about }];
    // Without another chat it is tried here alone, and asked no more.
    await post(intents, [
      {
        type: 'message.fell_back',
        ...about,
        data: { id, why, ...(place === undefined ? {} : { to: `${place.channel} ${place.chat}` }) },
      },
    ]);
  }

  function forget(line: Line, message: PendingMessage): void {
    line.composed.delete(message.id);
    line.plain.delete(message.id);
  }

  async function append<T extends NewEvent['type']>(
    about: { day?: string; task?: string },
    event: { type: T; data: EventData<T> },
  ): Promise<void> {
    const { day, task } = about;
    await ctx.journal.append({
      ...event,
      ...(day === undefined ? {} : { day }),
      ...(task === undefined ? {} : { task }),
    } as NewEvent);
  }

  return { step, delayed };
}
