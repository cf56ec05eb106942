import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutStart, hasCode } from '../../../src/base/index.ts';
import { diagnose } from '../../../src/doctor/index.ts';
import { formatProblem } from '../../../src/document/index.ts';
import { correctionOf } from '../../../src/learn/index.ts';
import { loadPlan, timezoneOf } from '../../../src/home/index.ts';
import { readEvents, type JournalEvent } from '../../../src/journal/index.ts';
import { namesDay } from '../../../src/plan/index.ts';
import { findTask } from '../../../src/operator/index.ts';
import { dayForecast } from '../../../src/budget/index.ts';
import { payerOf, upstreamFromEnv } from '../../../src/door/index.ts';
import { dayCard } from '../cards/day.ts';
import { planCard } from '../cards/plan.ts';
import { taskCard } from '../cards/task.ts';
import { reportMessage } from '../compose.ts';
import type { Answer } from '../input.ts';
import { bold, code, line, paragraphs, pre, rich } from '../rich/index.ts';
import { latestDay } from './day.ts';
import { diffMessage } from './diff.ts';
import { showInbox } from './inbox.ts';
import { showSchedule } from './schedule.ts';
import { logLines } from './task-log.ts';
import type { Call, Command } from './types.ts';
import { missing, said, taskAndRest } from './words.ts';

/** Commands that only look. */
export const look: readonly Command[] = [
  { name: 'today', summary: 'the day’s card', takes: '', right: 'look', run: (call) => Promise.resolve(today(call)) },
  {
    ...{ name: 'status', summary: 'how a task stands; without a task: the day', takes: '[task]' },
    ...{ completes: 'task', right: 'look', run: (call, words) => Promise.resolve(status(call, words)) },
  },
  { name: 'plan', summary: 'a day before it runs', takes: '[day]', completes: 'day', right: 'look', run: plan },
  { name: 'inbox', summary: 'what waits for you', takes: '', right: 'look', run: (call) => showInbox(call, 0) },
  { name: 'diff', summary: 'what a task changed', takes: '<task>', completes: 'task', right: 'look', run: diff },
  { name: 'log', summary: 'the end of a task’s log', takes: '<task>', completes: 'task', right: 'look', run: log },
  { name: 'report', summary: 'the report of a day', takes: '[day]', completes: 'day', right: 'look', run: report },
  {
    ...{ name: 'schedule', summary: 'what happens by itself, and when', takes: '', right: 'look' },
    run: (call) => Promise.resolve(showSchedule(call)),
  },
  { name: 'who', summary: 'who may speak here', takes: '', right: 'look', run: (call) => Promise.resolve(who(call)) },
  { name: 'doctor', summary: 'whether this machine has what a day needs', takes: '', right: 'look', run: doctor },
];

function today(call: Call): Answer {
  const day = latestDay(call.journal.state);
  if (day === undefined)
    return said({ ok: true, message: 'No day has begun yet. /plan shows today’s, /start begins it.' });
  return { messages: [dayCard(call.journal.state, day, call.clock.now(), call.sign)] };
}

function status(call: Call, words: string): Answer {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name === undefined) return today(call);
  const { day, state } = findTask(call.journal.state, name);
  return { messages: [taskCard(day, state, call.sign, call.may)] };
}

async function plan(call: Call, words: string): Promise<Answer> {
  const day = words === '' ? 'today' : words.toLowerCase();
  // Never a file: what is wrong with it would be told here, whatever file it is.
  if (!namesDay(day)) return missing('/plan, /plan tomorrow or /plan 2026-11-24');
  const found = await loadPlan(day, call.home, new Date(call.clock.now()));
  const problems = found.problems.map((problem) => call.redact(formatProblem(problem)));
  if (found.plan === undefined)
    return { messages: [{ rich: rich(line(bold(`${found.file} cannot run`)), pre(problems.join('\n'))) }] };
  const { history, days } = call.journal.state;
  const about = {
    forecast: dayForecast(history, found.plan.tasks, (task) => correctionOf(call.journal.state, task)),
    payer: payerOf(upstreamFromEnv(call.env), call.env),
    remarks: problems,
    started: ['running', 'paused'].includes(days[found.plan.date]?.status ?? ''),
  };
  return { messages: [planCard(found.plan, about, call.sign)] };
}

async function diff(call: Call, words: string): Promise<Answer> {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name === undefined) return missing('/diff task');
  const { day, task, state } = findTask(call.journal.state, name);
  if (state.work === undefined) return said({ ok: false, message: `${task} has no measured work yet.` });
  const patch = await textOf(join(call.home.paths.results, day, `${task}.patch`));
  return { messages: [diffMessage(day, state, call.redact(patch ?? ''), call.sign)] };
}

async function log(call: Call, words: string): Promise<Answer> {
  const [name] = taskAndRest(call.journal.state, call.input, words);
  if (name === undefined) return missing('/log task');
  const { day, task } = findTask(call.journal.state, name);
  const events: JournalEvent[] = [];
  for await (const event of readEvents(call.home.paths.journal, { day })) if (event.task === task) events.push(event);
  const lines = logLines(events, timezoneOf(call.home));
  const raw = call.redact((await textOf(join(call.home.paths.workspaces, day, task, 'agent.log'))) ?? '');
  if (lines.length === 0 && raw === '') return said({ ok: false, message: `${task} has no log yet.` });
  // All that it did, as its program wrote it down.
  const file = { name: `${task}.log`, bytes: Buffer.from(cutStart(raw, 5_000_000)), as: 'document' as const };
  return {
    messages: [
      { rich: rich(line(bold(task), ' · the end of its log'), ...lines), ...(raw === '' ? {} : { files: [file] }) },
    ],
  };
}

async function report(call: Call, words: string): Promise<Answer> {
  const date = words === '' ? latestDay(call.journal.state)?.date : words;
  const message =
    date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date)
      ? undefined
      : await reportMessage(call, call.platform, date);
  return message === undefined
    ? said({ ok: false, message: `There is nothing to report of ${date ?? 'any day'}.` })
    : { messages: [message] };
}

function who(call: Call): Answer {
  const people = Object.values(call.journal.state.chat.people);
  const lines = people.map(({ id, name, role, channel }) => line(code(id), ` ${name} · ${role} · ${channel}`));
  return { messages: [{ rich: rich(line(bold('Who may speak')), ...lines) }] };
}

async function doctor(call: Call): Promise<Answer> {
  const findings = await diagnose({ env: call.env, home: call.home.paths, config: call.home.config });
  const marks = { ok: '✅', warn: '⚠️', fail: '❌' };
  const lines = findings
    .filter(({ ok }) => ok !== 'ok')
    .flatMap(({ name, ok, found, remedy }) => [
      line(`${marks[ok]} `, bold(name), ` ${found}`),
      ...(remedy === undefined ? [] : paragraphs(`→ ${remedy}`)),
    ]);
  const fine = findings.filter(({ ok }) => ok === 'ok').map(({ name }) => name);
  return { messages: [{ rich: rich(...lines, line(`✅ ${fine.join(', ')}`)) }] };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
