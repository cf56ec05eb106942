import type { JournalEvent } from './events.ts';
import type { ChatState, State } from './state.ts';

/** Inputs of a channel that are remembered: a server that lost our acknowledgement sends the last ones again. */
const REMEMBERED_INPUTS = 1000;

/**
 * What counts each time that it is done: an input that led to one of these is not seen to again, whatever became of
 * the rest. Everything else that an input leads to is harmless when it is done twice, and is done to its end.
 */
const ONCE = new Set<JournalEvent['type']>([
  'tell.sent',
  'item.answered',
  'item.drafted',
  'task.retried',
  'budget.raised',
  'workspace.rolled_back',
  'person.paired',
  'person.removed',
  'draft.used',
]);

/** Words that wait for a button. */
const REMEMBERED_DRAFTS = 200;

/** Second taps that are remembered: each is good for minutes. */
const REMEMBERED_BUTTONS = 200;

/** Nothing sent, nobody paired. */
export function emptyChat(): ChatState {
  return {
    people: {},
    lastPerson: 0,
    pairings: {},
    pending: {},
    slots: {},
    threads: {},
    drafts: {},
    told: 0,
    inputs: {},
  };
}

/** The name of a message that can be edited, in its chat. */
export function slotName(place: { channel: string; chat: string }, key: string): string {
  return `${place.channel}|${place.chat}|${key}`;
}

/** The name of a task's thread in a chat. */
export function threadName(place: { channel: string; chat: string }, day: string, task: string): string {
  return `${place.channel}|${place.chat}|${day}/${task}`;
}

/** Folds what concerns chats: who may speak, what was sent, what was heard. */
export function foldChat(state: State, event: JournalEvent): void {
  const { chat } = state;
  if (event.actor.ref !== undefined && ONCE.has(event.type)) remember(chat, event.actor.ref, 'begun');
  switch (event.type) {
    case 'day.started':
      forgetOld(state, Date.parse(event.at));
      break;
    case 'pairing.offered':
      chat.pairings[event.data.hash] = { role: event.data.role, until: event.data.until };
      break;
    case 'person.paired': {
      const { hash, ...person } = event.data;
      if (chat.pairings[hash] === undefined) break;
      delete chat.pairings[hash];
      for (const other of Object.values(chat.people)) {
        if (other.channel === person.channel && other.user === person.user) delete chat.people[other.id];
      }
      chat.people[person.id] = { ...person, at: event.at };
      chat.lastPerson = Math.max(chat.lastPerson, Number(person.id.slice(1)) || 0);
      // What happened before somebody was there is no news; what happens from now on is told, also after a kill.
      if (chat.told === 0) chat.told = event.seq;
      break;
    }
    case 'person.removed':
      foldLeft(chat, event.data.id);
      break;
    case 'input.handled':
      remember(chat, `${event.data.channel}:${event.data.id}`, 'handled');
      break;
    case 'draft.made': {
      chat.drafts[event.data.id] = event.data.text;
      const known = Object.keys(chat.drafts);
      if (event.data.files !== undefined) chat.draftFiles = { ...chat.draftFiles, [event.data.id]: event.data.files };
      for (const old of known.slice(0, Math.max(0, known.length - REMEMBERED_DRAFTS))) forgetDraft(chat, old);
      break;
    }
    case 'draft.used':
      forgetDraft(chat, event.data.id);
      break;
    case 'button.used': {
      const { button, input } = event.data;
      const latest = Object.entries(chat.buttons ?? {}).slice(1 - REMEMBERED_BUTTONS);
      chat.buttons = { ...Object.fromEntries(latest), [button]: input };
      break;
    }
    case 'button.freed': {
      const { button } = event.data;
      chat.buttons = Object.fromEntries(Object.entries(chat.buttons ?? {}).filter(([one]) => one !== button));
      break;
    }
    case 'message.intended':
      chat.told = Math.max(chat.told, event.data.cause ?? 0);
      chat.pending[event.data.id] = {
        ...event.data,
        at: event.at,
        ...(event.day === undefined ? {} : { day: event.day }),
        ...(event.task === undefined ? {} : { task: event.task }),
      };
      break;
    case 'message.sent': {
      const message = chat.pending[event.data.id];
      delete chat.pending[event.data.id];
      if (message?.key === undefined) break;
      const { id, place, key, content, day, task } = message;
      chat.slots[slotName(place, key)] = {
        id,
        place: event.data.thread === undefined ? place : { ...place, thread: event.data.thread },
        key,
        content,
        messages: event.data.messages,
        at: event.at,
        ...(event.data.mark === undefined ? {} : { mark: event.data.mark }),
        ...(day === undefined ? {} : { day }),
        ...(task === undefined ? {} : { task }),
      };
      break;
    }
    case 'message.edited': {
      const slot = chat.slots[event.data.slot];
      if (slot !== undefined) slot.mark = event.data.mark;
      if (slot !== undefined && event.data.messages !== undefined) slot.messages = event.data.messages;
      break;
    }
    case 'message.failed': {
      const message = chat.pending[event.data.id];
      if (message === undefined) break;
      if (event.data.final) delete chat.pending[event.data.id];
      else message.failed = true;
      break;
    }
    case 'message.begun': {
      const message = chat.pending[event.data.id];
      if (message !== undefined) message.sent = event.data.messages;
      break;
    }
    case 'message.fell_back': {
      const message = chat.pending[event.data.id];
      if (message !== undefined) message.fellBack = true;
      break;
    }
    case 'message.dropped':
      delete chat.pending[event.data.id];
      break;
    case 'thread.opened':
      if (event.day !== undefined && event.task !== undefined) {
        chat.threads[threadName(event.data, event.day, event.task)] = event.data.thread;
      }
      break;
    default:
      break;
  }
}

/** Messages that can be edited are remembered so long, in ms, when what they show is over; threads of tasks so long. */
const SLOTS_MS = 7 * 24 * 3_600_000;
const THREADS_MS = 30 * 24 * 3_600_000;

/** What nobody will edit or reply to any more: else each event would look through the cards of years. */
function forgetOld({ chat, items, days }: State, now: number): void {
  for (const [name, { at, content }] of Object.entries(chat.slots)) {
    if (!(now - Date.parse(at) > SLOTS_MS)) continue;
    if (content.kind === 'item' && items[content.item]?.status === 'open') continue;
    if (content.kind === 'day' && days[content.day]?.status !== 'reported') continue;
    delete chat.slots[name];
  }
  for (const name of Object.keys(chat.threads)) {
    const day = name.slice(name.lastIndexOf('|') + 1).slice(0, 10);
    if (now - Date.parse(day) > THREADS_MS && days[day]?.status !== 'running') delete chat.threads[name];
  }
}

/** Somebody is let in no more: what stands in their chat is left as it is, and what was to go there stays away. */
function foldLeft(chat: ChatState, id: string): void {
  const left = chat.people[id];
  delete chat.people[id];
  if (left === undefined) return;
  const isTheirs = ({ place }: { place: { channel: string; chat: string } }) =>
    place.channel === left.channel && place.chat === left.chat;
  if (Object.values(chat.people).some((other) => isTheirs({ place: other }))) return;
  for (const [name, message] of Object.entries(chat.pending)) if (isTheirs(message)) delete chat.pending[name];
  for (const [name, slot] of Object.entries(chat.slots)) if (isTheirs(slot)) delete chat.slots[name];
}

function forgetDraft(chat: ChatState, id: string): void {
  delete chat.drafts[id];
  delete chat.draftFiles?.[id];
}

function remember(chat: ChatState, ref: string, how: 'begun' | 'handled'): void {
  const channel = ref.slice(0, ref.indexOf(':'));
  const inputs = (chat.inputs[channel] ??= {});
  const id = ref.slice(channel.length + 1);
  inputs[id] = how;
  const known = Object.keys(inputs);
  if (known.length > REMEMBERED_INPUTS * 2) {
    for (const old of known.slice(0, known.length - REMEMBERED_INPUTS)) delete inputs[old];
  }
}
