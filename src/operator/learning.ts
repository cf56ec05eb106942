import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectConfig, timezoneOf } from '../home/index.ts';
import { newLessonItem, nextItemId, placeOfItem } from '../inbox/index.ts';
import {
  doesWords,
  judgementsOf,
  patternsOf,
  proposalsOf,
  scopeWords,
  shortened,
  staysInside,
  structureOf,
  takenBack,
  type Said,
} from '../learn/index.ts';
import {
  costOf,
  type Actor,
  type EventData,
  type EventOf,
  type LessonState,
  type NewEvent,
  type State,
  type TaskState,
} from '../journal/index.ts';
import { dateIn } from '../plan/index.ts';
import { modelAsker } from './ask-model.ts';
import type { OperatorContext } from './types.ts';

/** News of a task's section; without data it is gone. */
type Given = { data?: EventOf<'feedback.given'>['data'] | undefined } & { day: string; task: string };

/** Today in the home's time zone. */
export function todayOf(ctx: OperatorContext): string {
  return dateIn(new Date(ctx.clock.now()), timezoneOf(ctx.home));
}

export function allLessons(ctx: OperatorContext): LessonState[] {
  return Object.values(ctx.journal.state.lessons.byId);
}

/** What new feedback teaches: lessons, cards about them, and what it says of the lessons that its tasks had. */
export async function lessonsOf(
  ctx: OperatorContext,
  given: readonly Given[],
  by: Actor,
  newItemId: () => string,
  log: (text: string) => void,
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  const newId = lessonIds(ctx);
  const today = todayOf(ctx);
  let known = allLessons(ctx);
  const { ollama } = ctx.home.config.learning;
  const askModel = ollama === undefined ? undefined : modelAsker(ollama, log);
  const feedback = withNews(ctx.journal.state.feedback, given);
  for (const { day, task, data } of given) {
    const state = ctx.journal.state.days[day]?.tasks[task];
    if (state === undefined) continue;
    const gone = takenBackOf(ctx, { day, task, data }, known);
    events.push(...gone.events);
    known = gone.known;
    if (data === undefined) continue;
    const { actions } = data;
    const person = by.id;
    const said = await saidOf(ctx, day, state);
    const wishes = [...actions, ...data.remarks.filter(({ sign }) => sign === 'warning' || sign === 'bad')]
      .map(({ text }) => shortened(text))
      .filter((text) => structureOf(text, said).does.kind === 'instruction');
    const model = await askModel?.(wishes.slice(0, 10), known, said);
    const proposals = proposalsOf(
      {
        ...{ ...data, day, task, earlier: mistakesBeside(feedback, { day, task }) },
        ...(person === undefined ? {} : { person }),
      },
      known,
      said,
      newId,
      today,
      (text) => model?.get(text),
    );
    const praised = { ...data, day, task, person };
    const patterns = patternsOf(
      { ...ctx.journal.state, feedback },
      praised,
      [...known, ...proposals.lessons],
      newId,
      today,
    );
    events.push(...[...proposals.events, ...patterns.events].map((event) => ({ ...event, day, task })));
    for (const lesson of [...proposals.lessons, ...patterns.lessons]) {
      known.push({ ...lesson, said: [lesson.from], uses: {}, history: [] });
      const note = proposals.notes?.[lesson.id];
      const module = lesson.scope.module === undefined ? state.spec.module : undefined;
      const card = {
        ...{ id: lesson.id, text: lesson.text, status: lesson.status },
        ...{ does: doesWords(lesson.does), scope: scopeWords(lesson.scope) },
        from: `${lesson.from.file}:${lesson.from.line} says so`,
        ...(module === undefined ? {} : { module }),
        ...(note === undefined ? {} : { note }),
      };
      events.push({ type: 'item.opened', data: newLessonItem(newItemId(), card, ctx.clock.now()) });
    }
    if (data.rating !== undefined)
      events.push(
        ...judgementsOf(
          { ...ctx.journal.state, feedback },
          {
            ...{ day, task, rating: data.rating, remarks: data.remarks },
            applied: state.lessons ?? [],
            survival: state.survival,
          },
        ),
      );
  }
  return events;
}

/** What a rated task says of its lessons now that other lines of it stand: only what is said otherwise than before. */
export function judgedAgain(
  ctx: OperatorContext,
  { day, task, state }: { day: string; task: string; state: TaskState },
  seen: EventData<'work.survived'>,
): NewEvent[] {
  const given = ctx.journal.state.feedback[day]?.tasks[task];
  if (given?.rating === undefined) return [];
  const survival = { ...seen, at: '' };
  const { rating, remarks } = given;
  const judged = judgementsOf(ctx.journal.state, {
    day,
    task,
    rating,
    remarks,
    applied: state.lessons ?? [],
    survival,
  });
  return judged.filter(
    (event) =>
      event.type === 'lesson.judged' &&
      ctx.journal.state.lessons.byId[event.data.id]?.uses[`${day}/${task}`]?.effect !== event.data.effect,
  );
}

/** What a section that changed takes back: lessons, with the cards about them. `known`: all lessons as they are then. */
function takenBackOf(ctx: OperatorContext, { day, task, data }: Given, known: LessonState[]) {
  const mistakes = data?.remarks.filter(({ sign }) => sign === 'warning' || sign === 'bad') ?? [];
  const lines = [...(data?.actions ?? []), ...mistakes].map(({ text }) => text);
  const moves = takenBack({ day, task, lines }, known);
  const to = new Map(moves.flatMap((event) => (event.type === 'lesson.moved' ? [[event.data.id, event.data]] : [])));
  const cards = Object.values(ctx.journal.state.items).filter(
    ({ kind, about, status }) =>
      kind === 'lesson' && status === 'open' && about?.kind === 'lesson' && to.get(about.lesson)?.to === 'retired',
  );
  const over = cards.map((item): NewEvent => ({
    ...{ type: 'item.withdrawn', ...placeOfItem(item) },
    data: { id: item.id, why: 'what it is about was taken out of the feedback' },
  }));
  return {
    events: [...moves.map((event) => ({ ...event, day, task })), ...over],
    known: known.map((lesson) => ({ ...lesson, status: to.get(lesson.id)?.to ?? lesson.status })),
  };
}

/** What is said of all days' tasks when this news counts. */
function withNews(known: State['feedback'], given: readonly Given[]): State['feedback'] {
  const all = { ...known };
  for (const { day, task, data } of given) {
    if (data === undefined) {
      const { [task]: _gone, ...tasks } = all[day]?.tasks ?? {};
      all[day] = { ...all[day], tasks };
      continue;
    }
    const { digest, rating, remarks, actions } = data;
    const said = { digest, remarks, actions, at: '', ...(rating === undefined ? {} : { rating }) };
    all[day] = { ...all[day], tasks: { ...all[day]?.tasks, [task]: said } };
  }
  return all;
}

/** Mistakes that were told of other tasks. */
function mistakesBeside(feedback: State['feedback'], own: { day: string; task: string }): string[] {
  return Object.entries(feedback).flatMap(([day, { tasks }]) =>
    Object.entries(tasks).flatMap(([task, { remarks }]) =>
      day === own.day && task === own.task
        ? []
        : remarks.filter(({ sign }) => sign === 'warning' || sign === 'bad').map(({ text }) => text),
    ),
  );
}

/** Gives out ids of lessons. */
export function lessonIds(ctx: OperatorContext): () => string {
  let last = ctx.journal.state.lessons.last;
  return () => `l${(last += 1)}`;
}

/** What is known of a task and its project, for the rules that read a wish. */
async function saidOf(ctx: OperatorContext, day: string, { spec, workedMs, ...task }: TaskState): Promise<Said> {
  const spent = costOf({ spec, workedMs, ...task });
  // What was foreseen as the day began: the hours of a task file are a person's.
  const foreseen = ctx.journal.state.days[day]?.forecast?.tasks[spec.id];
  const overrun =
    spent > 0
      ? spent / (foreseen?.usd.p50 ?? spec.estimate.usd ?? Infinity)
      : workedMs / 60_000 / (foreseen?.minutes.p50 ?? Infinity);
  return {
    ...(await projectSaid(ctx, spec.project, spec.contextFiles)),
    ...{ module: spec.module, checks: spec.checks },
    ...(overrun > 0 ? { overrun } : {}),
  };
}

/** The same of a project alone. */
export async function projectSaid(
  ctx: OperatorContext,
  project: string,
  contextFiles: readonly string[] = [],
): Promise<Said> {
  const root = ctx.home.projects.find(({ name }) => name === project)?.path;
  const modules = Object.values(ctx.journal.state.days).flatMap(({ tasks }) =>
    Object.values(tasks).flatMap(({ spec }) =>
      spec.project === project && spec.module !== undefined ? [spec.module] : [],
    ),
  );
  const testCommand = await testCommandOf(ctx, project, root);
  return {
    project,
    modules: [...new Set(modules)],
    file: (name) => fileIn(root, name, contextFiles),
    ...(testCommand === undefined ? {} : { testCommand }),
  };
}

/** The project's own check that runs tests, else what its package.json, Makefile or the like names. */
async function testCommandOf(
  ctx: OperatorContext,
  project: string,
  root: string | undefined,
): Promise<string | undefined> {
  // A project that is gone has no tests that could be run.
  if (root === undefined) return undefined;
  const own = projectConfig(ctx.home, project).checks.find((command) => /\btests?\b/.test(command));
  if (own !== undefined) return own;
  const text = (name: string) => readFile(join(root, name), 'utf8').catch(() => '');
  const scripts = jsonOf(await text('package.json'))?.scripts as Record<string, unknown> | undefined;
  if (typeof scripts?.test === 'string' && !scripts.test.includes('no test specified')) return 'npm test';
  if (/^test:/m.test(await text('Makefile'))) return 'make test';
  if (existsSync(join(root, 'Cargo.toml'))) return 'cargo test';
  if (existsSync(join(root, 'go.mod'))) return 'go test ./...';
  return /\bpytest\b/.test(`${await text('pyproject.toml')}${await text('tox.ini')}`) ? 'pytest' : undefined;
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // no JSON, no scripts
  }
}

/** The file of the project that a person names: its path, or its name in the usual places. */
function fileIn(root: string | undefined, name: string, contextFiles: readonly string[]): string | undefined {
  if (root === undefined || !staysInside(name)) return undefined;
  const folders = ['', 'docs/', 'doc/', '.github/', 'src/'];
  return [
    ...folders.map((folder) => `${folder}${name}`),
    ...contextFiles.filter((path) => path.endsWith(`/${name}`)),
  ].find((path) => existsSync(join(root, path)));
}

/** Gives out ids of new items: the loop's where one runs in this process. */
export function itemIds(ctx: OperatorContext): () => string {
  let number = Number(nextItemId(ctx.journal.state).slice(1)) - 1;
  return ctx.newItemId ?? (() => `q${(number += 1)}`);
}
