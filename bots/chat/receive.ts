import { DayshiftError, messageOf } from '../../src/base/index.ts';
import { slotName, type Actor, type PersonState } from '../../src/journal/index.ts';
import { inPeopleTurn } from '../../src/operator/index.ts';
import { isOnlyOwner, looksLikeCode, may, offerOf, personAt } from '../../src/people/index.ts';
import { act, formOf, sent } from './act.ts';
import { answerItem } from './answering.ts';
import { decodeAction, encodeAction, type Action } from './actions.ts';
import type { Call } from './commands/types.ts';
import type { ChatContext } from './context.ts';
import type { Answer, Form, Input, Origin } from './input.ts';
import type { Outbox } from './outbox.ts';
import { withPatience } from './patience.ts';
import type { Platform } from './platform.ts';
import { line, paragraphs, rich } from './rich/index.ts';
import { heardCommand, heardText } from './text.ts';

/** What strangers get: no word about what is here. */
const NEUTRAL = 'This bot is private.';
/** A stranger is answered and written down once in so long, in ms. */
const STRANGER_EVERY_MS = 10 * 60_000;
/** So many tries at a code in that time: of one stranger, and of all together. Guessing ends before it begins, and nobody keeps others out. */
const MOST_TRIES = 5;
const MOST_TRIES_OF_ALL = 1000;

const nothing: Answer = { messages: [] };

/** Shows somebody the answer. What it cannot show it leaves to the outbox; it never rejects. */
export type Show = (answer: Answer) => Promise<void>;

export interface Receiver {
  receive(input: Input, platform: Platform, show?: Show): Promise<Answer>;
  formFor(input: Input): Form | undefined;
  /** Who somebody is, where they are heard; undefined for strangers, and in chats that nobody named. */
  person(origin: Origin): PersonState | undefined;
}

/** What is done with somebody's input: who it is, what it means, what they may. Never throws: what fails is said. */
export function createReceiver(ctx: ChatContext, outbox: Outbox): Receiver {
  const strangers = new Map<string, number>();
  let tries: { user: string; at: number }[] = [];
  /** Inputs that are being seen to: the same one again waits for the first. */
  const underWay = new Map<string, Promise<Answer>>();

  function receive(input: Input, platform: Platform, show?: Show): Promise<Answer> {
    const key = `${input.channel}:${input.id}`;
    const known = underWay.get(key);
    if (known !== undefined) return known.then(() => nothing);
    const work = withPatience(ctx.clock, seeTo(input, platform, show), () => late(input, show)).finally(() =>
      underWay.delete(key),
    );
    underWay.set(key, work);
    return work;
  }

  /** What never comes to an end must not come again with each restart, nor hold up what stands behind it. */
  async function late(input: Input, show: Show | undefined): Promise<Answer> {
    ctx.log(
      `${input.channel}: an input of ${input.type} is still being seen to after ten minutes: nothing waits for it any more`,
    );
    const words =
      'That takes longer than ten minutes. It goes on; if Dayshift is restarted before it is done, say it again.';
    const answer: Answer = { messages: [{ rich: rich(words) }] };
    if (isPerson(input)) await handled(input);
    await show?.(answer);
    return answer;
  }

  /** It is marked as handled when the person was told what came of it, not before: else a kill in between leaves them without a word. */
  async function seeTo(input: Input, platform: Platform, show: Show | undefined): Promise<Answer> {
    let answer = nothing;
    try {
      const { chat } = ctx.journal.state;
      const isNew = chat.inputs[input.channel]?.[input.id] !== 'handled';
      if (isNew) answer = await take(input, platform);
      await show?.(answer);
      // What nobody did anything about needs no memory: a stranger cannot fill the journal.
      if (!isNew || (!isPerson(input) && answer.messages.length === 0)) return answer;
      await handled(input);
      return answer;
    } catch (error) {
      answer = failure(input, error);
      await show?.(answer).catch((again: unknown) => ctx.log(`${input.channel}: ${messageOf(again)}`));
      return answer;
    }
  }

  function isPerson({ channel, user }: Input): boolean {
    return personAt(ctx.journal.state.chat, channel, user) !== undefined;
  }

  /** It is not seen to again, whoever hands it over. */
  async function handled(input: Input): Promise<void> {
    const { channel, id } = input;
    if (ctx.journal.state.chat.inputs[channel]?.[id] === 'handled') return;
    await ctx.journal.append({ type: 'input.handled', data: { channel, id }, actor: actorOf(input) });
  }

  function failure(input: Input, error: unknown): Answer {
    const hint = error instanceof DayshiftError && error.hint !== undefined ? ` → ${error.hint}` : '';
    const message = ctx.redact(`${messageOf(error)}${hint}`);
    if (!(error instanceof DayshiftError)) ctx.log(`${input.channel}: ${message}`);
    return { toast: message.slice(0, 180), messages: input.type === 'tap' ? [] : [{ rich: paragraphs(message) }] };
  }

  async function take(input: Input, platform: Platform): Promise<Answer> {
    const { chat } = ctx.journal.state;
    if (chat.inputs[input.channel]?.[input.id] === 'begun') return doneBefore(input);
    const person = personAt(chat, input.channel, input.user);
    return (await pairing(input)) ?? (person === undefined ? stranger(input) : heard(input, person, platform));
  }

  /** Dayshift was killed after it was done, and before anybody was told so. */
  function doneBefore(input: Input): Answer {
    const words = 'That was done; Dayshift was restarted before it could say so. /today shows how things stand.';
    return { toast: words, messages: input.type === 'tap' ? [] : [{ rich: rich(words) }] };
  }

  /** `/start CODE`, or the code alone: the first who sends it becomes what it says. */
  async function pairing(input: Input): Promise<Answer | undefined> {
    if (!input.private) return undefined;
    const said =
      input.type === 'text' ? input.text : input.type === 'command' ? `/${input.command} ${input.words}` : '';
    const typed = said.trim().replace(/^\/(?:start|pair)(?:@\S+)?\s+/i, '');
    if (!looksLikeCode(typed)) return undefined;
    const now = ctx.clock.now();
    tries = tries.filter(({ at }) => now - at < STRANGER_EVERY_MS);
    const own = tries.filter(({ user }) => user === `${input.channel} ${input.user}`);
    if (own.length >= MOST_TRIES || tries.length >= MOST_TRIES_OF_ALL) return undefined;
    // One after the other: two people who come at the same moment are two.
    return inPeopleTurn(() => pair(input, typed, now));
  }

  async function pair(input: Input, typed: string, now: number): Promise<Answer | undefined> {
    const offer = offerOf(ctx.journal.state.chat, typed, now);
    if (offer === undefined) {
      tries.push({ user: `${input.channel} ${input.user}`, at: now });
      return undefined;
    }
    const known = personAt(ctx.journal.state.chat, input.channel, input.user);
    if (known !== undefined && offer.role !== 'owner' && isOnlyOwner(ctx.journal.state.chat, known))
      return {
        messages: [
          { rich: rich(`You are the only owner, and stay it. This code makes somebody ${offer.role}: pass it on.`) },
        ],
      };
    const id = `p${ctx.journal.state.chat.lastPerson + 1}`;
    const { channel, user, chat } = input;
    const name = ctx.redact(input.name.slice(0, 64));
    const data = { id, role: offer.role, channel, user, name, chat, hash: offer.hash };
    await ctx.journal.append({ type: 'person.paired', data, actor: actorOf(input) });
    const words = `You are ${offer.role} here. /help lists what you can do, /today shows the day.`;
    return { messages: [{ rich: rich(line(words)) }] };
  }

  /** One sentence, seldom, and a note in the journal. A code that is over is not told apart from nonsense. */
  async function stranger(input: Input): Promise<Answer> {
    const now = ctx.clock.now();
    if (now - (strangers.get(input.user) ?? -Infinity) < STRANGER_EVERY_MS) return nothing;
    if (strangers.size > 10_000) strangers.clear();
    strangers.set(input.user, now);
    const answered = input.private;
    const { channel, user, chat } = input;
    await ctx.journal.append({ type: 'stranger.seen', data: { channel, user, chat, answered } });
    if (!answered) return nothing;
    return { toast: NEUTRAL, messages: input.type === 'tap' ? [] : [{ rich: rich(NEUTRAL) }] };
  }

  function callOf(input: Input, person: PersonState, platform: Platform): Call {
    const sign = (action: Parameters<typeof encodeAction>[0]) => encodeAction(action, ctx.secret);
    const call = { ...ctx, by: actorOf(input, person), person, input, platform, outbox, sign };
    return {
      ...call,
      may: (right) => may(person, right),
      answer: (item, words, question, options) => answerItem(call, item, words, question, options),
    };
  }

  async function heard(input: Input, person: PersonState, platform: Platform): Promise<Answer> {
    if (!allowed(input)) return nothing;
    const call = callOf(input, person, platform);
    switch (input.type) {
      case 'tap': {
        const action = tapped(input);
        if (action === undefined) return { toast: 'This button is not known any more.', messages: [] };
        const answer = await act(call, action);
        await removeTwin(input, action, platform);
        return answer;
      }
      case 'form': {
        const action = decodeAction(input.data, ctx.secret);
        return action === undefined
          ? { toast: 'This form is not known any more.', messages: [] }
          : sent(call, action, input.text);
      }
      case 'command':
        return heardCommand(call, input);
      case 'text':
        return heardText(call, input);
    }
  }

  /** What a button or a menu stands for. */
  function tapped({ data, picked }: Input & { type: 'tap' }): Action | undefined {
    const action = decodeAction(data, ctx.secret);
    if (picked === undefined || action?.do !== 'mark') return action;
    const bits = picked.flatMap((one) => {
      const chosen = decodeAction(one, ctx.secret);
      const isSame = chosen?.do === 'mark' && chosen.item === action.item && chosen.question === action.question;
      return isSame ? [chosen.marked] : [];
    });
    return { ...action, marked: [...new Set(bits)].reduce((sum, bit) => sum + bit, 0) };
  }

  /** A card that arrived twice (its receipt was lost): the one that nobody edits goes when it is tapped. */
  async function removeTwin(input: Input & { type: 'tap' }, action: Action, platform: Platform): Promise<void> {
    if (!('item' in action)) return;
    const { channel, chat, message } = input;
    const slotOf = () => ctx.journal.state.chat.slots[slotName({ channel, chat }, `item:${action.item}`)];
    if (slotOf()?.messages.includes(message) === true) return;
    await outbox.settled(channel);
    const slot = slotOf();
    if (slot === undefined || slot.messages.includes(message)) return;
    await platform
      .remove(slot.place, message)
      .catch((error: unknown) => ctx.log(`${channel}: ${ctx.redact(messageOf(error))}`));
  }

  /** Groups and servers that config does not name are deaf to everybody, paired or not. */
  function allowed(input: Origin): boolean {
    const { telegram, discord } = ctx.home.config.chat;
    if (input.private) return true;
    if (input.channel === 'telegram')
      return [...telegram.chats, ...Object.values(telegram.projects)].includes(input.chat);
    const named = [...discord.channels, ...Object.values(discord.projects)];
    if (named.includes(input.chat)) return true;
    return input.server !== undefined && discord.servers.includes(input.server) && discord.channels.length === 0;
  }

  function formFor(input: Input): Form | undefined {
    const known = person(input);
    if (input.type !== 'tap' || known === undefined) return undefined;
    const action = decodeAction(input.data, ctx.secret);
    return action === undefined ? undefined : formOf(ctx, known, action, input.data);
  }

  function person(origin: Origin): PersonState | undefined {
    return allowed(origin) ? personAt(ctx.journal.state.chat, origin.channel, origin.user) : undefined;
  }

  return { receive, formFor, person };
}

/** Who speaks, from where, by which input. */
function actorOf(input: Input, person?: PersonState): Actor {
  return {
    kind: 'person',
    id: person?.name ?? input.user,
    via: input.channel,
    ref: `${input.channel}:${input.id}`,
  };
}
