import type { AppliedLesson, EventData, LessonState, NewEvent, State, TaskState } from '../journal/index.ts';
import { keptOf } from './kept.ts';
import { fits } from './scope.ts';
import { oddsThatItHelps, type Tally } from './odds.ts';
import { LATEST } from './standing.ts';
import { enforces } from './kinds.ts';
import { likeness, namesLesson } from './words.ts';

/** With so few ratings of other tasks, what is usual is taken to be this. */
const USUAL = 3;
const FEWEST = 3;
/** So many of the latest tasks without a lesson are compared with, and they weigh as much as so many of its own. */
const COMPARED = 60;
const WEIGH = 10;
/** A task that got no more stars than this went badly, where so many more are usual, and all but so few do no worse. */
const BADLY = 2.5;
const WORSE = 1;
const RARE = 0.1;
const ENOUGH = 4;

interface Rated {
  day: string;
  task: string;
  rating: number;
  remarks: EventData<'feedback.given'>['remarks'];
  applied: readonly AppliedLesson[];
  /** What of its work still stood when it was looked at last. */
  survival?: TaskState['survival'] | undefined;
}

/**
 * What a rated task says of the lessons that it had, and of those that were kept from it. A task went well with four
 * stars. Where it went badly, a star or more worse than is usual without the lesson and worse than nine in ten such tasks, a
 * lesson is harmful that did no better so far than they: one that mostly went well is not blamed for one bad day, active or not. What the person
 * says of it by its name ("l3 was wrong here") counts before that, and alone for what denies, gates or asks: a bad day loosens
 * nothing.
 */
export function judgementsOf(
  state: Pick<State, 'feedback' | 'lessons'> & Partial<Pick<State, 'days'>>,
  rated: Rated,
): NewEvent[] {
  const { day, task, rating, applied } = rated;
  return applied.flatMap((one): NewEvent[] => {
    const lesson = state.lessons.byId[one.id];
    if (lesson === undefined) return [];
    const good = rating >= 4;
    const key = `${day}/${task}`;
    const judged: Judged = one.held
      ? { effect: 'neutral', why: 'it was kept from this task' }
      : effectOf(one, rated, ratingsWithout(state, lesson, key), recordOf(state.feedback, lesson, key));
    return [{ type: 'lesson.judged', day, task, data: { id: one.id, good, rating, ...judged } }];
  });
}

type Judged = Pick<EventData<'lesson.judged'>, 'effect' | 'why' | 'named'>;

function effectOf(
  { id, text, does }: AppliedLesson,
  { rating, remarks, survival }: Rated,
  without: readonly number[],
  { good, bad }: Tally,
): Judged {
  const said = remarks.find((remark) => namesLesson(remark.text, id));
  if (said?.sign === 'good') return { effect: 'helpful', why: `“${said.text}”`, named: true };
  if (said?.sign === 'bad' || said?.sign === 'warning')
    return { effect: 'harmful', why: `“${said.text}”`, named: true };
  const usual = usualOf(without);
  const compared = `${rating} stars, where ${usual.toFixed(1)} are usual without it`;
  if (rating <= BADLY && rating <= usual - WORSE && isRare(rating, without) && !enforces(does)) {
    if (oddsThatItHelps({ good, bad: bad + 1 }, weighed(without)) < 0.5) return { effect: 'harmful', why: compared };
    return { effect: 'neutral', why: `${compared}; ${good} of ${good + bad} tasks that had it went well` };
  }
  const again = remarks.find(({ sign, text: words }) => /bad|warning/.test(sign) && likeness(words, text) >= 0.5);
  if (again !== undefined) return { effect: 'neutral', why: `what it is about happened again: “${again.text}”` };
  // Stars that were given before the work was written anew do not speak for what its agent was told.
  if (rating >= 4 && survival !== undefined && keptOf(survival) === 'rewritten')
    return {
      effect: 'neutral',
      why: `${rating} stars, but ${survival.standing} of ${survival.added} added lines still stand`,
    };
  return rating >= 4 ? { effect: 'helpful', why: `${rating} stars` } : { effect: 'neutral', why: compared };
}

/** How the latest tasks that had it went, by what is said of them now, without the one that is judged. */
function recordOf(feedback: State['feedback'], { uses }: LessonState, except: string): Tally {
  const ratings = Object.entries(uses)
    .filter(([key, { held }]) => !held && key !== except)
    .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1))
    .flatMap(([key]) => feedback[key.slice(0, 10)]?.tasks[key.slice(11)]?.rating ?? [])
    .slice(0, LATEST);
  const good = ratings.filter((rating) => rating >= 4).length;
  return { good, bad: ratings.length - good };
}

/** The ratings of the latest tasks of the same project, and of its module where it has one, that did not have the lesson. */
function ratingsWithout(
  { feedback, days }: Pick<State, 'feedback'> & Partial<Pick<State, 'days'>>,
  { uses, scope }: LessonState,
  except: string,
): number[] {
  const ratings: number[] = [];
  const own = days?.[except.slice(0, 10)]?.tasks[except.slice(11)]?.spec;
  for (const day of Object.keys(feedback).sort().reverse()) {
    for (const [task, { rating }] of Object.entries(feedback[day]?.tasks ?? {})) {
      const key = `${day}/${task}`;
      if (rating === undefined || key === except || uses[key]?.held === false) continue;
      const spec = days?.[day]?.tasks[task]?.spec;
      if (spec !== undefined && own !== undefined && spec.project !== own.project) continue;
      if (spec !== undefined && scope.module !== undefined && !fits({ module: scope.module }, spec)) continue;
      ratings.push(rating);
    }
    if (ratings.length >= COMPARED) break;
  }
  return ratings;
}

/** Whether hardly any task without it does as badly: by its rank among them, one more counted. Too few of them say nothing against it. */
function isRare(rating: number, without: readonly number[]): boolean {
  if (without.length < ENOUGH) return true;
  const below = without.filter((one) => one < rating).length;
  const level = without.filter((one) => one === rating).length;
  return (below + level / 2 + 0.5) / (without.length + 1) <= RARE;
}

function usualOf(ratings: readonly number[]): number {
  const missing = Math.max(0, FEWEST - ratings.length);
  return (ratings.reduce((sum, one) => sum + one, 0) + missing * USUAL) / (ratings.length + missing);
}

/** Earlier tasks are like those of today only more or less: all of them count as ten at most (a power prior). */
function weighed(ratings: readonly number[]): Tally {
  const share = Math.min(1, WEIGH / Math.max(1, ratings.length));
  const good = ratings.filter((rating) => rating >= 4).length * share;
  return { good, bad: ratings.length * share - good };
}
