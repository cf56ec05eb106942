import { count } from '../base/index.ts';
import type { ItemState } from '../journal/index.ts';
import type { ItemOpened } from './items.ts';

const NOT_TODAY = 'Not today';
const STARS = ['★★★★★', '★★★★', '★★★', '★★', '★'] as const;
const DAY_MS = 24 * 3_600_000;

/** What somebody says of a task: stars, what shall be different, or both. */
export interface GivenRating {
  task: string;
  stars?: number;
  action?: string;
}

/** How a day's work was: `tasks` are those that nobody has rated. `now` in milliseconds. Nothing waits for it; after a day it is over. */
export function newFeedbackItem(
  id: string,
  { date, tasks }: { date: string; tasks: string[] },
  now: number,
): ItemOpened {
  const [first] = tasks;
  const several = tasks.length > 1;
  return {
    id,
    kind: 'feedback',
    questions: [
      {
        question: `How was ${date}? ${count(tasks.length, 'task')} not rated: ${tasks.join(', ')}.${several ? ' Stars are for each of them.' : ''}`,
        multiSelect: false,
        options: [
          ...STARS.map((label) => ({ label })),
          {
            label: NOT_TODAY,
            description: `Or write what should be different: “${first ?? 'task'} 3 ask me about names first”`,
          },
        ],
      },
    ],
    source: 'daemon',
    about: { kind: 'feedback', date, tasks },
    silence: { kind: 'skip', at: new Date(now + DAY_MS).toISOString() },
  };
}

/** What the answer of a feedback item rates; `unclear`: lines that name none of its tasks. Undefined while there is none. */
export function feedbackDecision(item: ItemState): { ratings: GivenRating[]; unclear: string[] } | undefined {
  const said = item.answers?.[0]?.trim();
  if (said === undefined || item.about?.kind !== 'feedback') return undefined;
  const { tasks } = item.about;
  if (said === NOT_TODAY || /^(?:no|not today|later|skip)[.!]?$/i.test(said)) return { ratings: [], unclear: [] };
  const all = starsOf(said);
  if (all !== undefined) return { ratings: tasks.map((task) => ({ task, stars: all })), unclear: [] };
  const read = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ line, rating: ratingOf(line, tasks) }));
  return {
    ratings: read.flatMap(({ rating }) => rating ?? []),
    unclear: read.flatMap(({ line, rating }) => (rating === undefined ? [line] : [])),
  };
}

/** `a 4`, `a: shorter names`, `a 3 ask me first`; of a single task its name may be left out. */
function ratingOf(line: string, tasks: readonly string[]): GivenRating | undefined {
  const [, first = '', rest = ''] = /^(\S+?):?(?:\s+([\s\S]*))?$/.exec(line) ?? [];
  const named = tasks.find((task) => task.toLowerCase() === first.toLowerCase());
  const task = named ?? (tasks.length === 1 ? tasks[0] : undefined);
  if (task === undefined) return undefined;
  const words = named === undefined ? line : rest;
  const [, mark = '', more = ''] = /^(\S+)(?:\s+([\s\S]*))?$/.exec(words) ?? [];
  const stars = starsOf(mark);
  const action = (stars === undefined ? words : more).trim();
  if (stars === undefined && action === '') return undefined;
  return { task, ...(stars === undefined ? {} : { stars }), ...(action === '' ? {} : { action }) };
}

function starsOf(text: string): number | undefined {
  if (/^[★⭐]{1,5}$/u.test(text)) return text.length;
  const [, number] = /^([1-5])(?:\s*\/\s*5)?[.!]?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number);
}
