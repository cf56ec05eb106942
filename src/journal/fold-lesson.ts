import type { JournalEvent } from './events.ts';
import type { LessonState, State, TaskState } from './state.ts';
import type { TaskSpec } from './spec.ts';

/** Folds what was learned, and how it did. */
export function foldLesson(state: State, event: JournalEvent): void {
  const { lessons } = state;
  switch (event.type) {
    case 'lesson.proposed': {
      const { lesson } = event.data;
      lessons.last = Math.max(lessons.last, Number(lesson.id.slice(1)) || 0);
      lessons.byId[lesson.id] = {
        ...lesson,
        said: [lesson.from],
        uses: {},
        history: [{ at: event.at, status: lesson.status, why: 'it was said' }],
      };
      return;
    }
    case 'lesson.supported':
      lessons.byId[event.data.id]?.said.push(event.data.from);
      return;
    case 'lesson.changed': {
      const { id, ...changes } = event.data;
      const lesson = lessons.byId[id];
      if (lesson === undefined) return;
      const { text, does, scope, expires = '' } = lesson;
      Object.assign(lesson, changes, { before: { text, does, scope, expires, at: event.at } });
      if (lesson.expires === '') delete lesson.expires;
      if (lesson.supersedes === '') delete lesson.supersedes;
      return;
    }
    case 'lesson.moved': {
      const { id, to, why } = event.data;
      const lesson = lessons.byId[id];
      if (lesson === undefined) return;
      lesson.status = to;
      lesson.history.push({
        at: event.at,
        status: to,
        why,
        ...(event.actor.kind === 'person' ? { person: true } : {}),
      });
      return;
    }
    case 'lesson.applied':
      for (const { id, held } of event.data.lessons) use(lessons.byId[id], event, { held });
      return;
    case 'lesson.judged': {
      const { id, ...said } = event.data;
      const { named = false, ...judged } = said;
      use(lessons.byId[id], event, { ...judged, ...(named ? { named } : {}) });
      return;
    }
    // Without a rating it says nothing of the lessons that its task had.
    case 'feedback.withdrawn':
      unjudge(state, event);
      return;
    case 'feedback.given':
      if (event.data.rating === undefined) unjudge(state, event);
      return;
    case 'lesson.filed':
      lessons.filed = event.data.entries;
      return;
    default:
      return;
  }
}

function unjudge({ days, lessons }: State, { day = '', task = '' }: JournalEvent): void {
  for (const { id } of days[day]?.tasks[task]?.lessons ?? []) {
    const uses = lessons.byId[id]?.uses;
    const known = uses?.[`${day}/${task}`];
    if (uses !== undefined && known !== undefined) uses[`${day}/${task}`] = { held: known.held, at: known.at };
  }
}

function use(lesson: LessonState | undefined, event: JournalEvent, what: Partial<LessonState['uses'][string]>): void {
  if (lesson === undefined || event.day === undefined || event.task === undefined) return;
  const key = `${event.day}/${event.task}`;
  lesson.uses[key] = { held: false, at: event.at, ...lesson.uses[key], ...what };
}

/** A task takes what it was given into its spec: checks, context files, rules of the guard. Done twice it is done once. */
export function giveTask(task: TaskState, event: JournalEvent): void {
  if (event.type === 'lesson.applied') task.lessons = event.data.lessons;
  else if (event.type === 'context.attached') task.attached = event.data.files.map(({ path }) => path);
  else return;
  task.spec = withGiven(task.spec, task);
}

/** A spec with what its task was given beside it: by lessons, and files that were suggested. */
export function withGiven(spec: TaskSpec, given: Pick<TaskState, 'lessons' | 'attached'>): TaskSpec {
  const applied = given.lessons ?? [];
  const next = { ...spec };
  if (given.attached !== undefined) next.contextFiles = unique([...next.contextFiles, ...given.attached]);
  for (const { does, held } of applied) {
    if (held) continue;
    if (does.kind === 'check') next.checks = unique([...next.checks, does.command]);
    if (does.kind === 'context') next.contextFiles = unique([...next.contextFiles, ...does.files]);
    if (does.kind === 'guard') {
      const known = (next.guard ?? []).some((one) => JSON.stringify(one) === JSON.stringify({ rules: [does.rule] }));
      if (!known) next.guard = [...(next.guard ?? []), { rules: [does.rule] }];
    }
  }
  return next;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
