import { cutEnd, oneLine } from '../base/index.ts';
import { nearest } from '../document/index.ts';
import { doesWords, lessonLine, lessonPage, lessonWhy, nextWords, readDoes, structureOf } from '../learn/index.ts';
import { placeOfItem } from '../inbox/index.ts';
import type { Actor, ItemState, LessonState, NewEvent } from '../journal/index.ts';
import { allLessons } from './learning.ts';
import { settleLessons } from './settle-lessons.ts';
import { decided, replaced } from './replaced.ts';
import { reword } from './reword.ts';
import { inTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';
import { settleWishes } from './wishes.ts';

type Input = Parameters<Operator['lessons']>[0];

/** Looks at what was learned, and changes it. Each change is an event; the file follows. */
export async function lessons(ctx: OperatorContext, input: Input, by: Actor): Promise<Outcome> {
  await settleWishes(ctx);
  return inTurn(async () => {
    const problems = await settleLessons(ctx);
    const outcome = await perform(ctx, input, by);
    const more = outcome.ok ? await settleLessons(ctx) : problems;
    const said = [...new Set([...problems, ...more, ...elsewhere(ctx, outcome)])];
    return said.length === 0 ? outcome : { ...outcome, message: `${outcome.message}\n${said.join('\n')}` };
  });
}

/** Where a lesson that was moved went on at once, by what is known: nobody is told that it is what it is not. */
function elsewhere(ctx: OperatorContext, { data }: Outcome): string[] {
  const { lesson: id, to } = (data ?? {}) as { lesson?: unknown; to?: unknown };
  const lesson = typeof id === 'string' ? ctx.journal.state.lessons.byId[id] : undefined;
  if (lesson === undefined || to === undefined || lesson.status === to) return [];
  return [`But it is ${lesson.status} now: ${oneLine(lesson.history.at(-1)?.why ?? '')}.`];
}

async function perform(ctx: OperatorContext, input: Input, by: Actor): Promise<Outcome> {
  if (input.verb === 'list') return list(ctx, input.all === true);
  const found = find(ctx, input.id);
  if (typeof found === 'string') return { ok: false, message: found };
  const lesson = found;
  const move = async (to: LessonState['status'], why: string): Promise<Outcome> => {
    // To keep what is asked about is an answer.
    if (lesson.status === to && cardsAbout(ctx, lesson.id).length === 0)
      return { ok: true, message: `${lesson.id} is ${to} already.` };
    await ctx.journal.append(...decided(ctx, lesson, { to, why }, by), ...replaced(ctx, lesson, to));
    await overItems(ctx, lesson.id);
    const next = to === 'trial' ? nextWords([{ ...lesson, status: to }]) : [];
    const does = doesWords(lesson.does).replace(/[.?!]?$/, (end) => (end === '' ? '.' : end));
    const message = [to === 'retired' ? `${lesson.id} is retired.` : `${lesson.id} is ${to}: ${does}`, ...next].join(
      '\n',
    );
    return { ok: true, message, data: { lesson: lesson.id, to } };
  };
  switch (input.verb) {
    case 'show':
      return { ok: true, message: lessonPage(lesson), data: { lesson } };
    case 'why':
      return { ok: true, message: lessonWhy(lesson), data: { lesson } };
    case 'accept':
      return move('active', 'a person accepted it');
    case 'try':
      return move('trial', 'a person has it tried');
    case 'retire':
      return move(
        'retired',
        input.text === undefined || input.text === '' ? 'a person retired it' : oneLine(input.text),
      );
    case 'edit':
      return edit(ctx, lesson, input, by);
    case 'undo':
      return undo(ctx, lesson, by);
  }
}

function list(ctx: OperatorContext, everything: boolean): Outcome {
  const all = allLessons(ctx);
  const shown = all.filter(({ status }) => everything || status !== 'retired');
  const retired = all.length - shown.length;
  const order: LessonState['status'][] = ['active', 'trial', 'candidate', 'retired'];
  const lines = order.flatMap((status) => shown.filter((lesson) => lesson.status === status).map(lessonLine));
  const hidden = retired === 0 ? [] : [`${retired} retired: dayshift lessons list --all`];
  if (all.length === 0)
    return {
      ok: true,
      message: 'Nothing was learned yet. Feedback with `Action:` lines, ⚠️ or ❌ teaches: see feedback/DATE.md.',
      data: { lessons: [] },
    };
  return { ok: true, message: [...lines, ...hidden, ...nextWords(shown)].join('\n'), data: { lessons: shown } };
}

function find(ctx: OperatorContext, id: string | undefined): LessonState | string {
  const { byId } = ctx.journal.state.lessons;
  if (id !== undefined && Object.hasOwn(byId, id.toLowerCase())) return byId[id.toLowerCase()] ?? '';
  const ids = Object.keys(byId);
  if (id === undefined) return 'Which lesson? dayshift lessons lists them.';
  const near = nearest(id, ids);
  return `There is no lesson ${id}.${near === undefined ? ' dayshift lessons lists them.' : ` Did you mean ${near}?`}`;
}

async function edit(ctx: OperatorContext, lesson: LessonState, input: Input, by: Actor): Promise<Outcome> {
  const text = input.text === undefined || input.text === '' ? undefined : cutEnd(oneLine(input.text), 200);
  const changes: Omit<Extract<NewEvent, { type: 'lesson.changed' }>['data'], 'id'> = {};
  const { kind, command, files, ask, factor, project, module, tags, expires } = input;
  const more = [kind, command, files, ask, factor, project, module, tags, expires].some((one) => one !== undefined);
  if (text !== undefined && !more) {
    const { events, message } = await reword(ctx, lesson, text, by);
    await ctx.journal.append(...events);
    return { ok: true, message: `${message}\n${lessonPage(ctx.journal.state.lessons.byId[lesson.id] ?? lesson)}` };
  }
  if (text !== undefined) changes.text = ctx.redact(text);
  if ([kind, command, files, ask, factor].some((one) => one !== undefined)) {
    const given = { command, files, ask, factor };
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const wanted = kind ?? kindFor(named) ?? lesson.does.kind;
    const before = wanted === lesson.does.kind ? lesson.does : {};
    const rule = wanted === 'guard' ? ruleFrom(text ?? lesson.text) : {};
    const does = readDoes({ ...rule, ...before, ...named, kind: wanted });
    if ('missing' in does) return { ok: false, message: `${lesson.id} is not changed: ${does.missing}` };
    changes.does = does;
  }
  if (project !== undefined || module !== undefined || tags !== undefined) {
    const scope = { ...lesson.scope };
    const set = (key: 'project' | 'module', value: string | undefined) => {
      if (value === '') delete scope[key];
      else if (value !== undefined) scope[key] = value;
    };
    set('project', project);
    set('module', module);
    if (tags !== undefined) scope.tags = tags;
    changes.scope = scope;
  }
  if (expires !== undefined) changes.expires = expires;
  if (Object.keys(changes).length === 0) return { ok: false, message: `What is to be different about ${lesson.id}?` };
  await ctx.journal.append({ type: 'lesson.changed', actor: by, data: { id: lesson.id, ...changes } });
  return { ok: true, message: lessonPage(ctx.journal.state.lessons.byId[lesson.id] ?? lesson) };
}

/** The kind that `--command` and the like mean. */
function kindFor(named: Record<string, unknown>): LessonState['does']['kind'] | undefined {
  if ('command' in named) return 'check';
  if ('files' in named) return 'context';
  if ('ask' in named) return 'question';
  return 'factor' in named ? 'estimate' : undefined;
}

/** The rule that the words mean, where they mean one. */
function ruleFrom(text: string): { rule?: Record<string, unknown> } {
  const { does } = structureOf(text, { project: '', modules: [], file: () => undefined });
  return does.kind === 'guard' ? { rule: does.rule } : {};
}

/** Takes the last change of a lesson back: its words and what it does, or its status. */
async function undo(ctx: OperatorContext, lesson: LessonState, by: Actor): Promise<Outcome> {
  const { before, history } = lesson;
  const last = history.at(-1);
  if (before !== undefined && (last === undefined || before.at >= last.at)) {
    const { at: _at, ...values } = before;
    await ctx.journal.append({ type: 'lesson.changed', actor: by, data: { id: lesson.id, ...values } });
    return { ok: true, message: lessonPage(ctx.journal.state.lessons.byId[lesson.id] ?? lesson) };
  }
  const to = history.at(-2)?.status;
  if (last === undefined || to === undefined)
    return { ok: false, message: `${lesson.id} was never changed. dayshift lessons retire ${lesson.id} ends it.` };
  await ctx.journal.append(...decided(ctx, lesson, { to, why: `undone: ${oneLine(last.why)}` }, by));
  return { ok: true, message: `${lesson.id} is ${to} again.`, data: { lesson: lesson.id, to } };
}

/** The card about a lesson is answered elsewhere. What a task asks because of it goes on: it waits for that answer. */
async function overItems(ctx: OperatorContext, id: string): Promise<void> {
  for (const item of cardsAbout(ctx, id))
    await ctx.journal.append({
      ...{ type: 'item.withdrawn', ...placeOfItem(item) },
      data: { id: item.id, why: `${id} was decided by a command` },
    });
}

function cardsAbout(ctx: OperatorContext, id: string): ItemState[] {
  return Object.values(ctx.journal.state.items).filter(
    ({ kind, about, status }) =>
      kind === 'lesson' && about?.kind === 'lesson' && about.lesson === id && status === 'open',
  );
}
