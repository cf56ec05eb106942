import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutStart, hasCode, oneLine } from '../../../src/base/index.ts';
import { openItems } from '../../../src/inbox/index.ts';
import { readEvents, type DayState, type State } from '../../../src/journal/index.ts';
import { findTask } from '../../../src/operator/index.ts';
import { reportOf } from '../../../src/report/index.ts';
import { dayCard } from '../cards/day.ts';
import { itemCard } from '../cards/item.ts';
import type { Answer, Message } from '../input.ts';
import { bold, code, italic, line, pre, rich } from '../rich/index.ts';
import type { Call, Command } from './types.ts';
import { missing, said, taskAndRest } from './words.ts';

/** Items that the inbox shows with their buttons; of the others it says how many. */
const MOST_ITEMS = 5;

/** Commands that only look. */
export const look: readonly Command[] = [
  { name: 'today', summary: 'the day’s card', takes: '', right: 'look', run: (call) => Promise.resolve(today(call)) },
  {
    name: 'status',
    summary: 'what each task is doing',
    takes: '[task]',
    completes: 'task',
    right: 'look',
    run: (call, words) => Promise.resolve(status(call, words)),
  },
  {
    name: 'inbox',
    summary: 'what waits for you',
    takes: '',
    right: 'look',
    run: (call) => Promise.resolve(inbox(call)),
  },
  {
    name: 'diff',
    summary: 'what a task changed, as a file',
    takes: '<task>',
    completes: 'task',
    right: 'look',
    run: diff,
  },
  { name: 'log', summary: 'the last of a task’s log', takes: '<task>', completes: 'task', right: 'look', run: log },
  { name: 'report', summary: 'the report of a day', takes: '[day]', completes: 'day', right: 'look', run: report },
  { name: 'who', summary: 'who may speak here', takes: '', right: 'look', run: (call) => Promise.resolve(who(call)) },
];

function latest(state: State): DayState | undefined {
  const days = Object.values(state.days).sort((a, b) => b.date.localeCompare(a.date));
  return days.find(({ status: now }) => now === 'running' || now === 'paused') ?? days[0];
}

function today(call: Call): Answer {
  const day = latest(call.journal.state);
  if (day === undefined) return said({ ok: true, message: 'No day is planned. /start begins today’s.' });
  return { messages: [dayCard(call.journal.state, day, call.clock.now(), call.sign)] };
}

function status(call: Call, words: string): Answer {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name === undefined) return today(call);
  const { day, task, state } = findTask(call.journal.state, name);
  return {
    messages: [
      {
        rich: rich(
          line(bold(`${day}/${task}`), ` · ${oneLine(state.spec.name)}`),
          line(`${state.status}${state.reason === undefined ? '' : `: ${oneLine(state.reason)}`}`),
          state.doing === undefined ? undefined : line('now: ', code(oneLine(state.doing).slice(0, 300))),
        ),
      },
    ],
  };
}

function inbox(call: Call): Answer {
  const open = openItems(call.journal.state);
  if (open.length === 0) return said({ ok: true, message: 'Nothing waits for you.' });
  const cards = open
    .slice(0, MOST_ITEMS)
    .map((item): Message => itemCard(call.journal.state, item, call.platform.limits, call.sign));
  const more = open.slice(MOST_ITEMS).map(({ id, task }) => line(bold(id), ` · ${task}`));
  return {
    messages:
      more.length === 0
        ? cards
        : [...cards, { rich: rich(line(italic(`${more.length} more:`)), ...more.slice(0, 50)) }],
  };
}

async function diff(call: Call, words: string): Promise<Answer> {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name === undefined) return missing('/diff task');
  const { day, task, state } = findTask(call.journal.state, name);
  const { work } = state;
  if (work === undefined) return said({ ok: false, message: `${task} has no measured work yet.` });
  const { stat } = work;
  const patch = await textOf(join(call.home.paths.results, day, `${task}.patch`));
  const shown = stat.paths.slice(0, 30).map((path) => `${path.status} ${path.path}`);
  return {
    messages: [
      {
        rich: rich(
          line(bold(task), `: ${stat.files} files, +${stat.insertions} −${stat.deletions}`),
          shown.length === 0 ? undefined : pre(shown.join('\n')),
        ),
        ...(patch === undefined || patch === ''
          ? {}
          : { files: [{ name: `${task}.patch`, bytes: Buffer.from(call.redact(patch)), as: 'document' as const }] }),
      },
    ],
  };
}

async function log(call: Call, words: string): Promise<Answer> {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name === undefined) return missing('/log task');
  const { day, task } = findTask(call.journal.state, name);
  const text = await textOf(join(call.home.paths.workspaces, day, task, 'agent.log'));
  if (text === undefined) return said({ ok: false, message: `${task} has no log yet.` });
  return {
    messages: [
      { rich: rich(line(bold(task), ' · the end of its log'), pre(call.redact(cutStart(text.trimEnd(), 3000)))) },
    ],
  };
}

async function report(call: Call, words: string): Promise<Answer> {
  const date = words === '' ? latest(call.journal.state)?.date : words;
  if (date === undefined || call.journal.state.days[date] === undefined)
    return said({ ok: false, message: `There is nothing to report of ${date ?? 'any day'}.` });
  const events = [];
  for await (const event of readEvents(call.home.paths.journal, { day: date })) events.push(event);
  const text = call.redact(reportOf(events, date));
  return {
    messages: [
      {
        rich: rich(line(bold(`📄 Report of ${date}`))),
        files: [{ name: `${date}-report.md`, bytes: Buffer.from(text), as: 'document' }],
      },
    ],
  };
}

function who(call: Call): Answer {
  const people = Object.values(call.journal.state.chat.people);
  return {
    messages: [
      {
        rich: rich(
          line(bold('Who may speak')),
          ...people.map(({ id, name, role, channel }) => line(code(id), ` ${name} · ${role} · ${channel}`)),
        ),
      },
    ],
  };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
