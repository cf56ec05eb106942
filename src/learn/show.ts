import { count, oneLine } from '../base/index.ts';
import type { LessonState } from '../journal/index.ts';
import { scopeWords } from './scope.ts';
import { counters } from './standing.ts';

/** So many of the tasks that had a lesson are listed, the latest. */
const SHOWN_TASKS = 30;

/** What a lesson does, in a few words. */
export function doesWords(does: LessonState['does']): string {
  switch (does.kind) {
    case 'guard':
      return `the guard refuses ${ruleWords(does.rule)}`;
    case 'check':
      return `\`${does.command}\` must pass before a task is done`;
    case 'context':
      return `${does.files.join(', ')} ${does.files.length === 1 ? 'is' : 'are'} read first`;
    case 'question':
      return `you are asked before a task starts: ${does.ask}`;
    case 'estimate':
      return `estimates are multiplied by ${does.factor}`;
    case 'instruction':
      return 'it stands in the instructions';
  }
}

/** One line of a list. */
export function lessonLine(lesson: LessonState): string {
  const { exposed, held, helpful, harmful } = counters(lesson);
  const did = exposed + held === 0 ? 'not used yet' : `${count(exposed, 'task')}, ${helpful} helped, ${harmful} harmed`;
  return `${lesson.id.padEnd(4)} ${lesson.status.padEnd(9)} ${lesson.does.kind.padEnd(11)} ${oneLine(lesson.text)}  (${did})`;
}

/** What becomes of lessons that nobody has decided about, and what to do who wants it otherwise: at most two lines. */
export function nextWords(lessons: readonly Pick<LessonState, 'id' | 'status' | 'does'>[]): string[] {
  // An estimate that is corrected counts at once: nothing is compared.
  const of = (status: LessonState['status']) =>
    lessons
      .filter((lesson) => lesson.status === status && (status !== 'trial' || lesson.does.kind !== 'estimate'))
      .map(({ id }) => id);
  const [tried, waiting] = [of('trial'), of('candidate')];
  return [
    ...(tried[0] === undefined
      ? []
      : [
          `Tried on three tasks first: ${tried.join(', ')}. On every task from now on: dayshift lessons accept ${tried[0]}`,
        ]),
    ...(waiting[0] === undefined
      ? []
      : [`Nothing until you say yes: ${waiting.join(', ')}. Yes is: dayshift lessons accept ${waiting[0]}`]),
  ];
}

/** All of a lesson as it is now. */
export function lessonPage(lesson: LessonState): string {
  const { exposed, held, helpful, harmful, odds } = counters(lesson);
  const { file, line, task, rating, person } = lesson.from;
  const by = [task, rating === undefined ? undefined : `${rating}/5`, person].filter((part) => part !== undefined);
  return [
    `${lesson.id} · ${lesson.status} · ${lesson.does.kind}`,
    `  “${oneLine(lesson.text)}”`,
    `  does: ${doesWords(lesson.does)}`,
    `  for: ${scopeWords(lesson.scope)}`,
    `  from: ${file}:${line}${by.length === 0 ? '' : ` (${by.join(', ')})`}${lesson.said.length > 1 ? `; said ${lesson.said.length} times` : ''}`,
    `  since: ${lesson.created}${lesson.expires === undefined ? '' : `, until ${lesson.expires}`}`,
    `  so far: ${count(exposed, 'task')} had it, ${held} were kept from it; ${helpful} helped, ${harmful} harmed; odds that it helps ${odds.toFixed(2)}`,
    ...(lesson.supersedes === undefined ? [] : [`  takes the place of ${lesson.supersedes}`]),
  ].join('\n');
}

/** Why a lesson is what it is: what was said, what became of it, and what each task says of it. */
export function lessonWhy(lesson: LessonState): string {
  const tasks = Object.entries(lesson.uses);
  const earlier = tasks.length - SHOWN_TASKS;
  return [
    lessonPage(lesson),
    '',
    'Said',
    ...lesson.said.map(
      ({ file, line, date, rating }) => `  ${date}  ${file}:${line}${rating === undefined ? '' : `, with ${rating}/5`}`,
    ),
    'Became',
    ...lesson.history.map(
      ({ at, status, why, person }) =>
        `  ${at.slice(0, 10)}  ${status}: ${oneLine(why)}${person === true ? ' (by a person)' : ''}`,
    ),
    'Tasks',
    ...(tasks.length === 0 ? ['  none yet'] : []),
    ...(earlier > 0 ? [`  … ${count(earlier, 'task')} before these`] : []),
    ...tasks.slice(-SHOWN_TASKS).map(([task, { held, effect, rating, why }]) => {
      const stars = rating === undefined ? 'not rated' : `${rating}/5`;
      const did = held ? 'kept from it' : `had it${effect === undefined ? '' : `: ${effect}`}`;
      return `  ${task}  ${stars}  ${did}${why === undefined || held ? '' : ` (${oneLine(why)})`}`;
    }),
  ].join('\n');
}

/** What a rule is about, in words where it is a plain one. */
function ruleWords({ when, then }: Record<string, unknown>): string {
  const { command, path, effect, ...rest } = (typeof when === 'object' && when !== null ? when : {}) as Record<
    string,
    unknown
  >;
  const listed = (value: unknown) => [value].flat().map(String);
  const held = then === 'ask' ? ' until you allow it' : '';
  if (Object.keys(rest).length === 0 && command !== undefined && path === undefined && effect === undefined)
    return `${listed(command)
      .filter((one) => !one.endsWith(' *'))
      .join(', ')}${held}`;
  if (Object.keys(rest).length === 0 && path !== undefined && command === undefined)
    return `${effect === undefined ? 'whatever is done' : listed(effect).join(' and ')} to ${listed(path).join(', ')}${held}`;
  return `${JSON.stringify(when)}${held}`;
}
