import type { Lesson, NewEvent, State, TaskState } from '../journal/index.ts';
import { keptOf } from './kept.ts';
import { filesOf } from './past.ts';
import type { Proposals } from './propose.ts';
import { overlap } from './scope.ts';
import { isNoise } from './suggest.ts';

/** Stars from which on a ✅ is evidence; so many tasks must agree. */
const WELL = 4;
const INDEPENDENT = 3;
/** Of the tasks that went well so many must have read a file, and of all others so many fewer: what every task reads says nothing. */
const MOST_OF_THEM = 0.6;
const MORE_THAN_ELSEWHERE = 0.3;
const MOST_FILES = 3;

interface Praised {
  day: string;
  task: string;
  file: string;
  rating?: number | undefined;
  remarks: readonly { sign: string; text: string; line: number }[];
  person?: string | undefined;
}

interface Success {
  key: string;
  date: string;
  line: number;
  rating: number;
  said: string;
  read: ReadonlySet<string>;
}

/**
 * A ✅ with four stars or more is evidence for what its task had read. After three such tasks of one module that are
 * independent of each other (a task that was carried over counts once), the files that most of them read, and few
 * others do, are trusted: they are read first in that module from now on. The text is what the person praised, quoted.
 */
export function patternsOf(
  state: Pick<State, 'days' | 'feedback' | 'lessons'>,
  given: Praised,
  known: readonly Lesson[],
  newId: () => string,
  today: string,
): Proposals {
  const nothing = { events: [], lessons: [] };
  const task = state.days[given.day]?.tasks[given.task];
  const { module, project } = task?.spec ?? {};
  const praise = given.remarks.find(({ sign }) => sign === 'good');
  if (task === undefined || module === undefined || project === undefined || praise === undefined) return nothing;
  if ((given.rating ?? 0) < WELL) return nothing;
  const all = tasksOf(state, given).filter(({ of }) => of.spec.project === project);
  const successes = independent(all.filter(({ of }) => of.spec.module === module).flatMap(successOf));
  if (successes.length < INDEPENDENT) return nothing;
  const others = all.filter(({ of }) => of.spec.module !== module && of.attempt > 0).map(({ of }) => readBy(of));
  const scope = { project, module };
  const isNamed = (path: string) =>
    known.some(({ does, scope: of }) => does.kind === 'context' && does.files.includes(path) && overlap(of, scope));
  const files = [...new Set(successes.flatMap(({ read }) => [...read]))]
    .map((path) => ({
      path,
      here: share(
        successes.map(({ read }) => read),
        path,
      ),
      there: share(others, path),
    }))
    .filter(({ path, here, there }) => here >= MOST_OF_THEM && here - there >= MORE_THAN_ELSEWHERE && !isNoise(path))
    .filter(({ path }) => successes.filter(({ read }) => read.has(path)).length >= INDEPENDENT && !isNamed(path))
    .sort((a, b) => b.here - b.there - (a.here - a.there) || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_FILES)
    .map(({ path }) => path);
  if (files.length === 0) return nothing;
  const source = ({ date, line, rating, key }: Success): Lesson['from'] => ({
    ...{ file: `feedback/${date}.md`, line, date, task: key.slice(date.length + 1), rating },
    ...(given.person === undefined ? {} : { person: given.person }),
  });
  const [first, ...more] = [...successes].reverse();
  if (first === undefined) return nothing;
  const id = newId();
  const lesson: Lesson = {
    ...{ id, text: first.said.slice(0, 200), does: { kind: 'context', files }, scope, status: 'active' },
    ...{ from: source(first), created: today },
  };
  const supported = more.map((one): NewEvent => ({ type: 'lesson.supported', data: { id, from: source(one) } }));
  return { events: [{ type: 'lesson.proposed', data: { lesson } }, ...supported], lessons: [lesson] };
}

interface Rated {
  date: string;
  of: TaskState;
  rating: number | undefined;
  remarks: Praised['remarks'];
}

/** All tasks with what was said of them, the one that is read now as it is said now. */
function tasksOf({ days, feedback }: Pick<State, 'days' | 'feedback'>, given: Praised): Rated[] {
  return Object.values(days).flatMap(({ date, tasks }) =>
    Object.values(tasks).map((of) => {
      const now = date === given.day && of.spec.id === given.task;
      const said = now ? given : feedback[date]?.tasks[of.spec.id];
      return { date, of, rating: said?.rating, remarks: said?.remarks ?? [] };
    }),
  );
}

function successOf({ date, of, rating, remarks }: Rated): (Success & { root: string })[] {
  const praise = remarks.find(({ sign }) => sign === 'good');
  if (praise === undefined || rating === undefined || rating < WELL || keptOf(of.survival) === 'rewritten') return [];
  const { origin } = of.spec;
  const root = origin?.kind === 'carried' ? `${origin.day}/${origin.task}` : `${date}/${of.spec.id}`;
  return [
    { ...{ key: `${date}/${of.spec.id}`, root, date, rating }, line: praise.line, said: praise.text, read: readBy(of) },
  ];
}

/** Each piece of work once, however many days it was carried over. */
function independent(successes: readonly (Success & { root: string })[]): Success[] {
  const roots = new Map(successes.map((one) => [one.root, one]));
  return [...roots.values()].filter(({ key, root }) => key === root || !roots.has(key));
}

function readBy(task: TaskState): ReadonlySet<string> {
  return new Set([
    ...task.spec.contextFiles,
    ...Object.entries(filesOf(task)).flatMap(([path, how]) => (how === 'read' ? [path] : [])),
  ]);
}

function share(sets: readonly ReadonlySet<string>[], path: string): number {
  return sets.length === 0 ? 0 : sets.filter((read) => read.has(path)).length / sets.length;
}
