import { firstWord, said } from './words.ts';
import type { Call, Command } from './types.ts';

const verbs = ['list', 'show', 'why', 'accept', 'try', 'edit', 'retire', 'undo'] as const;

/** What people say of the work, and what was learned from it. */
export const learn: readonly Command[] = [
  {
    name: 'lessons',
    summary: 'what was learned; show, accept, edit or retire one',
    takes: '[why|accept|try|edit|retire|undo] [l3] [words]',
    right: 'look',
    run: lessons,
  },
  {
    name: 'feedback',
    summary: 'read the feedback file, and show what is understood',
    takes: '[date]',
    completes: 'day',
    right: 'work',
    run: async (call, words) => said(await call.operator.feedback(words === '' ? {} : { date: words }, call.by)),
  },
];

async function lessons(call: Call, words: string) {
  const [first, rest] = firstWord(words);
  const verb = verbs.find((known) => known === first.toLowerCase());
  // `/lessons l3` shows it.
  const [id, text] = verb === undefined ? [first, ''] : firstWord(rest);
  const wanted = verb ?? (first === '' ? 'list' : 'show');
  if (!['list', 'show', 'why'].includes(wanted) && !call.may('work'))
    return said({ ok: false, message: `You are ${call.person.role} here: you may look at lessons.` });
  const input = { verb: wanted, ...(id === '' ? {} : { id }), ...(text === '' ? {} : { text }) };
  return said(await call.operator.lessons(input, call.by));
}
