import { createHash } from 'node:crypto';
import MiniSearch from 'minisearch';
import type { AppliedLesson, LessonState, State, TaskSpec } from '../journal/index.ts';
import { LESSONS_FILE } from './entry.ts';
import { counters } from './standing.ts';
import { fits } from './scope.ts';
import { wordsOf } from './words.ts';

/** Lines of a task's instructions, and their tokens (about four characters each). */
const MOST_BULLETS = 10;
const MOST_TOKENS = 1000;
/** A lesson in trial is kept from so many tasks of a hundred; one that came out of its trial by itself, from a few still. */
const HELD_PERCENT = 30;
const HELD_ACTIVE_PERCENT = 10;
/** Before so many tasks that had it are rated, a lesson in trial is tried on no more of them: what harms, harms few. */
const FIRST_TASKS = 3;
/** Who has not rated a task within so many days is not waited for. */
const WAIT_DAYS = 3;
/** With more of them in one task nobody could tell which did what. */
const MOST_TRIALS = 3;

/**
 * What a task is given of what was learned, and what is kept from it. Decided once a task; the same task decides the
 * same again: the draw is made from the lesson's and the task's names.
 */
export function selectLessons(
  lessons: readonly LessonState[],
  spec: TaskSpec,
  { day, today }: { day: string; today: string },
): AppliedLesson[] {
  const eligible = lessons.filter(
    (lesson) =>
      (lesson.status === 'active' || lesson.status === 'trial') &&
      (lesson.expires === undefined || lesson.expires >= today) &&
      fits(lesson.scope, spec),
  );
  // Estimates are corrected before a day begins, for all its tasks.
  const free = (lesson: LessonState) => lesson.status === 'active' || lesson.does.kind === 'estimate';
  const trials = eligible
    .filter((lesson) => !free(lesson) && !isWaitedFor(lesson, today))
    .sort((a, b) => counters(a).exposed - counters(b).exposed || numberOf(a) - numberOf(b));
  const tried = new Set<LessonState>();
  for (const lesson of trials)
    if (tried.size < MOST_TRIALS && ![...tried].some((other) => wereTogether(lesson, other))) tried.add(lesson);
  const chosen = eligible.filter((lesson) => free(lesson) || tried.has(lesson));
  const bullets = new Set(bestBullets(chosen, spec));
  return chosen
    .filter((lesson) => lesson.does.kind !== 'instruction' || bullets.has(lesson))
    .map((lesson) => ({
      ...{ id: lesson.id, text: lesson.text, does: named(lesson), status: lesson.status },
      held: isHeld(lesson, `${day}/${spec.id}`),
    }));
}

/** What each task of a day is given when they begin in this order: a new lesson is tried on few of them. By the task's id. */
export function selectForDay(
  lessons: readonly LessonState[],
  tasks: readonly TaskSpec[],
  when: { day: string; today: string },
): Record<string, AppliedLesson[]> {
  const now = new Map(lessons.map((lesson) => [lesson.id, { ...lesson, uses: { ...lesson.uses } }]));
  const given: Record<string, AppliedLesson[]> = {};
  for (const spec of tasks) {
    const applied = selectLessons([...now.values()], spec, when);
    given[spec.id] = applied;
    for (const { id, held } of applied) {
      const uses = now.get(id)?.uses;
      if (uses !== undefined) uses[`${when.day}/${spec.id}`] ??= { held, at: `${when.today}T00:00:00.000Z` };
    }
  }
  return given;
}

/** A rule of the guard has the lesson's name, so that a refusal says where it comes from. */
function named({ id, does }: LessonState): LessonState['does'] {
  return does.kind === 'guard' ? { ...does, rule: { id: `lesson-${id}`, ...does.rule } } : does;
}

/** The lines most worth their place: those about what the task is about, and those that did well. */
function bestBullets(lessons: readonly LessonState[], spec: TaskSpec): LessonState[] {
  const bullets = lessons.filter(({ does }) => does.kind === 'instruction');
  const search = new MiniSearch({
    fields: ['text'],
    tokenize: wordsOf,
    processTerm: (term) => term,
    searchOptions: { tokenize: wordsOf },
  });
  search.addAll(bullets.map(({ id, text }) => ({ id, text })));
  const query = [spec.name, spec.description, spec.module ?? '', ...spec.tags].join(' ');
  const scores = new Map(search.search(query).map(({ id, score }) => [String(id), score]));
  const worth = (lesson: LessonState) => {
    const { helpful, harmful } = counters(lesson);
    return (1 + (scores.get(lesson.id) ?? 0)) * ((1 + helpful) / (1 + helpful + 2 * harmful));
  };
  const ranked = [...bullets].sort((a, b) => worth(b) - worth(a) || numberOf(b) - numberOf(a));
  let tokens = 0;
  return ranked.slice(0, MOST_BULLETS).filter(({ text }) => (tokens += Math.ceil(text.length / 4) + 4) <= MOST_TOKENS);
}

/** So many tasks are under way with a new lesson that what they say of it is waited for. */
function isWaitedFor({ uses }: LessonState, today: string): boolean {
  const had = Object.values(uses).filter(({ held }) => !held);
  const rated = had.filter(({ good }) => good !== undefined).length;
  const since = Date.parse(today) - WAIT_DAYS * 24 * 3_600_000;
  const open = had.filter(({ good, at }) => good === undefined && Date.parse(at) >= since).length;
  return rated < FIRST_TASKS && open >= FIRST_TASKS - rated;
}

/** Two that are new are in one task once: where it goes badly, the next one shows which of them it was. */
function wereTogether(one: LessonState, other: LessonState): boolean {
  const rated = ({ uses }: LessonState) =>
    Object.values(uses).filter(({ held, good }) => !held && good !== undefined).length;
  if (rated(one) >= FIRST_TASKS && rated(other) >= FIRST_TASKS) return false;
  return Object.entries(one.uses).some(([task, { held }]) => !held && other.uses[task]?.held === false);
}

function isHeld(lesson: LessonState, task: string): boolean {
  const draw = createHash('sha256').update(`${lesson.id} ${task}`).digest().readUInt32BE(0);
  return draw % 100 < heldPercent(lesson);
}

/** What a person keeps is never held back, and what denies, gates or asks only while a person has it tried. */
function heldPercent(lesson: LessonState): number {
  const { kind } = lesson.does;
  if (kind === 'estimate') return 0;
  if (lesson.status === 'trial') return HELD_PERCENT;
  return (kind === 'instruction' || kind === 'context') && !isKept(lesson) ? HELD_ACTIVE_PERCENT : 0;
}

/** Whether a person said that it holds: by a card, a command, or in the file. */
function isKept({ history, from }: LessonState): boolean {
  const byFile = from.file === LESSONS_FILE && history[0]?.status === 'active';
  return byFile || history.some(({ status, person }) => status === 'active' && person === true);
}

function numberOf({ id }: LessonState): number {
  return Number(id.slice(1)) || 0;
}

/** What a lesson says in a task's instructions, with its id. */
export function bulletOf({ id, text, does }: AppliedLesson): string {
  const words = `[${id}] ${text}`;
  switch (does.kind) {
    case 'guard':
      return `${words} (the guard refuses it)`;
    case 'check':
      return `${words} (\`${does.command}\` must pass before the task is done)`;
    case 'context':
      return `${words} (read first: ${does.files.join(', ')})`;
    case 'question':
      return `${words} (the person was asked before you began)`;
    case 'estimate':
    case 'instruction':
      return words;
  }
}

/**
 * By how much forecasts of a task are too low by the lessons about it, weaker as more of its kind ended since; `since`: the first day that they
 * were said of.
 */
export function correctionOf(
  { lessons, history }: Pick<State, 'lessons' | 'history'>,
  spec: TaskSpec,
): { factor: number; since?: string } {
  let log = 0;
  const days: string[] = [];
  for (const { does, status, scope, created, from } of Object.values(lessons.byId)) {
    if (does.kind !== 'estimate' || (status !== 'active' && status !== 'trial') || !fits(scope, spec)) continue;
    const since = history.filter(
      ({ day, project, complexity, module }) =>
        day > created && project === spec.project && complexity === spec.complexity && module === spec.module,
    ).length;
    // Three tasks weigh as much as a person's word: what they cost is in the history then.
    log += Math.log(does.factor) * (3 / (3 + since));
    days.push(from.date);
  }
  const since = days.sort()[0];
  return { factor: Math.exp(log), ...(since === undefined ? {} : { since }) };
}
