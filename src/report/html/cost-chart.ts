import { html as piece, raw } from 'hono/html';
import { usd } from '../../base/index.ts';
import { dayCost } from '../figures.ts';
import { span } from '../time.ts';
import type { DayFacts } from '../types.ts';
import { words, type Piece } from './text.ts';

/** What each task cost and how long it was worked on, the dearest first, as bars in the page's own colours. */
export function costChart(facts: DayFacts): Piece {
  const tasks = facts.tasks
    .filter(({ spentUsd, workedMs }) => spentUsd > 0 || workedMs > 0)
    .toSorted((a, b) => b.spentUsd - a.spentUsd || b.workedMs - a.workedMs);
  const mostUsd = Math.max(...tasks.map(({ spentUsd }) => spentUsd), 0.000_001);
  const mostMs = Math.max(...tasks.map(({ workedMs }) => workedMs), 1);
  const bar = (kind: string, share: number, label: string) =>
    piece`<div class="bar"><b><i class="${kind}" style="${raw(`width:${Math.max(0.5, share * 100).toFixed(2)}%`)}"></i></b><span>${label}</span></div>`;
  return piece`<div class="chart">
    <p>${dayCost(facts)}</p>
    ${tasks.map(
      (task) =>
        piece`<div class="row"><a href="#${task.id}">${words(task.id, 40)}</a><div>
            ${bar('cost', task.spentUsd / mostUsd, usd(task.spentUsd))}
            ${bar('time', task.workedMs / mostMs, task.workedMs === 0 ? '–' : span(task.workedMs))}
          </div></div>`,
    )}
    <p class="soft"><i class="key cost"></i> cost <i class="key time"></i> working time</p>
  </div>`;
}
