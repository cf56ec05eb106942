import { usd } from '../../../src/base/index.ts';
import { costOf, dayCostOf } from '../../../src/journal/index.ts';
import { readStars } from '../../../src/feedback/index.ts';
import { findTask, type FoundTask } from '../../../src/operator/index.ts';
import { taskRef } from '../actions.ts';
import type { Role } from '../../../src/journal/index.ts';
import { offerTask } from '../drafts.ts';
import type { Answer } from '../input.ts';
import { bold, code, line, rich } from '../rich/index.ts';
import { latestDay } from './day.ts';
import type { Call, Command } from './types.ts';
import { firstWord, missing, said, taskAndRest } from './words.ts';

/** Commands that change something: each is one operator call. */
export const work: readonly Command[] = [
  {
    name: 'start',
    summary: 'begin a day now, or go on with it',
    takes: '[day]',
    completes: 'day',
    right: 'work',
    run: async (call, words) =>
      said(await call.operator.start(words === '' ? {} : { target: words.toLowerCase() }, call.by)),
  },
  halting('pause', 'pause a task, or the day'),
  halting('resume', 'go on with a paused task, or the day'),
  { ...halting('stop', 'end a task; without a task: the whole day, after a second tap'), run: stop },
  {
    name: 'add',
    summary: 'make a task of a sentence',
    takes: '<what is to be done>',
    right: 'work',
    run: async (call, words) =>
      words === '' ? missing('/add Link the new page from the README') : { messages: [await offerTask(call, words)] },
  },
  {
    name: 'tell',
    summary: 'say something to a task’s agent',
    takes: '<task> <text>',
    completes: 'task',
    right: 'work',
    run: async (call, words) => {
      const [task, text] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined || text === '') return missing(`/tell ${task ?? 'TASK'} your words`);
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
      return said(await call.answer(item.toLowerCase(), text));
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
      if (task === undefined) return missing('/retry TASK a hint');
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
      return task === undefined ? missing('/apply TASK') : said(await call.operator.apply({ task }, call.by));
    },
  },
  {
    name: 'commit',
    summary: 'make a commit of a task’s work on your branch, by you',
    takes: '<task> [message]',
    completes: 'task',
    right: 'change',
    run: async (call, words) => {
      const [task, message] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined) return missing('/commit TASK the message');
      return said(await call.operator.commit({ task, ...(message === '' ? {} : { message }) }, call.by));
    },
  },
  {
    name: 'branch',
    summary: 'make a branch of a task’s work; your checkout stays as it is',
    takes: '<task> [name]',
    completes: 'task',
    right: 'change',
    run: async (call, words) => {
      const [task, name] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined) return missing('/branch TASK');
      return said(await call.operator.branch({ task, ...(name === '' ? {} : { name }) }, call.by));
    },
  },
  {
    name: 'pr',
    summary: 'open a pull request for a task’s work, with gh',
    takes: '<task> [title and text]',
    completes: 'task',
    right: 'change',
    run: async (call, words) => {
      const [task, message] = taskAndRest(call.journal.state, call.input, words);
      if (task === undefined) return missing('/pr TASK');
      return said(await call.operator.pr({ task, ...(message === '' ? {} : { message }) }, call.by));
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
      if (task === undefined) return missing('/rollback TASK c1');
      if (call.input.type !== 'tap')
        return askToRollBack(call, findTask(call.journal.state, task), firstWord(checkpoint)[0]);
      return said(await call.operator.rollback({ task, ...(checkpoint === '' ? {} : { checkpoint }) }, call.by));
    },
  },
  {
    name: 'budget',
    summary: 'what is spent of what; with an amount: the new limit',
    takes: '[task] [amount]',
    completes: 'task',
    right: 'look',
    run: budget,
  },
  {
    name: 'rate',
    summary: 'say what you think of a task’s work: stars, then words',
    takes: '<task> <0-5> [words]',
    completes: 'task',
    right: 'work',
    run: async (call, words) => {
      const [task, rest] = taskAndRest(call.journal.state, call.input, words);
      const [stars, remark] = firstWord(rest);
      const read = readStars(stars);
      if (task === undefined || read?.rest.trim() !== '') return missing(`/rate ${task ?? 'TASK'} 4 what you think`);
      return said(await call.operator.rate({ task, stars: read.stars, ...(remark === '' ? {} : { remark }) }, call.by));
    },
  },
  {
    name: 'pair',
    summary: 'let somebody in: a code for ten minutes',
    takes: '[owner|operator|viewer]',
    right: 'people',
    run: async (call, words) => {
      if (!call.input.private)
        return said({ ok: false, message: 'A code is for one person: ask for it in a chat of your own.' });
      const role = (['owner', 'operator', 'viewer'] as const).find((one: Role) => one === words) ?? 'operator';
      const { messages } = said(await call.operator.pair({ role }, call.by));
      return { messages: messages.map((message) => ({ ...message, secret: true })) };
    },
  },
  {
    name: 'unpair',
    summary: 'let somebody speak no more',
    takes: '<person>',
    completes: 'person',
    right: 'people',
    run: async (call, words) =>
      words === '' ? missing('/unpair p2') : said(await call.operator.unpair({ person: words }, call.by)),
  },
];

function halting(name: 'pause' | 'resume' | 'stop', summary: string): Command {
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

/** The question before a task's checkout is taken back: its work leaves the checkout, and what was proven is not any more. */
export function askToRollBack(call: Call, { day, task, state }: FoundTask, checkpoint = ''): Answer {
  const to = state.checkpoints.find(({ id }) => id === checkpoint);
  if (checkpoint !== '' && to === undefined)
    return said({
      ok: false,
      message: `${task} has no checkpoint ${checkpoint}. It has: ${state.checkpoints.map(({ id, label }) => `${id} (${label})`).join(', ')}.`,
    });
  const ref = taskRef(day, task);
  const sure = call.clock.now();
  const data = call.sign({ do: 'task', verb: 'rollback', ref, sure, ...(to === undefined ? {} : { to: to.id }) });
  const where = to === undefined ? 'its start' : `${to.id} (${to.label})`;
  const taken =
    state.applied === undefined && state.commits === undefined ? '' : ' What you took over of it stays with you.';
  return {
    messages: [
      {
        rich: rich(
          `Take ${task} back to ${where}? What is there now is kept as a checkpoint, and no longer proven.${taken}`,
        ),
        buttons: [[{ label: '⏪ Yes, roll it back', data, look: 'bad' }]],
      },
    ],
  };
}

/** A whole day is stopped by a second tap only. */
async function stop(call: Call, words: string): Promise<Answer> {
  const [task] = taskAndRest(call.journal.state, call.input, words);
  const named = task === undefined ? undefined : call.journal.state.days[task];
  const day = named ?? latestDay(call.journal.state);
  if ((task !== undefined && named === undefined) || day === undefined)
    return said(await call.operator.stop(task === undefined ? {} : { task }, call.by));
  return askToStop(call, day.date);
}

/** The question before a whole day is stopped. */
export function askToStop(call: Call, day: string): Answer {
  const data = call.sign({ do: 'day', verb: 'stop', day, sure: call.clock.now() });
  return {
    messages: [
      {
        rich: rich(`Stop all of ${day}? Its tasks end; their work is kept.`),
        buttons: [[{ label: '⏹ Yes, stop the day', data, look: 'bad' }]],
      },
    ],
  };
}

/** Without an amount it only looks; with one it is about money, and the owner's. */
async function budget(call: Call, words: string): Promise<Answer> {
  const amount = /(?:^|\s)\$?(\d+(?:[.,]\d{1,2})?)\s*\$?$/.exec(words);
  if (amount === null) return spent(call, words);
  if (!call.may('money'))
    return said({ ok: false, message: `You are ${call.person.role} here: you may not raise a budget.` });
  const task = words.slice(0, amount.index).trim();
  const usdAmount = Number(amount[1]?.replace(',', '.'));
  return said(await call.operator.budget({ usd: usdAmount, ...(task === '' ? {} : { task }) }, call.by));
}

function spent(call: Call, words: string): Answer {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name !== undefined) {
    const { task, state } = findTask(call.journal.state, name);
    const limit = state.limitUsd === undefined ? 'without a limit of its own' : `of ${usd(state.limitUsd)}`;
    return { messages: [{ rich: rich(line(code(task), ` ${usd(costOf(state))} ${limit}`)) }] };
  }
  const day = latestDay(call.journal.state);
  if (day === undefined) return said({ ok: true, message: 'No day is planned yet.' });
  const dearest = Object.values(day.tasks)
    .sort((a, b) => costOf(b) - costOf(a))
    .slice(0, 8);
  return {
    messages: [
      {
        rich: rich(
          line(bold(`💰 ${day.date}`), ` ${usd(dayCostOf(day))} of ${usd(day.limitUsd)} · paid by ${day.payer}`),
          ...dearest
            .filter((task) => costOf(task) > 0)
            .map((task) => line(code(task.spec.id), ` ${usd(costOf(task))}`)),
          call.may('money') ? line('/budget 80 changes the day’s, /budget task 5 a task’s.') : undefined,
        ),
      },
    ],
  };
}
