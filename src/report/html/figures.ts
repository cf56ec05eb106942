import { html as piece } from 'hono/html';
import { count, usd } from '../../base/index.ts';
import { costNotes, timeWords, tokenRows } from '../task-words.ts';
import { span, type DayClock } from '../time.ts';
import type { TaskFacts } from '../types.ts';
import { words, type Piece } from './text.ts';

/** What a task cost and how long it took, in a line; behind it all of it: models, tokens by their kind, times. */
export function figures(task: TaskFacts, clock: DayClock): Piece | '' {
  const entries: string[] = [];
  const ran = task.calls > 0 || task.spentUsd > 0;
  if (ran) {
    const foreseen = task.estimate.usd === undefined ? '' : `, estimated ${usd(task.estimate.usd)}`;
    entries.push(`${usd(task.spentUsd)}${foreseen}`, count(task.calls, 'model call'));
  }
  if (task.started !== undefined && task.ended !== undefined)
    entries.push(`${clock.at(task.started)} to ${clock.at(task.ended)}`, `worked ${span(task.workedMs)}`);
  const line = entries.join(' · ');
  if (!ran) return line === '' ? '' : piece`<p class="soft">${line}</p>`;
  return piece`<details class="figures">
    <summary class="soft">${line}</summary>
    <table class="totals">
      ${rows(task, clock).map(([name, value]) => piece`<tr><th>${name}</th><td>${value}</td></tr>`)}
    </table>
  </details>`;
}

function rows(task: TaskFacts, clock: DayClock): [name: string, value: string][] {
  const time = timeWords(task, clock);
  return [
    ['Cost', [usd(task.spentUsd), ...costNotes(task)].join('; ')],
    ['Model calls', `${task.calls}${task.models.length === 0 ? '' : ` to ${words(task.models.join(', '), 200)}`}`],
    ...tokenRows(task.tokens),
    ...(time === undefined ? [] : [['Time', time] as [string, string]]),
  ];
}
