import { html as piece } from 'hono/html';
import { count, cutEnd } from '../../base/index.ts';
import { letterOf } from '../../inbox/index.ts';
import { lessonWords } from '../lessons.ts';
import { keptOf, strangersOf } from '../network.ts';
import type { DayClock } from '../time.ts';
import { totalRows } from '../totals.ts';
import type { DayFacts, QuestionFacts, TaskFacts } from '../types.ts';
import { violationsOf } from '../violations.ts';
import { noSandbox } from '../words.ts';
import { coded, words, type Piece } from './text.ts';

/** What of the day itself waits for the person, as the first entries of what to look at. */
export function dayLooks({ questions, tasks }: DayFacts): Piece[] {
  const open = tasks.filter(({ unsandboxed }) => unsandboxed).map(({ id }) => words(id, 80));
  return [
    ...(open.length === 0 ? [] : [piece`<li>⚠️ <strong>No sandbox</strong>: ${open.join(', ')} ran ${noSandbox}</li>`]),
    ...questions.filter(isOpen).map((item) => piece`<li>❓ The day: ${openQuestion(item)}</li>`),
  ];
}

export function isOpen({ status }: QuestionFacts): boolean {
  return status === 'open';
}

/** A question that waits, with its options and how it is answered. */
export function openQuestion({ id, questions: [first] }: QuestionFacts): Piece {
  const options = (first?.options ?? []).map(({ label }, at) => ` ${letterOf(at)}) ${words(label, 60)}`);
  return piece`${words(first?.question ?? '', 200)}${options.join(',')} ${answerCommand(id)}`;
}

function answerCommand(id: string): Piece {
  return piece`<code>dayshift answer ${id} …</code>`;
}

/** What of a task has to be known before its work is used: secrets in it, rules that its agent broke. */
export function warningLooks(task: TaskFacts): Piece[] {
  const link = piece`<a href="#${task.id}">${words(task.id, 80)}</a>`;
  const found = violationsOf(task);
  const strangers = strangersOf(task);
  const secrets = task.secrets.map(({ name, path }) => piece`${words(name, 120)} in <code>${words(path)}</code>`);
  return [
    ...(secrets.length === 0
      ? []
      : [piece`<li>🔑 ${link}: <strong>its work contains the value of ${listed(secrets)}</strong></li>`]),
    ...(found === undefined
      ? []
      : [
          piece`<li>🚧 ${link} broke rules, all refused: ${count(found.times, 'violation')} of
            ${listed(found.which.map(({ rule, how }) => piece`<code>${words(rule, 80)}</code>${how}`))}, first
            <code>${words(found.first, 100)}</code></li>`,
        ]),
    ...(strangers === undefined
      ? []
      : [
          piece`<li>🌐 ${link} tried to reach what is not on its list, and did not:
            ${listed(strangers.hosts.map((host) => piece`<code>${words(host, 120)}</code>`))}${strangers.more === 0 ? '' : ` and ${strangers.more} more`}</li>`,
        ]),
  ];
}

/** The lessons that a task had, and those that were kept from it. */
export function lessonEntries({ lessons }: TaskFacts): string[] {
  const { given, held } = lessonWords(lessons);
  return [...given, ...(held === undefined ? [] : [held])].map((text) => words(text, 400));
}

/** Each host that a task was kept from. */
export function keptEntries(task: TaskFacts): Piece[] {
  return keptOf(task).map(
    ({ host, times, reason, detail, hint }) =>
      piece`<code>${words(host, 120)}</code>${times}: ${coded(reason)}${detail === undefined ? '' : ` (${words(detail, 120)})`}${coded(hint)}`,
  );
}

/** What a person told the agent, and other goes that were asked for. */
export function talkEntries(task: TaskFacts, clock: DayClock): string[] {
  const retried = task.retried.map(
    ({ at, by, hint }) =>
      `${clock.at(at)}, ${cutEnd(by, 120)} asked for another go${hint === undefined ? '' : `: ${hint}`}`,
  );
  const told = task.tells.map(({ at, by, text }) => `${clock.at(at)}, ${cutEnd(by, 120)}: ${text}`);
  return [...retried, ...told].map((text) => words(text, 400));
}

/** The day's figures, with each raise of a budget and each pause. */
export function totals(facts: DayFacts, clock: DayClock): Piece {
  return piece`<section>
    <h2>Totals</h2>
    <table class="totals">
      ${totalRows(facts, clock).map(([name, value]) => piece`<tr><th>${name}</th><td>${words(value, 400)}</td></tr>`)}
    </table>
  </section>`;
}

function listed(pieces: readonly Piece[]): Piece {
  return piece`${pieces.map((one, at) => piece`${at === 0 ? '' : ', '}${one}`)}`;
}
