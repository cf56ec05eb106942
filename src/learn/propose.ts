import type { EventData, Lesson, LessonState, NewEvent } from '../journal/index.ts';
import { enforceable, happenedBefore } from './mistake.ts';
import { enforces, isPersons } from './kinds.ts';
import type { ModelProposal } from './model.ts';
import { covers, overlap } from './scope.ts';
import { structureOf, type Said } from './structure.ts';
import { changesValue, forbids, likeness, namesLesson } from './words.ts';

/** So many lines of one task's feedback may become lessons, wishes first: who writes more has no use for as many cards. */
const MOST_LINES = 20;
/** A lesson says no more than this, in characters. */
const LONGEST = 200;
/** Texts that share so much say the same; with so much and the opposite meaning, they contradict each other. */
const ALIKE = 0.6;

interface Given extends Pick<EventData<'feedback.given'>, 'file' | 'rating' | 'remarks' | 'actions'> {
  day: string;
  task: string;
  person?: string | undefined;
  /** Mistakes that were told of other tasks. */
  earlier?: readonly string[] | undefined;
}

export interface Proposals {
  events: NewEvent[];
  /** Lessons that are new, to be shown to the person. */
  lessons: Lesson[];
  /** By their ids, what a person should know who decides about them. */
  notes?: Record<string, string>;
}

/**
 * What the feedback on one task teaches. `Action:` lines become lessons; ⚠️ and ❌ become candidates where no action says
 * what to do. Lines in the instructions, context files and corrected estimates may be tried at once; what
 * denies, gates or asks waits for the person. What was said before of the same tasks, or of more, is more evidence and no second
 * lesson. An action that says the opposite of an older lesson, or wants another value, takes its place where it is about all of its
 * tasks; what denies, gates or asks ends by the person's yes to the new one only. A mistake contradicts nothing: where a lesson
 * forbids it, it is evidence for that lesson. A mistake that a line did not keep from happening again, or that was told of another
 * task before, leads to a rule or a check.
 * `model`: what a model proposes where the rules know nothing but a line.
 */
export function proposalsOf(
  given: Given,
  known: readonly LessonState[],
  said: Said,
  newId: () => string,
  today: string,
  model: (text: string) => ModelProposal | undefined = () => undefined,
): Proposals {
  const events: NewEvent[] = [];
  const lessons: Lesson[] = [];
  const notes: Record<string, string> = {};
  const lines = [
    ...given.actions.map((line) => ({ ...line, mistake: false })),
    ...given.remarks
      .filter(({ sign }) => sign === 'warning' || sign === 'bad')
      // What is said of a lesson judges it, and is none itself.
      .filter(({ text }) => !known.some(({ id }) => namesLesson(text, id)))
      .map((line) => ({ ...line, mistake: true })),
  ].slice(0, MOST_LINES);
  for (const { text: whole, line, mistake } of lines) {
    const text = shortened(whole);
    const from: Lesson['from'] = {
      ...{ file: given.file, line, date: given.day, task: given.task },
      ...(given.person === undefined ? {} : { person: given.person }),
      ...(given.rating === undefined ? {} : { rating: given.rating }),
    };
    const live = known.filter(({ status }) => status !== 'retired');
    if (known.some((lesson) => saidHere(lesson, text, given))) continue;
    const ruled = structureOf(text, said);
    const proposed = ruled.does.kind === 'instruction' ? model(text) : undefined;
    const { does, scope } = proposed !== undefined && 'does' in proposed ? proposed : ruled;
    const sameAs = proposed !== undefined && 'sameAs' in proposed ? proposed.sameAs : undefined;
    const isAlike = (other: string) =>
      forbids(other) === forbids(text) && likeness(other, text) >= ALIKE && (mistake || !changesValue(other, text));
    const alike =
      live.find(
        (lesson) =>
          covers(lesson.scope, scope) &&
          (isAlike(lesson.text) || (lesson.id === sameAs && forbids(lesson.text) === forbids(text))),
      ) ?? (mistake ? live.find((lesson) => isBroken(lesson, text, { ...scope, module: said.module })) : undefined);
    // Told by one task it is one piece of evidence, however often its section is edited.
    if (alike?.said.some(({ date, task }) => date === given.day && task === given.task) === false)
      events.push({ type: 'lesson.supported', data: { id: alike.id, from } });
    const again = happenedBefore(text, given.earlier ?? []) || alike?.does.kind === 'instruction';
    const twice = mistake && again ? enforceable(text, said) : undefined;
    if (twice !== undefined && !isKnown(twice, [...known, ...lessons], said)) {
      const lesson: Lesson = {
        ...{ id: newId(), text, does: twice, scope: ruled.scope, from, created: today, status: 'candidate' },
        ...(alike === undefined ? {} : { supersedes: alike.id }),
      };
      lessons.push(lesson);
      events.push({ type: 'lesson.proposed', data: { lesson } });
      continue;
    }
    const firmer = alike?.does.kind === 'instruction' && (does.kind === 'guard' || does.kind === 'check');
    if (alike !== undefined && !firmer) continue;
    // What an action of the same section answers is evidence; the action is the lesson.
    if (mistake && alike === undefined && given.actions.length > 0) continue;
    if (lessons.some((lesson) => isAlike(lesson.text))) continue;
    const rivals = mistake ? [] : live.filter((lesson) => isRival(lesson, text, does, scope));
    const rival = rivals.find((lesson) => covers(scope, lesson.scope));
    const id = newId();
    // Where it goes on with one that is alike, that one was too weak.
    const supersedes = rival?.id ?? alike?.id;
    const waits = mistake || enforces(does) || rivals.some(isPersons);
    const lesson: Lesson = {
      ...{ id, text, does, scope, from, created: today, status: waits ? 'candidate' : 'trial' },
      ...(supersedes === undefined ? {} : { supersedes }),
    };
    lessons.push(lesson);
    events.push({ type: 'lesson.proposed', data: { lesson } });
    const [other = rival] = rivals.filter(isPersons);
    if (other !== undefined && isPersons(other)) notes[id] = rivalWords(other, rival === other);
    if (rival === undefined || isPersons(rival)) continue;
    const opposite = forbids(rival.text) !== forbids(text);
    if (opposite || !waits)
      events.push({
        type: 'lesson.moved',
        data: {
          ...{ id: rival.id, to: 'retired' },
          why: `${id} says ${opposite ? 'the opposite' : 'it otherwise'}, and is newer`,
        },
      });
  }
  return { events, lessons, notes };
}

/** What a person should know of an older lesson that a new one is against. */
function rivalWords({ id, text }: LessonState, replaced: boolean): string {
  const end = replaced ? `With your yes it takes the place of ${id}` : `${id} goes on beside it`;
  return `It is against ${id}: “${text}”. ${end}.`;
}

/** Whether the same is done already, or was turned down. */
function isKnown(does: Lesson['does'], lessons: readonly Pick<Lesson, 'does'>[], { checks = [] }: Said): boolean {
  if (does.kind === 'check' && checks.includes(does.command)) return true;
  return lessons.some((lesson) => {
    if (lesson.does.kind !== does.kind) return false;
    return does.kind === 'guard' ? isRefused(does, lesson.does) : JSON.stringify(lesson.does) === JSON.stringify(does);
  });
}

/** Whether what a rule would refuse is refused by another. */
function isRefused(rule: Extract<Lesson['does'], { kind: 'guard' }>, by: Lesson['does']): boolean {
  if (by.kind !== 'guard') return false;
  const [known, wanted] = [patternsIn(by.rule), patternsIn(rule.rule)];
  return wanted.every((one) => known.some((other) => other === one || isWithin(one, other)));
}

/** The paths and commands that a rule of a lesson names. */
function patternsIn({ when }: Record<string, unknown>): string[] {
  const { path, command } = (typeof when === 'object' && when !== null ? when : {}) as Record<string, unknown>;
  return [path, command].flat().filter((one) => typeof one === 'string');
}

/** `migrations/1.sql` lies within `migrations/**`. */
function isWithin(path: string, pattern: string): boolean {
  return pattern.endsWith('/**') && path.startsWith(pattern.slice(0, -2));
}

/** An edited section says again what led to a lesson. */
export function saidHere(lesson: LessonState, text: string, { day, task }: Pick<Given, 'day' | 'task'>): boolean {
  return (
    lesson.said.some((from) => from.date === day && from.task === task) &&
    likeness(lesson.text, text) >= 0.9 &&
    forbids(lesson.text) === forbids(text) &&
    !changesValue(lesson.text, text)
  );
}

/** Whether a mistake is what a lesson forbids. */
function isBroken(lesson: LessonState, mistake: string, scope: Lesson['scope']): boolean {
  if (!forbids(lesson.text) || forbids(mistake) || !overlap(lesson.scope, scope)) return false;
  const wanted = enforceable(mistake, {});
  return likeness(lesson.text, mistake) >= ALIKE || (wanted?.kind === 'guard' && isRefused(wanted, lesson.does));
}

/** Whether a wish says the opposite of a lesson, or wants another value, for tasks that it is about. */
function isRival(lesson: LessonState, text: string, does: Lesson['does'], scope: Lesson['scope']): boolean {
  if (!overlap(lesson.scope, scope)) return false;
  if (lesson.does.kind === 'estimate' && does.kind === 'estimate')
    return covers(lesson.scope, scope) && covers(scope, lesson.scope) && lesson.does.factor !== does.factor;
  if (likeness(lesson.text, text) < ALIKE) return false;
  return forbids(lesson.text) !== forbids(text) || changesValue(lesson.text, text);
}

/** The first sentences that find room. */
export function shortened(text: string): string {
  const plain = text.trim();
  if (plain.length <= LONGEST) return plain;
  const cut = plain.slice(0, LONGEST - 1);
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf(' '));
  return `${cut.slice(0, end > 100 ? end : LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
