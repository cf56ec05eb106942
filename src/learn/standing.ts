import type { LessonState, NewEvent } from '../journal/index.ts';
import { isPersons } from './kinds.ts';
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

export interface When {
  today: string;
  /** What a lesson is about that is not there any more, in words. */
  vanished?: (lesson: LessonState) => string | undefined;
}

/**
 * Where lessons go by what is known now: from trial to active when the odds that they help reach .9, or after three
 * exposures without harm and with good ratings; retired after two harmful exposures, after 60 days without use, past
 * their date, or when what they are about is gone (`vanished` says what). Of several that the same bad tasks had, the one that
 * did worst goes, and what it explains counts against no other. What denies, gates or asks ends by a person's word or its date only: see
 * `doubtsOf`. Since a person last decided about a lesson, only what came later counts.
 */
export function movesOf(lessons: readonly LessonState[], { today, vanished = () => undefined }: When): NewEvent[] {
  const harmed = harmful(lessons);
  return lessons.flatMap((lesson): NewEvent[] => {
    const move = moveOf(lesson, today, harmed.get(lesson.id), vanished);
    return move === undefined ? [] : [{ type: 'lesson.moved', data: { id: lesson.id, ...move } }];
  });
}

/** What speaks against lessons that only a person ends: for a question to them. What is about nothing that is there is not asked about. */
export function doubtsOf(
  lessons: readonly LessonState[],
  { today, vanished = () => undefined }: When,
): { id: string; why: string }[] {
  const harmed = harmful(lessons);
  return lessons.filter(isPersons).flatMap((lesson) => {
    const why = harmed.get(lesson.id) ?? fading(lesson, today);
    return why === undefined || vanished(lesson) !== undefined ? [] : [{ id: lesson.id, why }];
  });
}

/** When a person last decided about it; empty for never. */
function decidedAt({ history }: Pick<LessonState, 'history'>): string {
  return history.findLast(({ person }) => person === true)?.at ?? '';
}

/** Its tasks since then. */
function usesSince(lesson: LessonState): LessonState['uses'] {
  const since = decidedAt(lesson);
  return Object.fromEntries(Object.entries(lesson.uses).filter(([, { at }]) => at >= since));
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
function harmsOf(lesson: LessonState, explained: ReadonlySet<string>): string[] {
  const rated = Object.entries(usesSince(lesson))
    .filter(([, { held, good }]) => !held && good !== undefined)
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
  const { expires } = lesson;
  // What a person took into use after its date holds on.
  if (expires !== undefined && expires < today && decidedAt(lesson).slice(0, 10) <= expires)
    return { to: 'retired', why: `it held until ${expires}` };
  if (!isPersons(lesson)) {
    const gone = lesson.history.at(-1)?.person === true ? undefined : vanished(lesson);
    const retired = harmed ?? fading(lesson, today) ?? gone;
    if (retired !== undefined) return { to: 'retired', why: retired };
  }
  if (lesson.status !== 'trial') return undefined;
  const uses = usesSince(lesson);
  const { helpful, odds } = counters({ uses });
  const rated = Object.values(uses).filter(({ held, good }) => !held && good !== undefined);
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

/** Whether it does not help, or nobody has a use for it. */
function fading(lesson: LessonState, today: string): string | undefined {
  const uses = usesSince(lesson);
  const { exposed, odds } = counters({ uses });
  const { good, bad } = tallyOf({ uses }, { held: true });
  if (exposed >= FEWEST_WITH && odds <= POOR_ODDS && good + bad >= FEWEST_WITHOUT)
    return `the odds that it helps are ${odds.toFixed(2)}`;
  const last = Math.max(
    ...[lesson.created, ...lesson.said.map(({ date }) => date)].map((date) => Date.parse(date) || 0),
    ...Object.values(lesson.uses).map(({ at }) => Date.parse(at)),
    ...lesson.history.filter(({ person }) => person === true).map(({ at }) => Date.parse(at)),
  );
  const days = Math.floor((Date.parse(today) - last) / DAY_MS);
  if (days <= UNUSED_DAYS) return undefined;
  return lesson.status === 'candidate' ? `nobody took it in ${days} days` : `it was not used for ${days} days`;
}
