import { html as piece } from 'hono/html';
import { count, cutStart, usd } from '../../base/index.ts';
import { letterOf } from '../../inbox/index.ts';
import { checkEnd, checkFailed, gestures, takenOver, verdicts } from '../figures.ts';
import { span, type DayClock } from '../time.ts';
import type { DayFacts, QuestionFacts, TaskFacts } from '../types.ts';
import { endings, outcomes } from '../words.ts';
import { keptEntries, lessonEntries, talkEntries } from './beside.ts';
import { diffView } from './diff.ts';
import { rateForm } from './rate.ts';
import { lines, words, type Piece } from './text.ts';

/** One task's card. `patch`: its work, where there is any. */
export function taskCard(
  task: TaskFacts,
  facts: DayFacts,
  clock: DayClock,
  patch: string | undefined,
  ratable: boolean,
): Piece {
  const { mark, words: became } = outcomes[task.outcome];
  return piece`<article id="${task.id}" class="${task.outcome}">
    <h3>${mark} ${words(task.id, 80)}: ${words(task.name, 120)}</h3>
    <p><strong>${became}</strong>: ${words(task.why, 600)}</p>
    ${task.secrets.map(({ name, path }) => piece`<p><strong>🔑 The work contains the value of ${words(name, 120)} in <code>${words(path)}</code>.</strong></p>`)}
    ${figures(task, clock)}${evidence(task)}${changes(task, patch)}${claim(task)}${questions(task, clock)}${guard(task)}${part('Lessons that it had', lessonEntries(task))}${network(task)}${part('Kept from reaching', keptEntries(task))}${attempts(task, clock)}${part('What it was told', talkEntries(task, clock))}${trouble(task)}${next(task, facts.date, clock, ratable)}${ratable ? rateForm(task, facts.date) : ''}
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

function figures(task: TaskFacts, clock: DayClock): Piece {
  const entries: string[] = [];
  if (task.calls > 0 || task.spentUsd > 0) {
    const foreseen = task.estimate.usd === undefined ? '' : `, estimated ${usd(task.estimate.usd)}`;
    entries.push(`${usd(task.spentUsd)}${foreseen}`, count(task.calls, 'model call'));
  }
  if (task.started !== undefined && task.ended !== undefined) {
    entries.push(`${clock.at(task.started)} to ${clock.at(task.ended)}`, `worked ${span(task.workedMs)}`);
  }
  return piece`<p class="soft">${entries.join(' · ')}</p>`;
}

function evidence(task: TaskFacts): Piece | '' {
  const last = task.rounds.at(-1);
  const checks = [...task.setup.filter(checkFailed), ...(last?.checks ?? [])].map(
    (check) =>
      piece`${checkFailed(check) ? '❌' : '✅'} <code>${words(check.command)}</code>:
        ${checkEnd(check)}${checkFailed(check) && check.tail.trim() !== '' ? piece`<pre>${cutStart(lines(check.tail, 20_000), 2000)}</pre>` : ''}`,
  );
  const files = (last?.deliverables ?? []).map(({ text, verdict }) => {
    const [mark, said] = verdicts[verdict];
    return piece`${mark} ${words(text)}: ${said}`;
  });
  const earlier = task.rounds
    .slice(0, -1)
    .map((round) => piece`↩️ look ${round.round}: ${words(round.reasons.join('; '), 400)}`);
  return part('Evidence', [...checks, ...files, ...earlier]);
}

function changes(task: TaskFacts, patch: string | undefined): Piece | '' {
  const { stat } = task;
  if (stat === undefined) return '';
  if (stat.files === 0) return piece`<p class="soft">No file was changed.</p>`;
  const title = `Changes: ${count(stat.files, 'file')}, +${stat.insertions} −${stat.deletions}`;
  if (patch === undefined)
    return part(
      title,
      stat.paths.slice(0, 30).map(({ status, path }) => piece`${status} <code>${words(path)}</code>`),
    );
  return piece`<h4>${title}</h4>
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
  const waited = item.waitedMs === undefined ? '' : ` after ${span(item.waitedMs)}`;
  if (item.byDefault) return `nobody answered; its default was taken${waited}`;
  if (item.answer !== undefined)
    return piece`<span class="pre">${lines(item.answer, 600)}</span> (${words(item.by ?? 'somebody', 120)}${waited})`;
  if (item.status === 'withdrawn') return `withdrawn: ${words(item.withdrawn ?? 'no reason was given')}`;
  return piece`<strong>not answered yet</strong>: <code>dayshift answer ${item.id} …</code>`;
}

function guard(task: TaskFacts): Piece | '' {
  const told = [
    ...task.denials.map((rule) => ({ ...rule, what: 'refused' })),
    ...task.asks.map((rule) => ({ ...rule, what: 'held for your approval' })),
  ];
  return part(
    'The guard',
    told.map(
      ({ rule, count: times, tool, example, reason, what }) =>
        piece`${what}${times === 1 ? '' : ` ${times} times`}: ${words(tool, 60)} <code>${words(example, 160)}</code>.
          ${words(reason)} <span class="soft">(${words(rule, 80)})</span>`,
    ),
  );
}

function network(task: TaskFacts): Piece | '' {
  return part(
    'Reached beside the model',
    task.network.hosts.map(
      ({ host, port, connections, sent, received }) =>
        piece`<code>${words(host, 120)}:${port}</code>: ${count(connections, 'connection')}, ${sent} bytes sent,
          ${received} received`,
    ),
  );
}

function attempts(task: TaskFacts, clock: DayClock): Piece | '' {
  if (task.attempts.length < 2) return '';
  return part(
    'Attempts',
    task.attempts.map(
      (one) =>
        piece`${one.number}, ${clock.at(one.started)}:
        ${one.end === undefined ? 'its end was not seen' : endings[one.end]} after ${span(one.workedMs)}`,
    ),
  );
}

function trouble(task: TaskFacts): Piece | '' {
  return part(
    'Trouble on the way',
    [...task.refusals.map(({ detail }) => detail), ...task.warnings].map((text) => words(text)),
  );
}

function next(task: TaskFacts, date: string, clock: DayClock, ratable: boolean): Piece | '' {
  const name = `${date}/${task.id}`;
  const command = (text: string) => piece`<code>dayshift ${text}</code>`;
  const entries: unknown[] = [];
  for (const done of takenOver(task, clock)) entries.push(words(done));
  if (task.applyFailed !== undefined) entries.push(`Applying it failed: ${words(task.applyFailed)}`);
  const ways = gestures(task);
  if (ways.length > 0)
    entries.push(
      piece`Take it over: ${ways.map(({ what, verb }, at) => piece`${at === 0 ? '' : ', '}${what} ${command(`${verb} ${name}`)}`)}`,
    );
  if (['done', 'failed', 'stopped'].includes(task.status)) {
    entries.push(piece`Try again: ${command(`retry ${name} --hint "…"`)}`);
    if (!ratable)
      entries.push(
        piece`Rate it: ${command(`rate ${name} 4 "…"`)}, or with stars in the browser: ${command(`report --open ${date}`)}`,
      );
  }
  return part('What you can do', entries);
}
