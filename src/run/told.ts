import type { ModelCall } from '../door/index.ts';
import type { EventData, ItemState, TaskState } from '../journal/index.ts';

/** By what a model call shows that it hands on a person's message: words of one line that stand nowhere else. */
export function messageMark(tell: { id: string }): string {
  return `[message ${tell.id.slice(0, 8)}]`;
}

/** A person's messages as the agent reads them, each with its mark. */
export function messagesText(tells: TaskState['tells']): string {
  return tells.map((tell) => `A message from the person you work for ${messageMark(tell)}:\n${tell.text}`).join('\n\n');
}

/** The same for a subagent, without marks: that it has them does not say that the agent itself does. */
export function subagentMessages(tells: TaskState['tells']): string {
  return `The person sent this to the agent that you work for, which gets it too:\n${tells.map(({ text }) => text).join('\n')}`;
}

/** By what a model call shows that it hands on a prompt with this item's answer. */
export function askedMark(item: Pick<ItemState, 'id'> & Partial<Pick<ItemState, 'kind' | 'source'>>): string {
  // A question of nobody's agent was asked by Dayshift, before there was one.
  if (item.kind === 'question' && item.source === 'daemon')
    return `The person was asked before you began (${item.id}):`;
  return `You asked (${item.id}):`;
}

/** By what a model call shows that it hands on the result of this tool call: an answer that a hook gave, a refusal. */
export function resultMark(toolUseId: string): string {
  return `"tool_use_id":${JSON.stringify(toolUseId)}`;
}

interface Handed {
  mark: string;
  told: () => Promise<unknown>;
  /** Calls that carried it and have no answer yet. */
  calls: Set<string>;
}

/** What was handed to an agent and has not reached its model yet. */
export interface Telling {
  /**
   * `told`, which writes that down and never rejects, is called once the model has answered a call whose body has `mark` in it. A call without it says nothing:
   * a subagent's, one for a title, one that was under way already.
   */
  once(mark: string, told: () => Promise<unknown>): void;
  /** Whether the model has it already, also while that is still being written down. */
  isTold(mark: string): boolean;
  /** Whether a subagent is handed this message for the first time. */
  isNewTo(agent: string, message: string): boolean;
  /** A model call goes out. */
  out(call: Pick<ModelCall, 'call' | 'carries'>): void;
  /** It is over. */
  settled(data: Pick<EventData<'model.settled'>, 'call' | 'message'>): void;
  /** The agent itself came to its end after all that it was handed: it has read it, whatever the CLI made of the marks. Resolves when that is written down. */
  all(): Promise<unknown>;
}

export function createTelling(): Telling {
  let handed: Handed[] = [];
  const heard = new Set<string>();
  const toldMarks = new Set<string>();
  let writing: Promise<unknown> = Promise.resolve();
  const finish = (done: (one: Handed) => boolean) => {
    const over = handed.filter(done);
    handed = handed.filter((one) => !over.includes(one));
    for (const { mark } of over) toldMarks.add(mark);
    writing = Promise.all([writing, ...over.map(({ told }) => told())]);
    return writing;
  };
  return {
    once(mark, told) {
      if (!toldMarks.has(mark) && !handed.some((one) => one.mark === mark))
        handed.push({ mark, told, calls: new Set() });
    },
    isTold: (mark) => toldMarks.has(mark),
    isNewTo(agent, message) {
      const key = `${agent} ${message}`;
      if (heard.has(key)) return false;
      heard.add(key);
      return true;
    },
    out(call) {
      for (const one of handed) if (call.carries(one.mark)) one.calls.add(call.call);
    },
    settled({ call, message }) {
      // Without an answer the CLI says it again, or a later attempt does.
      if (message !== undefined) void finish((one) => one.calls.has(call));
    },
    all: () => finish(() => true),
  };
}
