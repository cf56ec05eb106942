import type { EventData, Lesson, LessonState, NewEvent } from '../journal/index.ts';
import { enforceable, happenedBefore } from './mistake.ts';
import type { ModelProposal } from './model.ts';
import { overlap } from './scope.ts';
import { structureOf, type Said } from './structure.ts';
import { forbids, likeness, names } from './words.ts';

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
}

/**
 * What the feedback on one task teaches. `Action:` lines become lessons; ⚠️ and ❌ become candidates where no action says
 * what to do. Lines in the instructions, context files and corrected estimates may be tried at once; what
 * denies, gates or asks waits for the person. What was said before is more evidence and no second lesson; the opposite
 * of an older one takes its place; a mistake that a line did not keep from happening again, or that was told of another
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
  const lines = [
    ...given.actions.map((line) => ({ ...line, mistake: false })),
    ...given.remarks
      .filter(({ sign }) => sign === 'warning' || sign === 'bad')
      // What is said of a lesson judges it, and is none itself.
      .filter(({ text }) => !known.some(({ id }) => names(text, id)))
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
    const alike = live.find(
      (lesson) =>
        forbids(lesson.text) === forbids(text) &&
        (lesson.id === sameAs || (likeness(lesson.text, text) >= ALIKE && overlap(lesson.scope, scope))),
    );
    if (alike !== undefined) events.push({ type: 'lesson.supported', data: { id: alike.id, from } });
    const twice = mistake && happenedBefore(text, given.earlier ?? []) ? enforceable(text, said) : undefined;
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
    if (lessons.some((lesson) => likeness(lesson.text, text) >= ALIKE && forbids(lesson.text) === forbids(text)))
      continue;
    const opposite = live.find((lesson) => contradicts(lesson, text, does, scope));
    const id = newId();
    // Where it goes on with one that is alike, that one was too weak.
    const supersedes = opposite?.id ?? alike?.id;
    const lesson: Lesson = {
      ...{ id, text, does, scope, from, created: today },
      status: !mistake && mayTry(does) ? 'trial' : 'candidate',
      ...(supersedes === undefined ? {} : { supersedes }),
    };
    lessons.push(lesson);
    events.push({ type: 'lesson.proposed', data: { lesson } });
    if (opposite !== undefined)
      events.push({
        type: 'lesson.moved',
        data: { id: opposite.id, to: 'retired', why: `${id} says the opposite, and is newer` },
      });
  }
  return { events, lessons };
}

/** Whether the same is done already, or was turned down. */
function isKnown(does: Lesson['does'], lessons: readonly Pick<Lesson, 'does'>[], { checks = [] }: Said): boolean {
  if (does.kind === 'check' && checks.includes(does.command)) return true;
  return lessons.some((lesson) => {
    if (lesson.does.kind !== does.kind) return false;
    if (lesson.does.kind !== 'guard' || does.kind !== 'guard')
      return JSON.stringify(lesson.does) === JSON.stringify(does);
    const [known, wanted] = [patternsIn(lesson.does.rule), patternsIn(does.rule)];
    return wanted.every((one) => known.some((other) => other === one || isWithin(one, other)));
  });
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

/** What keeps nobody from working may be tried without asking. */
function mayTry(does: Lesson['does']): boolean {
  return does.kind === 'instruction' || does.kind === 'context' || does.kind === 'estimate';
}

/** An edited section says again what led to a lesson. */
function saidHere(lesson: LessonState, text: string, { day, task }: Given): boolean {
  return lesson.said.some((from) => from.date === day && from.task === task) && likeness(lesson.text, text) >= 0.9;
}

function contradicts(lesson: LessonState, text: string, does: Lesson['does'], scope: Lesson['scope']): boolean {
  if (!overlap(lesson.scope, scope)) return false;
  if (lesson.does.kind === 'estimate' && does.kind === 'estimate')
    return JSON.stringify(lesson.scope) === JSON.stringify(scope) && lesson.does.factor !== does.factor;
  return forbids(lesson.text) !== forbids(text) && likeness(lesson.text, text) >= ALIKE;
}

/** The first sentences that find room. */
function shortened(text: string): string {
  const plain = text.trim();
  if (plain.length <= LONGEST) return plain;
  const cut = plain.slice(0, LONGEST - 1);
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf(' '));
  return `${cut.slice(0, end > 100 ? end : LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
