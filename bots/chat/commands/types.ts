import type { Actor, PersonState } from '../../../src/journal/index.ts';
import type { Outcome } from '../../../src/operator/index.ts';
import type { Right } from '../../../src/people/index.ts';
import type { Action } from '../actions.ts';
import type { ChatContext } from '../context.ts';
import type { Answer, Input } from '../input.ts';
import type { Outbox } from '../outbox.ts';
import type { Platform } from '../platform.ts';

/** Somebody who may speak did something: who, where, by which input, and what the core can do about it. */
export interface Call extends ChatContext {
  by: Actor;
  person: PersonState;
  input: Input;
  platform: Platform;
  outbox: Outbox;
  sign: (action: Action) => string;
  may: (right: Right) => boolean;
  /** Answers an item, where the person may; with options that were tapped in place of words. */
  answer: (item: string, words: string, question?: number, options?: readonly number[]) => Promise<Outcome>;
}

export interface Command {
  name: string;
  /** For menus: what it does, at most 80 characters. */
  summary: string;
  /** What follows it: `<task>` is asked for, `[task]` may be left out. The first word can be completed. */
  takes: string;
  completes?: 'task' | 'item' | 'day' | 'person';
  right: Right;
  run: (call: Call, words: string) => Promise<Answer>;
}
