import { html as piece } from 'hono/html';
import { gestures, takenOver } from '../figures.ts';
import { rollbackPoints } from '../task-words.ts';
import type { DayClock } from '../time.ts';
import type { TaskFacts } from '../types.ts';
import { words, type Piece } from './text.ts';

/** What became of a task's work and what a person can do with it, each with its command. */
export function nextEntries(task: TaskFacts, date: string, clock: DayClock, ratable: boolean): unknown[] {
  const name = `${date}/${task.id}`;
  const command = (text: string) => piece`<code>dayshift ${text}</code>`;
  const entries: unknown[] = [];
  for (const done of takenOver(task, clock)) entries.push(words(done));
  if (task.applyFailed !== undefined) entries.push(`Applying it failed: ${words(task.applyFailed)}`);
  for (const checkpoint of task.rolledBack) entries.push(piece`Rolled back to <code>${words(checkpoint, 40)}</code>`);
  for (const { id, status } of task.questions)
    if (status === 'open') entries.push(piece`Answer: ${command(`answer ${id} …`)}`);
  const changed = (task.stat?.files ?? 0) > 0;
  if (task.hasWorkspace && changed) entries.push(piece`See: ${command(`diff ${name}`)}`);
  const anyway = task.outcome === 'proven' || task.outcome === 'unproven' ? '' : ' all the same';
  const ways = gestures(task);
  if (ways.length > 0)
    entries.push(
      piece`Take it over${anyway}: ${ways.map(({ what, verb }, at) => piece`${at === 0 ? '' : ', '}${what} ${command(`${verb} ${name}`)}`)}`,
    );
  if (['done', 'failed', 'stopped'].includes(task.status)) {
    entries.push(piece`Try again: ${command(`retry ${name} --hint "…"`)}`);
    if (!ratable)
      entries.push(
        piece`Rate it: ${command(`rate ${name} 4 "…"`)}, or with stars in the browser: ${command(`report --open ${date}`)}`,
      );
  }
  const [first, ...others] = rollbackPoints(task);
  if (first !== undefined) {
    const points = [first, ...others].map(
      ({ id, label }, at) => piece`${at === 0 ? '' : ', '}<code>${words(id, 40)}</code> ${words(label, 60)}`,
    );
    entries.push(piece`Roll back: ${command(`rollback ${name} ${words(first.id, 40)}`)} (checkpoints: ${points})`);
  }
  return entries;
}

/**
 * The patch, as a link: beside the page in `results/`, or below the served page. A patch that lies elsewhere is only named; without one, nothing.
 */
export function patchLink({ id, patch }: Pick<TaskFacts, 'id' | 'patch'>, date: string, served: boolean): Piece | '' {
  if (patch === undefined) return '';
  if (patch !== `results/${date}/${id}.patch`) return piece`<code>${words(patch)}</code>`;
  const file = encodeURIComponent(`${id}.patch`);
  return piece`<a href="${served ? file : `${encodeURIComponent(date)}/${file}`}"><code>${words(patch)}</code></a>`;
}
