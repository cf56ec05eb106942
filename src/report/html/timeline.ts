import { html as piece, raw } from 'hono/html';
import { between, type DayClock } from '../time.ts';
import type { DayFacts, TaskFacts } from '../types.ts';
import { words, type Piece } from './text.ts';

/** When agents worked and when a question waited: one row a task, from the day's start to its last event. Nothing for a day that did not begin. */
export function timeline(facts: DayFacts, clock: DayClock): Piece | '' {
  const { started, last } = facts;
  if (started === undefined || last === undefined) return '';
  const whole = between(started, last);
  if (whole === 0) return '';
  const ran = facts.tasks.filter((task) => task.attempts.length > 0);
  if (ran.length === 0) return '';
  const bar = (kind: string, from: string, ms: number, title: string) => {
    const left = Math.min(99.5, (between(started, from) / whole) * 100);
    const width = Math.max(0.4, Math.min(100 - left, (ms / whole) * 100));
    return piece`<i
      class="${kind}"
      style="${raw(`left:${left.toFixed(2)}%;width:${width.toFixed(2)}%`)}"
      title="${title}"
    ></i>`;
  };
  const bars = (task: TaskFacts) => [
    ...task.questions.map((item) =>
      bar('wait', item.opened, item.waitedMs ?? between(item.opened, last), `${words(item.id, 20)} waited`),
    ),
    ...task.attempts.map((one) => bar('work', one.started, one.workedMs, `attempt ${one.number}`)),
  ];
  return piece`<section>
    <h2>Timeline</h2>
    <div class="line">
      ${ran.map((task) => piece`<div><a href="#${task.id}">${words(task.id, 40)}</a><b>${bars(task)}</b></div>`)}
      <div class="soft">
        <span></span><span class="ends"><span>${clock.at(started)}</span><span>${clock.at(last)}</span></span>
      </div>
    </div>
    <p class="soft"><i class="key work"></i> an agent worked <i class="key wait"></i> a question waited</p>
  </section>`;
}
