import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { daysLatestFirst, type State } from '../../src/journal/index.ts';

/** What a button does. Written into its data, signed: whatever else comes back is no button of ours. */
export type Action =
  /** Answers a question of an item with an option. */
  | { do: 'answer'; item: string; question: number; option: number }
  /** Marks or unmarks an option where several may be chosen; `marked` is what is marked afterwards, a bit each. */
  | { do: 'mark'; item: string; question: number; marked: number }
  /** The marked ones are the answer. */
  | { do: 'done'; item: string; question: number; marked: number }
  /** "Something else…": the answer is written. */
  | { do: 'write'; item: string; question: number }
  /** The context of an item. */
  | { do: 'more'; item: string }
  /** What a draft (words that were sent) is: an answer, a message to a task, a task. */
  | { do: 'use'; draft: string; as: Use; of?: string }
  /** Something about a task: `ref` is `taskRef`. `sure`: the second tap of two, and when it was asked for, in ms since the epoch. `to`: a checkpoint. */
  | { do: 'task'; verb: TaskVerb; ref: string; sure?: number; to?: string }
  /** Words of one's own for a commit of a task's work. */
  | { do: 'message'; verb: CommitVerb; ref: string }
  /** Stars for a task; none: words about it. */
  | { do: 'rate'; ref: string; stars: number }
  | { do: 'day'; verb: DayVerb; day: string; sure?: number }
  /** What waits, after so many. */
  | { do: 'inbox'; from?: number };

const taskVerbs = [
  'diff',
  'log',
  'apply',
  'rollback',
  'retry',
  'stop',
  'pause',
  'resume',
  'commit',
  'branch',
  'pr',
] as const;
const commitVerbs = ['commit', 'branch', 'pr'] as const;
const dayVerbs = ['start', 'pause', 'resume', 'stop', 'report', 'rate', 'refresh'] as const;
const uses = ['answer', 'tell', 'task', 'start', 'today', 'backlog', 'edit', 'forget'] as const;
type Use = (typeof uses)[number];
export type TaskVerb = (typeof taskVerbs)[number];
/** What writes into the person's repository: asked about first, with the message that it would have. */
export type CommitVerb = (typeof commitVerbs)[number];
type DayVerb = (typeof dayVerbs)[number];

export function isCommitVerb(verb: TaskVerb): verb is CommitVerb {
  return (commitVerbs as readonly string[]).includes(verb);
}

/** A task in eight letters: ids of tasks are longer than a button holds. */
export function taskRef(day: string, task: string): string {
  return createHash('sha256').update(`${day}/${task}`).digest('base64url').slice(0, 8);
}

/** The task behind a ref, the latest day first; undefined where it is gone. */
export function taskAt(state: State, ref: string): { day: string; task: string } | undefined {
  for (const day of daysLatestFirst(state)) {
    for (const task of Object.keys(state.days[day]?.tasks ?? {})) {
      if (taskRef(day, task) === ref) return { day, task };
    }
  }
  return undefined;
}

/** Length of the signature in the data: 48 bits, and each guess is a tap that is seen. */
const SIGNATURE = 8;

/** The data of a button: at most 64 bytes, and only ours. */
export function encodeAction(action: Action, secret: Uint8Array): string {
  const words = wordsOf(action);
  return `${words}.${signatureOf(words, secret)}`;
}

/** The action behind a button's data; undefined where the data is not ours. */
export function decodeAction(data: string, secret: Uint8Array): Action | undefined {
  const dot = data.lastIndexOf('.');
  const words = data.slice(0, dot);
  const given = Buffer.from(data.slice(dot + 1));
  const right = Buffer.from(signatureOf(words, secret));
  if (dot < 0 || given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  return actionOf(words.split('.'));
}

function signatureOf(words: string, secret: Uint8Array): string {
  return createHmac('sha256', secret).update(words).digest('base64url').slice(0, SIGNATURE);
}

function wordsOf(action: Action): string {
  switch (action.do) {
    case 'answer':
      return ['a', action.item, action.question, action.option].join('.');
    case 'mark':
      return ['m', action.item, action.question, action.marked.toString(36)].join('.');
    case 'done':
      return ['d', action.item, action.question, action.marked.toString(36)].join('.');
    case 'write':
      return ['w', action.item, action.question].join('.');
    case 'more':
      return ['c', action.item].join('.');
    case 'use':
      return ['u', action.draft, uses.indexOf(action.as), action.of ?? ''].join('.');
    case 'task':
      return [
        't',
        taskVerbs.indexOf(action.verb),
        action.ref,
        secondsOf(action.sure),
        ...(action.to === undefined ? [] : [action.to]),
      ].join('.');
    case 'message':
      return ['g', commitVerbs.indexOf(action.verb), action.ref].join('.');
    case 'rate':
      return ['r', action.ref, action.stars].join('.');
    case 'day':
      return ['y', dayVerbs.indexOf(action.verb), action.day, secondsOf(action.sure)].join('.');
    case 'inbox':
      return ['i', action.from ?? 0].join('.');
  }
}

/** In seconds, base 36: six letters. */
function secondsOf(sure: number | undefined): string {
  return sure === undefined ? '0' : Math.floor(sure / 1000).toString(36);
}

function sureOf(word: string): { sure?: number } {
  const seconds = Number.parseInt(word, 36);
  return seconds > 0 ? { sure: seconds * 1000 } : {};
}

function actionOf(words: string[]): Action | undefined {
  const [kind, a = '', b = '', c = '', d = ''] = words;
  const number = (text: string) => Number.parseInt(text, 10);
  switch (kind) {
    case 'a':
      return { do: 'answer', item: a, question: number(b), option: number(c) };
    case 'm':
      return { do: 'mark', item: a, question: number(b), marked: Number.parseInt(c, 36) };
    case 'd':
      return { do: 'done', item: a, question: number(b), marked: Number.parseInt(c, 36) };
    case 'w':
      return { do: 'write', item: a, question: number(b) };
    case 'c':
      return { do: 'more', item: a };
    case 'u': {
      const as = uses[number(b)];
      return as === undefined ? undefined : { do: 'use', draft: a, as, ...(c === '' ? {} : { of: c }) };
    }
    case 't': {
      const verb = taskVerbs[number(a)];
      return verb === undefined
        ? undefined
        : { do: 'task', verb, ref: b, ...sureOf(c), ...(d === '' ? {} : { to: d }) };
    }
    case 'g': {
      const verb = commitVerbs[number(a)];
      return verb === undefined ? undefined : { do: 'message', verb, ref: b };
    }
    case 'r':
      return { do: 'rate', ref: a, stars: number(b) };
    case 'y': {
      const verb = dayVerbs[number(a)];
      return verb === undefined ? undefined : { do: 'day', verb, day: b, ...sureOf(c) };
    }
    case 'i':
      return { do: 'inbox', ...(number(a) > 0 ? { from: number(a) } : {}) };
    default:
      return undefined;
  }
}
