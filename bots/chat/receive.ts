import { DayshiftError, messageOf } from '../../src/base/index.ts';
import type { Actor, ItemState, PersonState, SlotState } from '../../src/journal/index.ts';
import type { Outcome } from '../../src/operator/index.ts';
import { looksLikeCode, may, offerOf, personAt } from '../../src/people/index.ts';
import { decodeAction, encodeAction, taskAt, type Action } from './actions.ts';
import { buttonsOf, contextOf } from './cards/item.ts';
import { runCommand } from './commands/index.ts';
import type { ChatContext } from './context.ts';
import type { Answer, Form, Input } from './input.ts';
import type { Outbox } from './outbox.ts';
import type { Platform } from './platform.ts';
import { code, line, paragraphs, rich } from './rich/index.ts';

/** What strangers get: no word about what is here. */
const NEUTRAL = 'This bot is private.';
/** A stranger is answered once in so long, in ms. */
const STRANGER_EVERY_MS = 10 * 60_000;

const nothing: Answer = { messages: [] };

export interface Receiver {
  receive(input: Input, platform: Platform): Promise<Answer>;
  formFor(input: Input): Form | undefined;
}

/** What is done with somebody's input: who it is, what it means, what they may. Never throws: what fails is said. */
export function createReceiver(ctx: ChatContext, outbox: Outbox): Receiver {
  const strangers = new Map<string, number>();

  async function receive(input: Input, platform: Platform): Promise<Answer> {
    try {
      return await take(input, platform);
    } catch (error) {
      const hint = error instanceof DayshiftError && error.hint !== undefined ? ` → ${error.hint}` : '';
      const message = ctx.redact(`${messageOf(error)}${hint}`);
      if (!(error instanceof DayshiftError)) ctx.log(`${input.channel}: ${message}`);
      return { toast: message.slice(0, 180), messages: input.type === 'tap' ? [] : [{ rich: paragraphs(message) }] };
    }
  }

  async function take(input: Input, platform: Platform): Promise<Answer> {
    const { state } = ctx.journal;
    const seen = state.chat.inputs[input.channel]?.[input.id];
    if (seen === 'handled') return nothing;
    const person = personAt(state.chat, input.channel, input.user);
    const answer =
      (await pairing(input)) ?? (person === undefined ? await stranger(input) : await heard(input, person, platform));
    await ctx.journal.append({
      type: 'input.handled',
      data: { channel: input.channel, id: input.id },
      actor: actorOf(input),
    });
    return answer;
  }

  /** `/start CODE`, or the code alone: the first who sends it becomes what it says. */
  async function pairing(input: Input): Promise<Answer | undefined> {
    if (!input.private) return undefined;
    const said = input.type === 'text' ? input.text : input.type === 'command' ? `/${input.name} ${input.words}` : '';
    const typed = said.trim().replace(/^\/(?:start|pair)(?:@\S+)?\s+/i, '');
    if (!looksLikeCode(typed) || !allowed(input)) return undefined;
    const offer = offerOf(ctx.journal.state.chat, typed, ctx.clock.now());
    if (offer === undefined) return undefined;
    const id = `p${ctx.journal.state.chat.lastPerson + 1}`;
    const { channel, user, name, chat } = input;
    await ctx.journal.append({
      type: 'person.paired',
      data: { id, role: offer.role, channel, user, name: ctx.redact(name.slice(0, 64)), chat, hash: offer.hash },
      actor: actorOf(input),
    });
    const person = personAt(ctx.journal.state.chat, channel, user);
    if (person?.id !== id) return undefined;
    return {
      messages: [
        { rich: rich(line(`You are ${offer.role} here. /help lists what you can do, /today shows the day.`)) },
      ],
    };
  }

  /** One sentence, seldom, and a note in the journal. A code that is over is not told apart from nonsense. */
  async function stranger(input: Input): Promise<Answer> {
    const now = ctx.clock.now();
    const last = strangers.get(input.user) ?? -Infinity;
    const due = now - last >= STRANGER_EVERY_MS && input.private;
    if (now - last >= STRANGER_EVERY_MS) {
      if (strangers.size > 10_000) strangers.clear();
      strangers.set(input.user, now);
      await ctx.journal.append({
        type: 'stranger.seen',
        data: { channel: input.channel, user: input.user, chat: input.chat, answered: due },
      });
    }
    return due ? { messages: [{ rich: rich(NEUTRAL) }] } : nothing;
  }

  async function heard(input: Input, person: PersonState, platform: Platform): Promise<Answer> {
    if (!allowed(input)) return nothing;
    switch (input.type) {
      case 'tap':
        return tapped(input, person, platform);
      case 'form': {
        const action = decodeAction(input.data, ctx.secret);
        if (action?.do !== 'write') return { toast: 'This form is not known any more.', messages: [] };
        return said(await answer(input, person, action.item, input.text, action.question));
      }
      case 'command':
        return command(input, person, platform, input.name, input.words);
      case 'text':
        return text(input, person, platform);
    }
  }

  async function text(input: Input & { type: 'text' }, person: PersonState, platform: Platform): Promise<Answer> {
    const [, name, rest = ''] = /^\/([a-z_]+)(?:@\S+)?(?:\s+([\s\S]*))?$/i.exec(input.text.trim()) ?? [];
    if (name !== undefined) return command(input, person, platform, name.toLowerCase(), rest);
    const [, item, words] = /^(q\d+)[:\s]\s*([\s\S]+)$/i.exec(input.text.trim()) ?? [];
    if (item !== undefined && words !== undefined) return said(await answer(input, person, item.toLowerCase(), words));
    const about = input.replyTo === undefined ? undefined : repliedTo(input, input.replyTo);
    if (about !== undefined) return said(await answer(input, person, about.item, input.text, about.question));
    return {
      messages: [
        {
          rich: rich(
            line('Reply to a question to answer it, or write ', code('q7 your answer'), '. /help lists the commands.'),
          ),
        },
      ],
    };
  }

  /** The item that a message of ours is about: its card, or the request to write the answer. */
  function repliedTo(input: Input, message: string): { item: string; question?: number } | undefined {
    const slot = slotOf(input, message);
    if (slot?.content.kind === 'item') return { item: slot.content.item };
    const [, item, question] = /^ask:(q\d+):(\d+)/.exec(slot?.key ?? '') ?? [];
    return item === undefined ? undefined : { item, question: Number(question) };
  }

  function slotOf(input: Input, message: string): SlotState | undefined {
    return Object.values(ctx.journal.state.chat.slots).find(
      (one) => one.place.channel === input.channel && one.messages.includes(message) && one.place.chat === input.chat,
    );
  }

  async function tapped(input: Input & { type: 'tap' }, person: PersonState, platform: Platform): Promise<Answer> {
    const action = decodeAction(input.data, ctx.secret);
    if (action === undefined) return { toast: 'This button is not known any more.', messages: [] };
    return act(input, person, platform, action);
  }

  async function act(
    input: Input & { type: 'tap' },
    person: PersonState,
    platform: Platform,
    action: Action,
  ): Promise<Answer> {
    switch (action.do) {
      case 'answer': {
        const label = itemOf(action.item)?.questions[action.question]?.options[action.option]?.label;
        return toast(await answer(input, person, action.item, label ?? '', action.question));
      }
      case 'done': {
        const options = itemOf(action.item)?.questions[action.question]?.options ?? [];
        const labels = options.filter((_, index) => (action.marked & (1 << index)) !== 0).map((option) => option.label);
        if (labels.length === 0) return { toast: 'Nothing is marked yet.', messages: [] };
        return toast(await answer(input, person, action.item, labels.join(', '), action.question));
      }
      case 'mark': {
        const item = itemOf(action.item);
        if (item?.status !== 'open') return toast(await answer(input, person, action.item, '?', action.question));
        if (!may(person, 'work')) return refusal(person);
        const buttons = buttonsOf(
          item,
          action.question,
          platform.limits,
          (one) => encodeAction(one, ctx.secret),
          action.marked,
        );
        outbox.show(input, `item:${item.id}`, buttons);
        return nothing;
      }
      case 'write': {
        const item = itemOf(action.item);
        if (item?.status !== 'open') return toast(await answer(input, person, action.item, '?', action.question));
        if (!may(person, 'work')) return refusal(person);
        await outbox.post({
          place: {
            channel: input.channel,
            chat: input.chat,
            ...(input.thread === undefined ? {} : { thread: input.thread }),
          },
          key: `ask:${item.id}:${action.question}:${person.id}`,
          priority: 'reply',
          ask: true,
          content: { kind: 'text', rich: rich(line(`${item.id}: reply to this message with your answer.`)) },
        });
        return nothing;
      }
      case 'more': {
        const item = itemOf(action.item);
        return item === undefined ? { toast: 'It is gone.', messages: [] } : { messages: [contextOf(item)] };
      }
      case 'inbox':
        return command(input, person, platform, 'inbox', '');
      case 'day':
        return dayAction(input, person, platform, action);
      case 'task': {
        const found = taskAt(ctx.journal.state, action.ref);
        if (found === undefined) return { toast: 'This task is gone.', messages: [] };
        return command(input, person, platform, action.verb, `${found.day}/${found.task}`);
      }
      case 'use':
      case 'rate':
        return { toast: 'This button is not known any more.', messages: [] };
    }
  }

  async function dayAction(
    input: Input,
    person: PersonState,
    platform: Platform,
    action: Action & { do: 'day' },
  ): Promise<Answer> {
    if (action.verb === 'stop' && action.sure === true) {
      if (!may(person, 'work')) return refusal(person);
      return said(await ctx.operator.stop({}, actorOf(input, person)));
    }
    const about = action.verb === 'start' || action.verb === 'report' ? action.day : '';
    return command(input, person, platform, action.verb === 'refresh' ? 'today' : action.verb, about);
  }

  async function command(
    input: Input,
    person: PersonState,
    platform: Platform,
    name: string,
    words: string,
  ): Promise<Answer> {
    return runCommand(
      {
        ...ctx,
        by: actorOf(input, person),
        person,
        input,
        platform,
        outbox,
        sign: (one) => encodeAction(one, ctx.secret),
      },
      name,
      words.trim(),
    );
  }

  async function answer(
    input: Input,
    person: PersonState,
    id: string,
    words: string,
    question?: number,
  ): Promise<Outcome> {
    const item = itemOf(id);
    const right = item?.kind === 'budget' ? 'money' : 'work';
    if (!may(person, right)) return { ok: false, message: refusal(person).toast ?? '' };
    if (item?.status === 'open' && words === '') return { ok: false, message: `${id} has no such option.` };
    return ctx.operator.answer(
      { item: id, text: words, ...(question === undefined ? {} : { question }) },
      actorOf(input, person),
    );
  }

  function itemOf(id: string): ItemState | undefined {
    return Object.hasOwn(ctx.journal.state.items, id) ? ctx.journal.state.items[id] : undefined;
  }

  /** Groups and servers that config does not name are deaf to everybody, paired or not. */
  function allowed(input: Input): boolean {
    const { telegram, discord } = ctx.home.config.chat;
    if (input.private) return true;
    if (input.channel === 'telegram')
      return [...telegram.chats, ...Object.values(telegram.projects)].includes(input.chat);
    const server = input.server !== undefined && discord.servers.includes(input.server);
    const named = [...discord.channels, ...Object.values(discord.projects)];
    return named.includes(input.chat) || (server && discord.channels.length === 0);
  }

  function formFor(input: Input): Form | undefined {
    if (input.type !== 'tap') return undefined;
    const person = personAt(ctx.journal.state.chat, input.channel, input.user);
    const action = decodeAction(input.data, ctx.secret);
    if (person === undefined || action?.do !== 'write' || !may(person, 'work') || !allowed(input)) return undefined;
    const item = itemOf(action.item);
    const question = item?.questions[action.question];
    if (item?.status !== 'open' || question === undefined) return undefined;
    return { title: `Answer ${item.id}`, label: question.question.slice(0, 45), data: input.data };
  }

  return { receive, formFor };
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

/** What a viewer is told who wants to do more. */
function refusal(person: PersonState): Answer {
  const words = `You are ${person.role} here: you may not do that.`;
  return { toast: words, messages: [] };
}

function toast(outcome: Outcome): Answer {
  return { toast: outcome.message.slice(0, 180), messages: [] };
}

function said(outcome: Outcome): Answer {
  return { messages: [{ rich: paragraphs(outcome.message) }] };
}
