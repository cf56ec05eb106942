import { count, usd } from '../base/index.ts';
import { kindNames, letterOf } from '../inbox/index.ts';
import { proofNote } from './figures.ts';
import { firstScreen } from './first-screen.ts';
import { strangersOf } from './network.ts';
import { code, inline, sentence } from './markdown.ts';
import { questionLines, taskPage } from './task-page.ts';
import { dayClock, longDate, span, type DayClock } from './time.ts';
import { totalRows } from './totals.ts';
import type { DayFacts, Outcome, QuestionFacts, TaskFacts } from './types.ts';
import { violationsOf } from './violations.ts';
import { neverBegun, noSandbox, outcomes, planOfFile } from './words.ts';

/** The whole page. */
export function dayPage(facts: DayFacts): string {
  const clock = dayClock(facts.date, facts.timezone);
  const lines = [
    `# Dayshift report: ${inline(longDate(facts.date), 60)}`,
    '',
    ...opening(facts, clock),
    ...(facts.tasks.length === 0
      ? []
      : [...totals(facts, clock), ...asked(facts, clock), ...overview(facts), ...details(facts, clock)]),
    ...list(
      'Could not be delivered',
      facts.undelivered.map(({ at, what, why }) => `${clock.at(at)}: ${inline(what)}: ${inline(why)}`),
    ),
    ...list(
      'Warnings',
      facts.warnings.map((warning) => sentence(warning, 500)),
    ),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function list(title: string, entries: string[]): string[] {
  return entries.length === 0 ? [] : ['', `## ${title}`, '', ...entries.map((entry) => `- ${entry}`)];
}

function opening(facts: DayFacts, clock: DayClock): string[] {
  if (!facts.planned) return [`**${neverBegun(facts)}**`, ...planned(facts)];
  if (facts.tasks.length === 0) return ['**Nothing ran: the plan of this day has no tasks.**'];
  const { summary, proven, needs, cost, time } = firstScreen(facts, clock);
  const needed = needs.map(({ task, what }) => (task === undefined ? what : `${inline(task.id, 80)} ${what}`));
  const out = [
    `**${summary}**`,
    '',
    `- ✅ Done and proven: ${proven.length === 0 ? 'nothing' : proven.map((task) => `${inline(task.id, 80)}${proofNote(task)}`).join(', ')}`,
    `- 🙋 Needs you: ${needed.length === 0 ? 'nothing' : needed.join('; ')}`,
    `- 💶 Cost: ${cost} ${inline(facts.payer ?? 'nobody', 120)}`,
    `- 🕘 Time: ${time}`,
  ];
  if (facts.outcomes.at_work.length > 0 && facts.last !== undefined)
    out.push('', `The day is still running: this is how it stood at ${clock.at(facts.last)}.`);
  const more = looks(facts);
  return more.length === 0 ? out : [...out, '', '## What to look at', '', ...more];
}

function planned(facts: DayFacts): string[] {
  return planOfFile(facts).flatMap(({ heading, lines }) =>
    list(
      heading,
      lines.map((line) => sentence(line, 500)),
    ),
  );
}

/** What needs the person, with its reasons and commands; and what is left over. */
function looks(facts: DayFacts): string[] {
  const out: string[] = [];
  const open = facts.tasks.filter(({ unsandboxed }) => unsandboxed);
  if (open.length > 0)
    out.push(`- ⚠️ **No sandbox**: ${open.map(({ id }) => inline(id, 80)).join(', ')} ran ${noSandbox}`);
  for (const item of facts.questions.filter(({ status }) => status === 'open'))
    out.push(`- ❓ The day${waitsFor([item])}`);
  for (const task of withOutcome(facts, 'waits_for_you'))
    out.push(`- ❓ ${nameOf(task)} waits for you${waitingFor(task)}`);
  for (const task of facts.tasks.filter(({ secrets }) => secrets.length > 0))
    out.push(
      `- 🔑 ${nameOf(task)}: **its work contains the value of ${task.secrets.map(({ name, path }) => `${inline(name, 120)} in ${code(path)}`).join(', ')}**`,
    );
  for (const task of withOutcome(facts, 'failed'))
    out.push(`- ❌ ${nameOf(task)} failed: ${sentence(task.why, 160)}${goesOnBy(task)}`);
  for (const task of withOutcome(facts, 'unproven'))
    out.push(`- 🟡 ${nameOf(task)} is done, but nothing proves it: look at it yourself`);
  for (const task of withOutcome(facts, 'stopped'))
    out.push(`- 🛑 ${nameOf(task)} was stopped: ${sentence(task.why, 160)}`);
  for (const task of facts.tasks) out.push(...violated(task), ...strangers(task));
  for (const task of withOutcome(facts, 'waits')) out.push(`- ⏳ ${nameOf(task)} waits: ${sentence(task.why, 160)}`);
  const left = withOutcome(facts, 'not_run');
  if (left.length > 0) out.push(`- ⚪ Not run: ${left.map((task) => inline(task.id, 80)).join(', ')}`);
  return out;
}

/** What a task's agent did against the rules, in a line. */
function violated(task: TaskFacts): string[] {
  const found = violationsOf(task);
  if (found === undefined) return [];
  const which = found.which.map(({ rule, how }) => `${code(rule)}${how}`);
  return [
    `- 🚧 ${nameOf(task)} broke rules, all refused: ${count(found.times, 'violation')} of ${which.join(', ')}, first ${code(found.first, 100)}`,
  ];
}

/** Hosts off its list that a task tried to reach, in a line. */
function strangers(task: TaskFacts): string[] {
  const found = strangersOf(task);
  if (found === undefined) return [];
  const more = found.more === 0 ? '' : ` and ${found.more} more`;
  return [
    `- 🌐 ${nameOf(task)} tried to reach what is not on its list, and did not: ${found.hosts.map((host) => code(host, 120)).join(', ')}${more}`,
  ];
}

function withOutcome(facts: DayFacts, outcome: Outcome): TaskFacts[] {
  return facts.tasks.filter((task) => task.outcome === outcome);
}

function nameOf(task: TaskFacts): string {
  return `${inline(task.id, 80)} (${inline(task.name, 60)})`;
}

function waitingFor(task: TaskFacts): string {
  const open = task.questions.filter(({ status }) => status === 'open');
  return open.length === 0 ? `: ${sentence(task.why, 160)}` : waitsFor(open);
}

/** How a person goes on with a task that is over and asked about. */
function goesOnBy({ questions }: TaskFacts): string {
  const open = questions
    .filter(({ status }) => status === 'open')
    .map((item) => `${choicesOf(item)} → ${code(`dayshift answer ${item.id} …`)}`);
  return open.length === 0 ? '' : `. How should it go on?${open.join(';')}`;
}

/** ` A) so, B) otherwise`, or nothing. */
function choicesOf({ questions }: Pick<QuestionFacts, 'questions'>): string {
  const options = (questions[0]?.options ?? []).map(({ label }, index) => `${letterOf(index)}) ${inline(label, 60)}`);
  return options.length === 0 ? '' : ` ${options.join(', ')}`;
}

function waitsFor(open: QuestionFacts[]): string {
  return open
    .map(({ id, questions }) => {
      const asked = inline(questions[0]?.question ?? '', 200);
      return `: ${asked}${choicesOf({ questions })} → ${code(`dayshift answer ${id} …`)}`;
    })
    .join('; ');
}

function totals(facts: DayFacts, clock: DayClock): string[] {
  const file = facts.file === undefined ? [] : ['', `Planned in ${code(facts.file)}.`];
  return [
    '',
    '## Totals',
    '',
    '| | |',
    '| --- | --- |',
    ...totalRows(facts, clock).map(([name, value]) => `| ${name} | ${inline(value, 400)} |`),
    ...file,
  ];
}

/** What was asked about the day itself. */
function asked(facts: DayFacts, clock: DayClock): string[] {
  if (facts.questions.length === 0) return [];
  return [
    '',
    '## Asked about the day',
    '',
    ...facts.questions.flatMap((item) => questionLines(item, kindNames[item.kind].toLowerCase(), clock)),
  ];
}

function overview(facts: DayFacts): string[] {
  const rows = facts.tasks.map((task) => {
    const checks = task.rounds.at(-1)?.checks ?? [];
    const passed = checks.filter((check) => !check.timedOut && check.exitCode === 0).length;
    // What was rolled back has not been looked at.
    const looked = checks.length > 0 && (task.rolledBack.length === 0 || task.outcome === 'proven');
    const files =
      task.stat === undefined ? '–' : `${task.stat.files} (+${task.stat.insertions} −${task.stat.deletions})`;
    const { mark, words } = outcomes[task.outcome];
    return `| ${mark} | ${inline(task.id, 80)} | ${inline(task.name, 60)} | ${words} | ${looked ? `${passed} of ${checks.length}` : '–'} | ${files} | ${usd(task.spentUsd)} | ${task.workedMs === 0 ? '–' : span(task.workedMs)} |`;
  });
  return [
    '',
    '## Tasks',
    '',
    '| | Task | Name | Outcome | Checks passed | Files | Cost | Worked |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
}

function details(facts: DayFacts, clock: DayClock): string[] {
  const ran = facts.tasks.filter((task) => task.outcome !== 'not_run');
  const order = Object.keys(outcomes);
  // What needs a person comes first; within an outcome the plan's order stays.
  ran.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const left = withOutcome(facts, 'not_run').map((task) => `${nameOf(task)}: ${sentence(task.why)}`);
  return [...ran.flatMap((task) => ['', ...taskPage(task, facts.date, clock)]), ...list('Planned, but not run', left)];
}
