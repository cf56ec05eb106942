import type { State } from '../../../src/journal/index.ts';
import type { Outcome } from '../../../src/operator/index.ts';
import type { Answer, Input } from '../input.ts';
import { paragraphs } from '../rich/index.ts';

/** An operator's sentence, with the CLI's commands in it as this chat's. */
export function said(outcome: Outcome): Answer {
  return { messages: [{ rich: paragraphs(chatWords(outcome.message)) }] };
}

/** `dayshift retry a --hint "…"` is `/retry a …` here. */
export function chatWords(text: string): string {
  return text
    .replace(/`dayshift (\w+)([^`]*)`/g, '/$1$2')
    .replace(
      /\bdayshift (diff|apply|commit|branch|pr|retry|resume|pause|stop|answer|tell|start|inbox|status|plan|report|lessons|rate|budget|schedule|doctor|rollback|add)\b/g,
      '/$1',
    )
    .replace(/ --hint "…"/g, ' …');
}

/** The first word, and what follows it. */
export function firstWord(words: string): [first: string, rest: string] {
  const [, first = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(words.trim()) ?? [];
  return [first, rest];
}

/** The task in whose thread this was said. */
export function threadTask(state: State, input: Input): string | undefined {
  if (input.thread === undefined) return undefined;
  const before = `${input.channel}|${input.chat}|`;
  for (const [name, thread] of Object.entries(state.chat.threads)) {
    if (thread === input.thread && name.startsWith(before)) return name.slice(before.length);
  }
  return undefined;
}

/** The task that is meant: the first word where it names one, else that of the thread. The rest is what is said. */
export function taskAndRest(state: State, input: Input, words: string): [task: string | undefined, rest: string] {
  const here = threadTask(state, input);
  const [first, rest] = firstWord(words);
  const known = Object.values(state.days).some((day) => Object.hasOwn(day.tasks, first.slice(first.indexOf('/') + 1)));
  if (known || here === undefined) return [first === '' ? undefined : first, rest];
  return [here, words];
}

/** What a command is told that was called without what it needs. */
export function missing(usage: string): Answer {
  return said({ ok: false, message: `Say it like this: ${usage}` });
}
