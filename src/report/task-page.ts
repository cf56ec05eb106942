import { count, cutStart, usd } from '../base/index.ts';
import { letterOf } from '../inbox/index.ts';
import type { CheckResult, DeliverableResult } from '../journal/index.ts';
import { checkEnd, checkFailed, gestures, takenOver, verdictOn } from './figures.ts';
import { code, fence, inline, quotation, sentence } from './markdown.ts';
import { lessonLines } from './lessons.ts';
import { keptLines, networkLines } from './network.ts';
import { attemptWords, costNotes, isPlain, lookWords, refusalWords, rollbackPoints, timeWords } from './task-words.ts';
import { span, type DayClock } from './time.ts';
import type { QuestionFacts, RoundFacts, RuleFacts, TaskFacts } from './types.ts';
import { outcomes, thousands } from './words.ts';

const MAX_FILES = 30;
const MAX_TAIL = 2000;

/** One task's section, as lines. */
export function taskPage(task: TaskFacts, date: string, clock: DayClock): string[] {
  const { mark, words } = outcomes[task.outcome];
  return [
    `### ${mark} ${inline(task.id, 80)}: ${inline(task.name, 120)}`,
    '',
    `**${words[0]?.toUpperCase()}${words.slice(1)}**: ${sentence(task.why, 600)}`,
    '',
    ...secretLines(task),
    ...costLines(task),
    ...timeLines(task, clock),
    ...evidence(task),
    ...changes(task),
    ...claim(task),
    ...questions(task, clock),
    ...guard('Refused by the guard', task.denials),
    ...guard('Only with your approval', task.asks),
    ...section('Lessons that it had', lessonLines(task.lessons)),
    ...section('Reached beside the model', networkLines(task)),
    ...section('Kept from reaching', keptLines(task)),
    ...attempts(task, clock),
    ...talk(task, clock),
    ...trouble(task, clock),
    ...next(task, date, clock),
  ];
}

function secretLines(task: TaskFacts): string[] {
  if (task.secrets.length === 0) return [];
  const lines = task.secrets.map(
    ({ name, path }) => `> 🔑 **The work contains the value of ${inline(name, 120)} in ${code(path)}.**`,
  );
  return [...lines, '>', '> Whoever sees the patch sees it too. `dayshift apply` refuses it without `--force`.', ''];
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `**${title}**`, '', ...lines];
}

function costLines(task: TaskFacts): string[] {
  if (task.calls === 0 && task.spentUsd === 0) return [];
  const notes = costNotes(task);
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = task.tokens;
  return [
    `- Cost: ${usd(task.spentUsd)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`,
    `- Model: ${count(task.calls, 'call')}${task.models.length === 0 ? '' : ` to ${task.models.map((model) => code(model)).join(', ')}`}; tokens: ${thousands(input)} in, ${thousands(output)} out, ${thousands(cacheRead)} from the cache, ${thousands(cacheWrite5m + cacheWrite1h)} into it`,
  ];
}

function timeLines(task: TaskFacts, clock: DayClock): string[] {
  const time = timeWords(task, clock);
  return time === undefined ? [] : [`- Time: ${time}`];
}

function evidence(task: TaskFacts): string[] {
  const lines = task.setup.filter(checkFailed).flatMap((result) => checkLines('setup ', result));
  const last = task.rounds.at(-1);
  if (last !== undefined) {
    for (const check of last.checks) lines.push(...checkLines('', check));
    for (const deliverable of last.deliverables) lines.push(deliverableLine(deliverable));
  }
  for (const round of task.rounds.slice(0, -1)) lines.push(earlierRound(round));
  if (lines.length === 0 && task.outcome === 'unproven') {
    lines.push('- none: the task names no checks and no files to look for');
  }
  return section('Evidence', lines);
}

function checkLines(kind: string, check: CheckResult): string[] {
  const line = `- ${checkFailed(check) ? '❌' : '✅'} ${kind}${code(check.command)}: ${checkEnd(check)}`;
  if (!checkFailed(check) || check.tail.trim() === '') return [line];
  return [line, '', ...fence(cutStart(check.tail.trim(), MAX_TAIL)).map((one) => `  ${one}`.trimEnd()), ''];
}

function deliverableLine(result: DeliverableResult): string {
  const [mark, words] = verdictOn(result);
  return `- ${mark} ${inline(result.text)}: ${inline(words)}`;
}

function earlierRound(round: RoundFacts): string {
  const bad = round.reasons.length === 0 ? 'no reason was recorded' : round.reasons.join('; ');
  return `- ↩️ ${lookWords(round)}: ${sentence(bad, 400)}`;
}

function changes(task: TaskFacts): string[] {
  const { stat } = task;
  if (stat === undefined) return [];
  if (stat.files === 0) return section('Changes', ['No file was changed.']);
  const shown = stat.paths.slice(0, MAX_FILES).map(({ status, path }) => `- ${inline(status, 8)} ${code(path)}`);
  const more = stat.files - shown.length;
  return section(`Changes: ${count(stat.files, 'file')}, +${stat.insertions} −${stat.deletions}`, [
    ...shown,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ]);
}

function claim(task: TaskFacts): string[] {
  if (task.summary === undefined) return [];
  return section('What the agent says (its own claim)', quotation(task.summary));
}

function questions(task: TaskFacts, clock: DayClock): string[] {
  const lines = task.questions.flatMap((question) => questionLines(question, kinds[question.kind], clock));
  return section(task.questions.length === 1 ? 'It asked' : 'It asked several times', lines);
}

const kinds: Record<QuestionFacts['kind'], string> = {
  question: 'asked',
  approval: 'asked for an approval',
  budget: 'ran out of budget',
  login: 'had its login refused',
  failed_check: 'failed its checks',
  violation: 'was halted by the guard',
  canary: 'was not started, for the canary failed',
  runaway: 'seemed to run in circles',
  schedule: 'was asked about by the schedule',
  setting: 'led to a question about a setting',
  lesson: 'led to a lesson',
  channel: 'was about a chat that does not work',
  usage_limit: 'met the usage limit',
  feedback: 'was to be rated',
};

/** An item's question, options and answer. `what`: how it came, in words. */
export function questionLines(item: QuestionFacts, what: string, clock: DayClock): string[] {
  const lines = [`- ${inline(item.id, 20)}, ${clock.at(item.opened)}, ${what}: ${fateOf(item)}`];
  for (const question of item.questions) {
    lines.push('', ...quotation(question.question, 12).map((line) => `  ${line}`));
    if (item.status !== 'open') continue;
    for (const [index, option] of question.options.entries()) {
      lines.push('  >', `  > ${letterOf(index)}) ${inline(option.label)}`);
    }
  }
  if (item.answer !== undefined) {
    // Several questions have an answer each, a line for each.
    const parts = item.questions.length > 1 ? item.answer.split('\n') : [item.answer];
    if (parts.length === 1) lines.push('', `  Answer: ${inline(item.answer, 600)}`);
    else lines.push('', '  Answers:', '', ...parts.map((part) => `  - ${inline(part, 600)}`));
  }
  lines.push('');
  return lines;
}

function fateOf(item: QuestionFacts): string {
  const late = item.late === 0 ? '' : `; ${count(item.late, 'answer')} more came too late`;
  const waited = item.waitedMs === undefined ? '' : ` after ${span(item.waitedMs)}`;
  if (item.byDefault) return `nobody answered, its default was taken${waited}${late}`;
  if (item.answer !== undefined) return `answered by ${inline(item.by ?? 'somebody', 120)}${waited}${late}`;
  if (item.status === 'withdrawn') return `withdrawn: ${inline(item.withdrawn ?? 'no reason was given')}${late}`;
  return `**not answered yet**, \`dayshift answer ${item.id.replaceAll('`', '')} …\``;
}

function guard(title: string, rules: RuleFacts[]): string[] {
  const total = rules.reduce((sum, rule) => sum + rule.count, 0);
  return section(
    `${title}: ${count(total, 'call')}`,
    rules.map((rule) => {
      const told = rule.instead === undefined ? '' : ` Told instead: ${sentence(rule.instead)}`;
      const times = rule.count === 1 ? '' : `, ${rule.count} times, first`;
      return `- ${code(rule.rule)}${times}: ${inline(rule.tool, 60)} ${code(rule.example, 160)}. ${sentence(rule.reason)}${told}`;
    }),
  ).slice(total === 0 ? Number.MAX_SAFE_INTEGER : 0);
}

function attempts(task: TaskFacts, clock: DayClock): string[] {
  if (isPlain(task)) return [];
  return section(
    'Attempts',
    task.attempts.map((attempt) => `- ${attemptWords(attempt, clock, sentence)}`),
  );
}

function talk(task: TaskFacts, clock: DayClock): string[] {
  const told = task.tells.map(({ at, by, text }) => `- ${clock.at(at)}, ${inline(by, 120)}: ${inline(text)}`);
  const retried = task.retried.map(
    ({ at, by, hint }) =>
      `- ${clock.at(at)}, ${inline(by, 120)} asked for another go${hint === undefined ? '' : `: ${inline(hint)}`}`,
  );
  return section('What it was told', [...retried, ...told]);
}

function trouble(task: TaskFacts, clock: DayClock): string[] {
  const refused = task.refusals.map((refusal) => `- Model: ${refusalWords(refusal, clock, inline)}`);
  return section('Trouble on the way', [...refused, ...task.warnings.map((warning) => `- ${inline(warning)}`)]);
}

function next(task: TaskFacts, date: string, clock: DayClock): string[] {
  const name = `${date}/${task.id}`;
  const command = (verb: string, rest = '') => code(`dayshift ${verb} ${name}${rest}`);
  const lines: string[] = [];
  for (const words of takenOver(task, clock)) lines.push(`- ${inline(words, 300)}`);
  if (task.applyFailed !== undefined) lines.push(`- Applying it failed: ${inline(task.applyFailed)}`);
  for (const checkpoint of task.rolledBack) lines.push(`- Rolled back to ${code(checkpoint)}`);
  for (const { id, status } of task.questions)
    if (status === 'open') lines.push(`- Answer: ${code(`dayshift answer ${id} …`)}`);
  const changed = (task.stat?.files ?? 0) > 0;
  if (task.hasWorkspace && changed) {
    lines.push(`- See: ${command('diff')}${task.patch === undefined ? '' : ` or ${code(task.patch)}`}`);
    const anyway =
      task.outcome === 'proven' || task.outcome === 'unproven' ? 'Take it over' : 'Take it over all the same';
    const [apply, ...ways] = gestures(task).map(({ what, verb }) => `${what} ${command(verb)}`);
    if (apply !== undefined) lines.push(`- ${anyway}: ${[apply, ...ways].join(', ').trim()}`);
  }
  const over = task.status === 'done' || task.status === 'failed' || task.status === 'stopped';
  if (over)
    lines.push(
      `- Try again: ${command('retry', ' --hint "…"')}`,
      `- Say what you think: ${command('rate', ' 4 "…"')}, or in ${code(`feedback/${date}.md`)}`,
    );
  const points = rollbackPoints(task);
  if (points[0] !== undefined) {
    const named = points.map(({ id, label }) => `${code(id)} ${inline(label, 60)}`);
    lines.push(`- Roll back: ${command('rollback', ` ${points[0].id}`)} (checkpoints: ${named.join(', ')})`);
  }
  return section('What you can do', lines);
}
