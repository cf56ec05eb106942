import { html as piece } from 'hono/html';
import type { TaskFacts } from '../types.ts';
import { lines, words, type Piece } from './text.ts';

/** Tasks whose work can be judged: they have a form. */
export function isRated({ outcome }: TaskFacts): boolean {
  return outcome === 'proven' || outcome === 'unproven' || outcome === 'failed' || outcome === 'stopped';
}

/** Where a task's form is on the page. */
export function rateId(task: string): string {
  return `rate-${task}`;
}

/** What a person thinks of a task, as a form without scripts: it goes to where the page came from, and from there into the feedback file. `note`: what came of the last one. */
export function rateForm(task: TaskFacts, date: string, note: string | undefined): Piece | '' {
  if (!isRated(task)) return '';
  const { rating } = task;
  const star = (number: number) =>
    piece`<input type="radio" name="stars" value="${number}" id="${task.id}-${number}" ${rating === number ? 'checked' : ''} /><label
        for="${task.id}-${number}"
        title="${number} of 5"
        ><span class="away">${number} of 5</span>★</label
      >`;
  const known = rating === undefined ? 'How was it?' : `You gave ${rating} of 5.`;
  return piece`<form method="post" action="rate" class="rate" id="${rateId(task.id)}">
    ${note === undefined ? '' : piece`<p class="said pre" role="status">${lines(note, 2000)}</p>`}
    <input type="hidden" name="task" value="${task.id}" />
    <fieldset>
      <legend>${known}</legend>
      <div class="stars">${[5, 4, 3, 2, 1].map(star)}</div>
    </fieldset>
    <label>What you think of it<textarea name="remark" rows="2" maxlength="2000" placeholder="✅ … ⚠️ … ❌ …"></textarea></label>
    <label>What shall be different from now on<input name="action" maxlength="500" /></label>
    <button>Write it into feedback/${words(date, 20)}.md</button>
  </form>`;
}
