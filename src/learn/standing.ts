import type { LessonState, NewEvent } from '../journal/index.ts';
import { oddsThatItHelps } from './odds.ts';

/** A lesson that nothing came of for so many days is retired. */
const UNUSED_DAYS = 60;
const DAY_MS = 24 * 3_600_000;

export interface Counters {
  /** Tasks that had it, and that were kept from it. */
  exposed: number;
  held: number;
  helpful: number;
  harmful: number;
  /** How likely it is that it helps. */
  odds: number;
}

/** How a lesson did so far. */
export function counters({ uses }: Pick<LessonState, 'uses'>): Counters {
  const all = Object.values(uses);
  const had = all.filter(({ held }) => !held);
  const without = all.filter(({ held }) => held);
  const tally = (some: typeof all) => ({
    good: some.filter(({ good }) => good === true).length,
    bad: some.filter(({ good }) => good === false).length,
  });
  return {
    exposed: had.length,
    held: without.length,
    helpful: had.filter(({ effect }) => effect === 'helpful').length,
    harmful: had.filter(({ effect }) => effect === 'harmful').length,
    odds: oddsThatItHelps(tally(had), tally(without)),
  };
}

/**
 * Where lessons go by what is known now: from trial to active when the odds that they help reach .9, or after three
 * exposures without harm and with good ratings; retired after two harmful exposures, after 60 days without use, past
 * their date, or when their project is gone.
 */
export function movesOf(
  lessons: readonly LessonState[],
  { today, projects }: { today: string; projects: readonly string[] },
): NewEvent[] {
  return lessons.flatMap((lesson): NewEvent[] => {
    const move = moveOf(lesson, today, projects);
    return move === undefined ? [] : [{ type: 'lesson.moved', data: { id: lesson.id, ...move } }];
  });
}

function moveOf(
  lesson: LessonState,
  today: string,
  projects: readonly string[],
): { to: LessonState['status']; why: string } | undefined {
  if (lesson.status === 'retired') return undefined;
  const retired = retirement(lesson, today, projects);
  if (retired !== undefined) return { to: 'retired', why: retired };
  if (lesson.status !== 'trial') return undefined;
  const { helpful, harmful, odds } = counters(lesson);
  const rated = Object.values(lesson.uses).filter(({ held, good }) => !held && good !== undefined);
  if (rated.length >= 3 && harmful === 0 && rated.every(({ rating }) => (rating ?? 0) >= 4))
    return { to: 'active', why: `${rated.length} tasks had it and were rated 4 or better` };
  if (rated.length >= 3 && odds >= 0.9)
    return {
      to: 'active',
      why: `the odds that it helps are ${odds.toFixed(2)} (${helpful} of ${rated.length} helped)`,
    };
  return undefined;
}

function retirement(lesson: LessonState, today: string, projects: readonly string[]): string | undefined {
  const { harmful, exposed, odds } = counters(lesson);
  if (harmful >= 2) return `${harmful} tasks that had it went worse`;
  if (exposed >= 5 && odds <= 0.1) return `the odds that it helps are ${odds.toFixed(2)}`;
  if (lesson.expires !== undefined && lesson.expires < today) return `it held until ${lesson.expires}`;
  const { project } = lesson.scope;
  if (
    project !== undefined &&
    projects.length > 0 &&
    !projects.some((name) => name.toLowerCase() === project.toLowerCase())
  )
    return `there is no project ${project} any more`;
  const last = Math.max(
    ...[lesson.created, ...lesson.said.map(({ date }) => date)].map((date) => Date.parse(date) || 0),
    ...Object.values(lesson.uses).map(({ at }) => Date.parse(at)),
    ...lesson.history.filter(({ person }) => person === true).map(({ at }) => Date.parse(at)),
  );
  const days = Math.floor((Date.parse(today) - last) / DAY_MS);
  if (days <= UNUSED_DAYS) return undefined;
  return lesson.status === 'candidate' ? `nobody took it in ${days} days` : `it was not used for ${days} days`;
}
