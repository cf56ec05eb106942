import type { Answer } from '../input.ts';
import { encodeAction } from '../actions.ts';
import { rich } from '../rich/index.ts';
import type { Call, Command } from './types.ts';
import { firstWord, missing, said, taskAndRest } from './words.ts';

type Verb = 'pause' | 'resume' | 'stop';

/** Commands that change something: each is one operator call. */
export const work: readonly Command[] = [
  halting('pause', 'pause a task, or the day'),
  halting('resume', 'go on with a paused task, or the day'),
  { ...halting('stop', 'end a task; without a task: the whole day, after a second tap'), run: stop },
  {
    name: 'tell',
    summary: 'say something to a task’s agent',
    takes: '<task> <text>',
    completes: 'task',
    right: 'work',
    run: async (call, words) => {
      const [task, text] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined || text === '') return missing('/tell task your words');
      return said(await call.operator.tell({ task, text }, call.by));
    },
  },
  {
    name: 'answer',
    summary: 'answer what waits',
    takes: '<item> <answer>',
    completes: 'item',
    right: 'work',
    run: async (call, words) => {
      const [item, text] = firstWord(words);
      if (item === '' || text === '') return missing('/answer q7 B');
      return said(await call.operator.answer({ item: item.toLowerCase(), text }, call.by));
    },
  },
  {
    name: 'retry',
    summary: 'give a task that ended another go',
    takes: '<task> [hint]',
    completes: 'task',
    right: 'work',
    run: async (call, words) => {
      const [task, hint] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined) return missing('/retry task a hint');
      return said(await call.operator.retry({ task, ...(hint === '' ? {} : { hint }) }, call.by));
    },
  },
  {
    name: 'apply',
    summary: 'put a task’s work into your checkout, unstaged',
    takes: '<task>',
    completes: 'task',
    right: 'change',
    run: async (call, words) => {
      const [task] = taskAndRest(call.journal.state, call.input, words);
      return task === undefined ? missing('/apply task') : said(await call.operator.apply({ task }, call.by));
    },
  },
  {
    name: 'rollback',
    summary: 'take a task’s checkout back to a checkpoint',
    takes: '<task> [checkpoint]',
    completes: 'task',
    right: 'change',
    run: async (call, words) => {
      const [task, checkpoint] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined) return missing('/rollback task c1');
      return said(await call.operator.rollback({ task, ...(checkpoint === '' ? {} : { checkpoint }) }, call.by));
    },
  },
];

function halting(name: Verb, summary: string): Command {
  return {
    name,
    summary,
    takes: '[task]',
    completes: 'task',
    right: 'work',
    run: async (call, words) => {
      const [task] = taskAndRest(call.journal.state, call.input, words);
      return said(await call.operator[name](task === undefined ? {} : { task }, call.by));
    },
  };
}

/** A whole day is stopped by a second tap only. */
async function stop(call: Call, words: string): Promise<Answer> {
  const [task] = taskAndRest(call.journal.state, call.input, words);
  if (task !== undefined) return said(await call.operator.stop({ task }, call.by));
  const [day] = Object.keys(call.journal.state.days).sort().reverse();
  if (day === undefined) return said(await call.operator.stop({}, call.by));
  const data = encodeAction({ do: 'day', verb: 'stop', day, sure: true }, call.secret);
  return {
    messages: [
      {
        rich: rich(`Stop all of ${day}? Its tasks end; their work is kept.`),
        buttons: [[{ label: '⏹ Yes, stop the day', data, look: 'bad' }]],
      },
    ],
  };
}
