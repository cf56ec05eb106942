import { html as piece, raw } from 'hono/html';
import { proofNote } from '../figures.ts';
import { firstScreen } from '../first-screen.ts';
import { dayClock, longDate, type DayClock } from '../time.ts';
import type { DayFacts, Outcome, TaskFacts } from '../types.ts';
import { neverBegun, outcomes, planOfFile } from '../words.ts';
import { dayLooks, isOpen, openQuestion, totals, warningLooks } from './beside.ts';
import { costChart } from './cost-chart.ts';
import { questionPiece, taskCard, type PageOptions } from './card.ts';
import { style } from './style.ts';
import { coded, words, type Piece } from './text.ts';
import { timeline } from './timeline.ts';

/** Nothing is loaded and nothing runs: whatever an agent wrote, it stays text. `form`: where forms may go. */
const policyOf = (form: string) =>
  `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action ${form}; base-uri 'none'`;

/**
 * The evening report as one file for a browser, readable on a phone: a pure function of the day's facts and patches.
 * @param patches each task's patch as text, by its id, as far as it is there
 */
export async function htmlPage(
  facts: DayFacts,
  patches: ReadonlyMap<string, string>,
  options: PageOptions = {},
): Promise<string> {
  const { ratable = false } = options;
  const clock = dayClock(facts.date, facts.timezone);
  const title = `Dayshift report: ${words(longDate(facts.date), 60)}`;
  const order = Object.keys(outcomes);
  const ran = facts.tasks
    .filter((task) => task.outcome !== 'not_run')
    .toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const page = piece`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${raw(policyOf(ratable ? "'self'" : "'none'"))}" />
        <meta name="referrer" content="${ratable ? 'same-origin' : 'no-referrer'}" />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${opening(facts, clock)} ${timeline(facts, clock)}
        ${
          facts.calls === 0
            ? ''
            : piece`<section>
                <h2>Cost</h2>
                ${costChart(facts)}
              </section>`
        }
        ${
          facts.questions.length === 0
            ? ''
            : piece`<section>
                <h2>Asked about the day</h2>
                <ul>
                  ${facts.questions.map((item) => piece`<li>${questionPiece(item, clock)}</li>`)}
                </ul>
              </section>`
        }
        ${
          ran.length === 0
            ? ''
            : piece`<section>
                <h2>Tasks</h2>
                ${ran.map((task) => taskCard(task, facts, clock, patches.get(task.id), options))}
              </section>`
        }
        ${list(
          'Planned, but not run',
          withOutcome(facts, 'not_run').map((task) => `${task.id} (${task.name}): ${task.why}`),
        )}
        ${list(
          'Could not be delivered',
          facts.undelivered.map(({ at, what, why }) => `${clock.at(at)}: ${what}: ${why}`),
        )}
        ${list('Warnings', facts.warnings)} ${facts.tasks.length === 0 ? '' : totals(facts, clock)}
      </body>
    </html> `;
  return String(await page);
}

/** The outcome of the day in five lines; then what needs the person, with its reasons, and what is left over. */
function opening(facts: DayFacts, clock: DayClock): Piece {
  if (!facts.planned)
    return piece`<p><strong>${coded(neverBegun(facts))}</strong></p>
      ${planOfFile(facts).map(({ heading, lines }) => list(heading, lines))}`;
  if (facts.tasks.length === 0) return piece`<p><strong>Nothing ran: the plan of this day has no tasks.</strong></p>`;
  const { summary, proven, needs, cost, time } = firstScreen(facts, clock);
  const nothing = piece`nothing`;
  const needed = needs.map(({ task, what }) => (task === undefined ? piece`${what}` : piece`${link(task)} ${what}`));
  const groups: Outcome[] = ['waits_for_you', 'failed', 'unproven', 'stopped', 'waits', 'at_work', 'not_run'];
  const looks = [
    ...dayLooks(facts),
    ...facts.tasks.flatMap(warningLooks),
    ...groups.map((outcome) => group(outcome, withOutcome(facts, outcome))).filter((one) => one !== ''),
  ];
  return piece`<p><strong>${summary}</strong></p>
    <ul class="first">
      <li>✅ Done and proven: ${
        proven.length === 0
          ? nothing
          : between(
              proven.map((task) => piece`${link(task)}${proofNote(task)}`),
              ', ',
            )
      }</li>
      <li>🙋 Needs you: ${needed.length === 0 ? nothing : between(needed, '; ')}</li>
      <li>💶 ${cost} ${words(facts.payer ?? 'nobody', 120)}</li>
      <li>🕘 ${time}</li>
    </ul>
    ${
      looks.length === 0
        ? ''
        : piece`<section>
            <h2>What to look at</h2>
            <ul class="more">
              ${looks}
            </ul>
          </section>`
    }`;
}

const link = (task: TaskFacts) => piece`<a href="#${task.id}">${words(task.id, 80)}</a>`;

function between(pieces: readonly Piece[], mark: string): Piece {
  return piece`${pieces.map((one, at) => piece`${at === 0 ? '' : mark}${one}`)}`;
}

function group(outcome: Outcome, tasks: TaskFacts[]): Piece | '' {
  if (tasks.length === 0) return '';
  const { mark, words: became } = outcomes[outcome];
  // What a person has to look into comes with its reason; what is well is counted.
  if (outcome === 'waits_for_you' || outcome === 'failed' || outcome === 'stopped') {
    return piece`${tasks.map((task) => piece`<li>${mark} ${link(task)} ${became}: ${reasonOf(task)}</li>`)}`;
  }
  const names = tasks.map((task) => (outcome === 'not_run' ? piece`${words(task.id, 80)}` : link(task)));
  return piece`<li>${mark} ${became}: ${between(names, ', ')}</li>`;
}

function reasonOf(task: TaskFacts): Piece {
  const open = task.questions.filter(isOpen);
  const [first] = open;
  if (task.outcome === 'waits_for_you' && first !== undefined) return between(open.map(openQuestion), '; ');
  const ways = open.map((item) => piece`. ${openQuestion(item)}`);
  return piece`${coded(words(task.why, 160))}${ways}`;
}

function list(title: string, entries: string[]): Piece | '' {
  if (entries.length === 0) return '';
  return piece`<section>
    <h2>${title}</h2>
    <ul>
      ${entries.map((entry) => piece`<li>${words(entry, 500)}</li>`)}
    </ul>
  </section>`;
}

function withOutcome(facts: DayFacts, outcome: Outcome): TaskFacts[] {
  return facts.tasks.filter((task) => task.outcome === outcome);
}
