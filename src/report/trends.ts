import { forecastTask } from '../budget/index.ts';
import { costOf, type State, type TaskState } from '../journal/index.ts';
import { shiftDate } from '../plan/index.ts';

/** A number with what it rests on; `value` is undefined where that is nothing. */
export interface Figure {
  value: number | undefined;
  /** So many tasks. */
  of: number;
}

/** The figures of some days. Each is of tasks that began in them. */
interface Figures {
  /**
   * US dollars of all tasks, failed ones too, through the tasks that a person took: done, and applied, committed, in a pull
   * request, or rated with four stars or more. Rests on those taken.
   */
  costPerAccepted: Figure;
  /**
   * The share of ended tasks (done or failed; what was stopped says nothing) that were right at once: done with the first round of checks, never
   * sent back or tried again, and not rated below four. Rests on the ended ones.
   */
  firstTimeRight: Figure;
  /** Questions that agents asked, or that a person had asked beforehand, a task that began. */
  questionsPerTask: Figure;
  /**
   * How far costs were from their median forecast: the middle one of the factors by which a task was dearer or cheaper; 1 is exact, 2 is
   * double or half. The forecast is the one of the morning; days that have none in the journal get one from what had ended before them.
   * Rests on ended tasks that cost something.
   */
  forecastError: Figure;
  /** The middle one of what they cost through their median forecast: under 1 they were cheaper. */
  forecastRatio: Figure;
  /** The share of those that cost no more than the forecast's P80: .8 is as it should be, more is too careful, less too bold. */
  underP80: Figure;
}

/** What changed against the seven days before. */
export interface Trends {
  now: Figures;
  before: Figures;
  /** Lessons that became active in these days and still are; those that were tried or active, and were retired in them. */
  lessons: { gained: LessonWords[]; lost: (LessonWords & { why: string })[] };
}

interface LessonWords {
  id: string;
  text: string;
}

/** With fewer tasks than this no figure is compared with another. */
export const ENOUGH = 5;

export function trendsOf(state: State, from: string, to: string): Trends {
  return {
    now: figuresOf(state, from, to),
    before: figuresOf(state, shiftDate(from, -7), shiftDate(to, -7)),
    lessons: lessonsOf(state, from, to),
  };
}

function figuresOf(state: State, from: string, to: string): Figures {
  const began = Object.values(state.days)
    .filter(({ date }) => date >= from && date <= to)
    .flatMap(({ date, tasks }) => Object.values(tasks).map((task) => ({ date, task })))
    .filter(({ task }) => task.attempt > 0);
  const ratingOf = (date: string, task: TaskState) => state.feedback[date]?.tasks[task.spec.id]?.rating;
  const ended = began.filter(({ task }) => task.status === 'done' || task.status === 'failed');
  const accepted = ended.filter(({ date, task }) => isAccepted(task, ratingOf(date, task)));
  const right = ended.filter(({ date, task }) => isRightAtOnce(task, ratingOf(date, task)));
  const usd = began.reduce((sum, { task }) => sum + costOf(task), 0);
  const names = new Set(began.map(({ date, task }) => `${date}/${task.spec.id}`));
  const questions = Object.values(state.items).filter(
    ({ kind, day, task }) => kind === 'question' && names.has(`${day}/${task}`),
  );
  const forecasts = forecastsOf(state, from, to);
  const errors = forecasts.map(({ actual, p50 }) => Math.max(actual / p50, p50 / actual)).sort((a, b) => a - b);
  return {
    costPerAccepted: share(usd, accepted.length),
    firstTimeRight: share(right.length, ended.length),
    questionsPerTask: share(questions.length, began.length),
    forecastError: { value: median(errors), of: errors.length },
    forecastRatio: {
      value: median(forecasts.map(({ actual, p50 }) => actual / p50).sort((a, b) => a - b)),
      of: forecasts.length,
    },
    underP80: share(forecasts.filter(({ actual, p80 }) => actual <= p80).length, forecasts.length),
  };
}

function isAccepted(task: TaskState, rating: number | undefined): boolean {
  const taken = task.applied !== undefined || (task.commits ?? []).length > 0 || task.pullRequest !== undefined;
  return task.status === 'done' && (taken || (rating ?? 0) >= 4);
}

function isRightAtOnce(task: TaskState, rating: number | undefined): boolean {
  return task.status === 'done' && task.rounds <= 1 && task.retries === 0 && (rating ?? 5) >= 4;
}

/** What ended tasks cost, with what was forecast as their day began; where the journal has no forecast, from what had ended on earlier days. */
function forecastsOf({ history, days }: State, from: string, to: string) {
  return history
    .filter(({ day, outcome, usd }) => day >= from && day <= to && outcome !== 'stopped' && usd > 0)
    .map((record) => {
      const told = days[record.day]?.forecast?.tasks[record.task]?.usd;
      const known = () => history.filter(({ day }) => day < record.day);
      return { actual: record.usd, ...(told ?? forecastTask(known(), record).usd) };
    });
}

function lessonsOf({ lessons }: State, from: string, to: string): Trends['lessons'] {
  const inside = (at: string) => at.slice(0, 10) >= from && at.slice(0, 10) <= to;
  const all = Object.values(lessons.byId);
  return {
    gained: all
      .filter(
        ({ status, history }) =>
          status === 'active' && history.some((one) => one.status === 'active' && inside(one.at)),
      )
      .map(({ id, text }) => ({ id, text })),
    lost: all.flatMap(({ id, text, status, history }) => {
      const last = history.at(-1);
      const before = history.at(-2)?.status;
      const lost = status === 'retired' && (before === 'active' || before === 'trial');
      return lost && last !== undefined && inside(last.at) ? [{ id, text, why: last.why }] : [];
    }),
  };
}

function share(part: number, of: number): Figure {
  return { value: of === 0 ? undefined : part / of, of };
}

function median(sorted: readonly number[]): number | undefined {
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 || low === undefined || high === undefined ? high : (low + high) / 2;
}
