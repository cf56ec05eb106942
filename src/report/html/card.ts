import { html as piece } from 'hono/html';
import { count, cutStart } from '../../base/index.ts';
import { letterOf } from '../../inbox/index.ts';
import { checkEnd, checkFailed, verdictOn } from '../figures.ts';
import { trafficWords } from '../network.ts';
import { attemptWords, isPlain, lookWords, refusalWords } from '../task-words.ts';
import { span, type DayClock } from '../time.ts';
import type { DayFacts, QuestionFacts, TaskFacts } from '../types.ts';
import { outcomes } from '../words.ts';
import { keptEntries, lessonEntries, talkEntries } from './beside.ts';
import { diffView } from './diff.ts';
import { figures } from './figures.ts';
import { nextEntries, patchLink } from './next.ts';
import { rateForm } from './rate.ts';
import { coded, lines, words, type Piece } from './text.ts';

/** How the page is shown: with forms for ratings, and what came of those that were sent, by task. */
export interface PageOptions {
  ratable?: boolean;
  notes?: ReadonlyMap<string, string>;
}

const MAX_FILES = 30;

/** One task's card. `patch`: its work, where there is any. */
export function taskCard(
  task: TaskFacts,
  facts: DayFacts,
  clock: DayClock,
  patch: string | undefined,
  { ratable = false, notes }: PageOptions,
): Piece {
  const { mark, words: became } = outcomes[task.outcome];
  return piece`<article id="${task.id}" class="${task.outcome}">
    <h3>${mark} ${words(task.id, 80)}: ${words(task.name, 120)}</h3>
    <p><strong>${became[0]?.toUpperCase()}${became.slice(1)}</strong>: ${coded(words(task.why, 600))}</p>
    ${task.secrets.map(({ name, path }) => piece`<p><strong>🔑 The work contains the value of ${words(name, 120)} in <code>${words(path)}</code>.</strong></p>`)}
    ${figures(task, clock)}${evidence(task)}${changes(task, facts.date, patch, ratable)}${claim(task)}${questions(task, clock)}${guard(task)}${part('Lessons that it had', lessonEntries(task))}${network(task)}${part('Kept from reaching', keptEntries(task))}${attempts(task, clock)}${part('What it was told', talkEntries(task, clock))}${trouble(task, clock)}${part('What you can do', nextEntries(task, facts.date, clock, ratable))}${ratable ? rateForm(task, facts.date, notes?.get(task.id)) : ''}
  </article>`;
}

function part(title: string, entries: unknown[]): Piece | '' {
  return entries.length === 0
    ? ''
    : piece`<h4>${title}</h4>
        <ul>
          ${entries.map((entry) => piece`<li>${entry}</li>`)}
        </ul>`;
}

function evidence(task: TaskFacts): Piece | '' {
  const last = task.rounds.at(-1);
  const setup = task.setup.filter(checkFailed).map((check) => ({ ...check, kind: 'setup ' }));
  const checks = [...setup, ...(last?.checks ?? []).map((check) => ({ ...check, kind: '' }))].map(
    (check) =>
      piece`${checkFailed(check) ? '❌' : '✅'} ${check.kind}<code>${words(check.command)}</code>:
        ${checkEnd(check)}${checkFailed(check) && check.tail.trim() !== '' ? piece`<pre>${cutStart(lines(check.tail, 20_000), 2000)}</pre>` : ''}`,
  );
  const files = (last?.deliverables ?? []).map((result) => {
    const [mark, said] = verdictOn(result);
    return piece`${mark} ${words(result.text)}: ${words(said)}`;
  });
  const earlier = task.rounds
    .slice(0, -1)
    .map((round) => piece`↩️ ${lookWords(round)}: ${coded(words(round.reasons.join('; '), 400))}`);
  const found = [...checks, ...files, ...earlier];
  const none = task.outcome === 'unproven' ? ['none: the task names no checks and no files to look for'] : [];
  return part('Evidence', found.length === 0 ? none : found);
}

function changes(task: TaskFacts, date: string, patch: string | undefined, served: boolean): Piece | '' {
  const { stat } = task;
  if (stat === undefined) return '';
  if (stat.files === 0) return piece`<p class="soft">No file was changed.</p>`;
  const title = `Changes: ${count(stat.files, 'file')}, +${stat.insertions} −${stat.deletions}`;
  if (patch === undefined) {
    const shown = stat.paths
      .slice(0, MAX_FILES)
      .map(({ status, path }) => piece`${status} <code>${words(path)}</code>`);
    return part(title, stat.files > shown.length ? [...shown, `and ${stat.files - shown.length} more`] : shown);
  }
  return piece`<h4>${title}</h4>
    <p class="soft">${patchLink(task, date, served)}</p>
    ${diffView(patch, task.patch ?? 'the patch')}`;
}

function claim(task: TaskFacts): Piece | '' {
  if (task.summary === undefined) return '';
  return piece`<details>
    <summary>What the agent says (its own claim)</summary>
    <blockquote class="pre">${lines(task.summary, 6000)}</blockquote>
  </details>`;
}

function questions(task: TaskFacts, clock: DayClock): Piece | '' {
  return part(
    'Questions',
    task.questions.map((item) => questionPiece(item, clock)),
  );
}

/** An item's question, and what became of it. */
export function questionPiece(item: QuestionFacts, clock: DayClock): Piece {
  return piece`${item.id}, ${clock.at(item.opened)}: ${asked(item)} <em>${fate(item)}</em>`;
}

function asked(item: QuestionFacts): Piece {
  return piece`${item.questions.map(({ question, options }) => piece`<span class="pre">${lines(question, 1200)}</span> ${item.status === 'open' ? options.map(({ label }, index) => piece`<br />${letterOf(index)}) ${words(label)}`) : ''}`)}`;
}

function fate(item: QuestionFacts): Piece | string {
  const late = item.late === 0 ? '' : `; ${count(item.late, 'answer')} more came too late`;
  const waited = `${item.waitedMs === undefined ? '' : ` after ${span(item.waitedMs)}`}${late}`;
  if (item.byDefault) return `nobody answered; its default was taken${waited}`;
  if (item.answer !== undefined)
    return piece`<span class="pre">${lines(item.answer, 600)}</span> (${words(item.by ?? 'somebody', 120)}${waited})`;
  if (item.status === 'withdrawn') return `withdrawn: ${words(item.withdrawn ?? 'no reason was given')}`;
  return piece`<strong>not answered yet</strong>: <code>dayshift answer ${item.id} …</code>`;
}

function guard(task: TaskFacts): Piece | '' {
  const told = [
    ...task.denials.map((rule) => ({ ...rule, what: 'refused' })),
    ...task.asks.map((rule) => ({ ...rule, what: 'only with your approval' })),
  ];
  return part(
    'The guard',
    told.map(
      ({ rule, count: times, tool, example, reason, instead, what }) =>
        piece`${what}${times === 1 ? '' : ` ${times} times`}: ${words(tool, 60)} <code>${words(example, 160)}</code>.
          ${words(reason)}${instead === undefined ? '' : ` Told instead: ${words(instead)}`}
          <span class="soft">(${words(rule, 80)})</span>`,
    ),
  );
}

function network(task: TaskFacts): Piece | '' {
  return part(
    'Reached beside the model',
    task.network.hosts.map((host) => piece`<code>${words(host.host, 120)}:${host.port}</code>: ${trafficWords(host)}`),
  );
}

function attempts(task: TaskFacts, clock: DayClock): Piece | '' {
  if (isPlain(task)) return '';
  return part(
    'Attempts',
    task.attempts.map((attempt) => attemptWords(attempt, clock, words)),
  );
}

function trouble(task: TaskFacts, clock: DayClock): Piece | '' {
  return part('Trouble on the way', [
    ...task.refusals.map((refusal) => `Model: ${refusalWords(refusal, clock, words)}`),
    ...task.warnings.map((text) => words(text)),
  ]);
}
