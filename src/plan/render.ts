import { createColors } from 'picocolors';
import { count, duration, oneLine, usd } from '../base/index.ts';
import { WEB_SEARCH } from '../egress/index.ts';
import type { OnQuestion } from '../journal/index.ts';
import type { PlanView, ProjectFacts, TaskView } from './view.ts';

/** A day before it runs, for a terminal. */
export function renderPlan(view: PlanView, options: { columns: number; color: boolean }): string {
  const colors = createColors(options.color);
  const width = Math.max(40, Math.min(options.columns, 120));
  const fold = (text: string, indent: string) => wrap(text, width, indent);
  const lines = [
    colors.bold(`${view.date}  ${oneLine(view.file)}`),
    ...fold(`${summary(view)}.`, ''),
    ...fold(`Pays: ${oneLine(view.payer)}.`, ''),
    ...fold(`${budget(view)}.`, ''),
    ...(view.tasks.length === 0 ? [] : fold(`${forecast(view)}.`, '')),
    ...(view.tasks.length === 0 ? [] : fold(`Limits of each agent: ${view.limits}.`, '')),
  ];
  if (view.warnings.length > 0) lines.push('', colors.bold('Warnings'));
  for (const warning of view.warnings) {
    lines.push(...wrap(`! ${oneLine(warning)}`, width - 2, '  ').map((line) => `  ${colors.yellow(line)}`));
  }
  if (view.backlog !== undefined) {
    const { tasks, until } = view.backlog;
    const names = tasks.length > 5 ? `${tasks.slice(0, 5).join(', ')} …` : tasks.join(', ');
    lines.push(
      '',
      ...fold(
        `Backlog: ${count(tasks.length, 'task')} (${names}), taken until ${until} while slots and budget are free.`,
        '',
      ),
    );
  }
  if (view.tasks.length === 0) return `${lines.join('\n')}\n`;
  lines.push('', colors.bold('Order'), ...orderTable(view, width));
  lines.push('', colors.bold('What each task may do'));
  const row = ([label, text]: Row) => wrap(`    ${label.padEnd(9)} ${oneLine(text)}`, width, '              ');
  const { shared, own } = rowsOf(view);
  if (shared.length > 0) lines.push('  each of them', ...shared.flatMap(row));
  for (const task of view.tasks) {
    lines.push(...fold(`  ${task.id}  ${place(task, view.projects[task.project])}`, '    '));
    lines.push(...(own.get(task) ?? []).flatMap(row));
  }
  return `${lines.join('\n')}\n`;
}

type Row = [label: string, text: string];

/** What there is to say of each task; what holds for all of several is said once. */
function rowsOf(view: PlanView): { shared: Row[]; own: Map<TaskView, Row[]> } {
  const several = view.tasks.length > 1;
  const all = view.tasks.map((task) => [...likely(task, view), ...facts(task, view, several), ...learned(task)]);
  const times = new Map<string, number>();
  for (const rows of all) for (const name of new Set(rows.map(nameOf))) times.set(name, (times.get(name) ?? 0) + 1);
  const isShared = (row: Row) => several && times.get(nameOf(row)) === view.tasks.length;
  return {
    shared: (all[0] ?? []).filter(isShared),
    own: new Map(view.tasks.map((task, at) => [task, (all[at] ?? []).filter((row) => !isShared(row))])),
  };
}

const nameOf = ([label, text]: Row) => `${label}\0${text}`;

function summary(view: PlanView): string {
  const { estimate, tasks } = view;
  if (tasks.length === 0) return `No tasks: nothing will run · ${view.timezone}`;
  const chain = estimate.longest.tasks;
  const longest =
    chain.length < 2 ? '' : `; the longest chain is ${hours(estimate.longest.hours)}: ${chain.join(' -> ')}`;
  return (
    `${count(tasks.length, 'task')}, up to ${view.concurrency} at the same time · ${view.timezone}\n` +
    `Planned as ${hours(estimate.sum)} of work, done in about ${hours(estimate.wall)}${longest}`
  );
}

function budget(view: PlanView): string {
  const { dayUsd, alertPercent, tasksUsd } = view.budget;
  const tasks = tasksUsd === undefined ? '' : `; the tasks’ own limits add up to ${usd(tasksUsd)}`;
  return `Budget: ${usd(dayUsd)} for the day, told at ${alertPercent} %${tasks}`;
}

function forecast(view: PlanView): string {
  const { usd: likely, records } = view.forecast;
  const from =
    records === 0
      ? 'by a built-in table: no task of yours has ended yet'
      : `from ${count(records, 'task')} of yours${records < 10 ? ', which is little' : ''}`;
  const more = view.tasks.length > 1 ? '; more than its tasks added up, for some come much dearer than likely' : '';
  return `Likely cost: ${usd(likely.p50)}, in eight of ten cases under ${usd(likely.p80)} (${from}${more})`;
}

function orderTable(view: PlanView, width: number): string[] {
  const ids = Math.min(24, Math.max(...view.tasks.map(({ id }) => id.length)));
  const digits = String(view.tasks.length).length;
  return view.tasks.flatMap((task, index) => {
    const begins = task.beginsAfterHours === 0 ? 'at once' : `after ${hours(task.beginsAfterHours)}`;
    const head = `  ${String(index + 1).padStart(digits)}  ${cut(task.id, ids).padEnd(ids)}`;
    const figures = `${task.priority.padEnd(6)}  ${hours(task.hours).padEnd(5)}  ${begins.padEnd(11)}`;
    const needs = task.needs.length === 0 ? '' : `  needs ${task.needs.join(', ')}`;
    const room = Math.max(20, width - head.length - figures.length - 4);
    // The name gives way first: what a task waits for matters more here.
    const origin = task.origin === undefined ? '' : ` (${task.origin})`;
    const name = cut(oneLine(task.name), Math.max(10, room - needs.length - origin.length)) + origin;
    const what = cut(name + needs, room);
    const line = `${head}  ${figures}  ${what}`.trimEnd();
    if (line.length <= width) return [line];
    // A narrow terminal has a line for each.
    const indent = ' '.repeat(digits + 4);
    return [head.trimEnd(), `${indent}${figures}`.trimEnd(), `${indent}${cut(name + needs, width - indent.length)}`];
  });
}

function likely(task: TaskView, view: PlanView): Row[] {
  const known = view.forecast.tasks[task.id];
  if (known === undefined) return [];
  const { usd: money, minutes } = known;
  const time = `${duration(minutes.p50 * 60_000)} of work`;
  const upTo = duration(minutes.p80 * 60_000);
  const complex = view.forecast.records === 0 ? '' : complexityWords(task, known.complexity);
  return [
    ['likely', `${usd(money.p50)} and ${time}; in eight of ten cases under ${usd(money.p80)} and ${upTo}${complex}`],
  ];
}

/** What tasks like it turned out to be, beside what its file says. */
function complexityWords(task: TaskView, found: PlanView['forecast']['tasks'][string]['complexity']): string {
  if (found === undefined) return '';
  const { p50, p80 } = found;
  const most = p80 === p50 ? '' : `, at most ${p80} in eight of ten`;
  return `; complexity ${p50}${most}${p50 === task.complexity ? '' : ` (planned as ${task.complexity})`}`;
}

function learned({ lessons, context, contextAttached }: TaskView): Row[] {
  return [
    ...lessons.map((lesson): Row => ['learned', lesson]),
    ...context.map((file): Row => [contextAttached ? 'context' : 'context?', file]),
  ];
}

function place(task: TaskView, project: ProjectFacts | undefined): string {
  if (project === undefined) return `project ${task.project}`;
  if (project.kind === 'copy') return `project ${task.project}, a copy of ${project.path}`;
  const from =
    project.base ?? (project.branch === undefined ? 'what is checked out' : `${project.branch}, as checked out`);
  return `project ${task.project}, ${project.path}, from ${from}`;
}

/** An entry of the list, and what a word among them stands for. */
function reached(entry: string, { clients }: PlanView): string {
  if (entry === WEB_SEARCH) return 'web searches of the model’s provider';
  const client = clients[entry];
  return client === undefined ? entry : `${entry} (${client.hosts.join(', ') || 'no host known'})`;
}

/** `several`: tasks are told by `TASK` where their names stand in a path. */
function facts(task: TaskView, view: PlanView, several: boolean): Row[] {
  const { may, limits } = task;
  const writes = several ? may.writes.map((path) => path.replace(`/${task.id}/`, '/TASK/')) : may.writes;
  const all: [string, string[]][] = [
    ['reads', task.contextFiles],
    ['setup', may.setup],
    ['delivers', task.deliverables],
    ['env', may.env],
  ];
  const given = all.filter(([, list]) => list.length > 0).map(([label, list]): Row => [label, list.join(' · ')]);
  const cost = limits.usd === undefined ? 'no cost limit of its own' : `at most ${usd(limits.usd)}`;
  const turns = limits.turns === undefined ? [] : [count(limits.turns, 'turn')];
  const model = task.model === undefined ? [] : [`model ${task.model}`];
  return [
    ['writes', `${writes.join(' and ')}, nothing else`],
    [
      'network',
      may.network.length === 0
        ? 'the model, nothing else'
        : `the model, and by the proxy ${may.network.map((entry) => reached(entry, view)).join(', ')}`,
    ],
    ...given,
    ...(may.guard.length === 0 ? [] : ([['guard', may.guard.join(' · ')]] as Row[])),
    ['checks', may.checks.length === 0 ? 'none' : may.checks.join(' · ')],
    ['asks', question(may.onQuestion)],
    [
      'limits',
      [cost, duration(limits.minutes * 60_000), ...turns, count(limits.retries, 'retry', 'retries'), ...model].join(
        ', ',
      ),
    ],
  ];
}

function question(policy: OnQuestion): string {
  switch (policy.mode) {
    case 'wait':
      return 'waits for your answer and keeps its slot';
    case 'park':
      return 'is parked until you answer; other tasks go on';
    case 'default':
      return `takes its first option if you have not answered after ${duration(policy.afterMinutes * 60_000)}`;
  }
}

function hours(value: number): string {
  return `${Math.round(value * 10) / 10} h`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

/** Breaks at spaces; a word longer than the line stays whole, so that a path or command can be copied. */
function wrap(text: string, width: number, indent: string): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    // Only the first of several spaces breaks: the rest is layout.
    for (const word of paragraph.split(/(?<=\S) /)) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = indent + word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}
