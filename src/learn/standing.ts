import type { LessonState, NewEvent } from '../journal/index.ts';
import { oddsThatItHelps, type Tally } from './odds.ts';

/** A lesson that nothing came of for so many days is retired. */
const UNUSED_DAYS = 60;
const DAY_MS = 24 * 3_600_000;
/** The odds rest on so many of the latest rated tasks: a project changes, and what helped in spring may harm in autumn. */
export const LATEST = 20;
/** With such odds after so many tasks that had it, and so many that were kept from it, a lesson does not help. */
const POOR_ODDS = 0.05;
const FEWEST_WITH = 5;
const FEWEST_WITHOUT = 3;
/** So many tasks that it harmed end it, of so many of its latest: two bad days in a long life are chance. */
const HARMED = 2;
const HARMED_OF = 8;
/** What a lesson was retired for by its harm, in words. */
const HARM_WORDS = 'tasks that had it went worse';

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
  return {
    exposed: had.length,
    held: all.length - had.length,
    helpful: had.filter(({ effect }) => effect === 'helpful').length,
    harmful: had.filter(({ effect }) => effect === 'harmful').length,
    odds: oddsThatItHelps(tallyOf({ uses }), tallyOf({ uses }, { held: true })),
  };
}

/** How many of the latest rated tasks that had a lesson, or (`held`) were kept from it, went well. */
function tallyOf({ uses }: Pick<LessonState, 'uses'>, { held = false }: { held?: boolean } = {}): Tally {
  const latest = Object.values(uses)
    .filter((use) => use.held === held && use.good !== undefined)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, LATEST);
  const good = latest.filter((use) => use.good).length;
  return { good, bad: latest.length - good };
}

/**
 * Where lessons go by what is known now: from trial to active when the odds that they help reach .9, or after three
 * exposures without harm and with good ratings; retired after two harmful exposures, after 60 days without use, past
 * their date, or when what they are about is gone (`vanished` says what). Of several that the same bad tasks had, the one that
 * did worst goes, and what it explains counts against no other.
 */
export function movesOf(
  lessons: readonly LessonState[],
  { today, vanished = () => undefined }: { today: string; vanished?: (lesson: LessonState) => string | undefined },
): NewEvent[] {
  const harmed = harmful(lessons);
  return lessons.flatMap((lesson): NewEvent[] => {
    const move = moveOf(lesson, today, harmed.get(lesson.id), vanished);
    return move === undefined ? [] : [{ type: 'lesson.moved', data: { id: lesson.id, ...move } }];
  });
}

/** Those that harmed too many tasks, with the reason, by id. */
function harmful(lessons: readonly LessonState[]): Map<string, string> {
  const explained = new Set<string>();
  const explain = ({ uses }: LessonState) => {
    for (const [task, { effect }] of Object.entries(uses)) if (effect === 'harmful') explained.add(task);
  };
  const [gone, live] = [[] as LessonState[], [] as LessonState[]];
  for (const lesson of lessons) (lesson.status === 'retired' ? gone : live).push(lesson);
  for (const lesson of gone) if (lesson.history.at(-1)?.why.endsWith(HARM_WORDS) === true) explain(lesson);
  const found = new Map<string, string>();
  for (;;) {
    const worst = live
      .filter(({ id }) => !found.has(id))
      .map((lesson) => ({ lesson, harms: harmsOf(lesson, explained) }))
      .filter(({ harms }) => harms.length >= HARMED)
      .sort((a, b) => badShare(b.lesson) - badShare(a.lesson) || b.harms.length - a.harms.length)[0];
    if (worst === undefined) return found;
    found.set(worst.lesson.id, `${worst.harms.length} ${HARM_WORDS}`);
    explain(worst.lesson);
  }
}

/** The tasks that it harmed since a person last had it used, without those that another lesson explains, unless the person named it. */
function harmsOf({ uses, history }: LessonState, explained: ReadonlySet<string>): string[] {
  const since = history.findLast(({ person }) => person === true)?.at ?? '';
  const rated = Object.entries(uses)
    .filter(([, { held, good, at }]) => !held && good !== undefined && at >= since)
    .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1));
  return rated
    .filter(([, { named }], index) => index < HARMED_OF || named === true)
    .filter(([task, { effect, named }]) => effect === 'harmful' && (named === true || !explained.has(task)))
    .map(([task]) => task);
}

function badShare(lesson: LessonState): number {
  const { good, bad } = tallyOf(lesson);
  return bad / Math.max(1, good + bad);
}

function moveOf(
  lesson: LessonState,
  today: string,
  harmed: string | undefined,
  vanished: (lesson: LessonState) => string | undefined,
): { to: LessonState['status']; why: string } | undefined {
  if (lesson.status === 'retired') return undefined;
  const retired = harmed ?? retirement(lesson, today) ?? vanished(lesson);
  if (retired !== undefined) return { to: 'retired', why: retired };
  if (lesson.status !== 'trial') return undefined;
  const { helpful, odds } = counters(lesson);
  const rated = Object.values(lesson.uses).filter(({ held, good }) => !held && good !== undefined);
  const unharmed = rated.every(({ effect, rating }) => effect !== 'harmful' && (rating ?? 0) >= 4);
  if (rated.length >= 3 && unharmed)
    return { to: 'active', why: `${rated.length} tasks had it and were rated 4 or better` };
  if (rated.length >= 3 && odds >= 0.9)
    return {
      to: 'active',
      why: `the odds that it helps are ${odds.toFixed(2)} (${helpful} of ${rated.length} helped)`,
    };
  return undefined;
}

function retirement(lesson: LessonState, today: string): string | undefined {
  const { exposed, odds } = counters(lesson);
  const isRule = lesson.does.kind === 'guard';
  const { good, bad } = tallyOf(lesson, { held: true });
  if (!isRule && exposed >= FEWEST_WITH && odds <= POOR_ODDS && good + bad >= FEWEST_WITHOUT)
    return `the odds that it helps are ${odds.toFixed(2)}`;
  if (lesson.expires !== undefined && lesson.expires < today) return `it held until ${lesson.expires}`;
  const last = Math.max(
    ...[lesson.created, ...lesson.said.map(({ date }) => date)].map((date) => Date.parse(date) || 0),
    ...Object.values(lesson.uses).map(({ at }) => Date.parse(at)),
    ...lesson.history.filter(({ person }) => person === true).map(({ at }) => Date.parse(at)),
  );
  const days = Math.floor((Date.parse(today) - last) / DAY_MS);
  // Nothing that is learned allows by itself what was refused.
  if (days <= UNUSED_DAYS || (isRule && lesson.status === 'active')) return undefined;
  return lesson.status === 'candidate' ? `nobody took it in ${days} days` : `it was not used for ${days} days`;
}
