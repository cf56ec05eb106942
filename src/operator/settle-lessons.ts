import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { formatProblem, readText } from '../document/index.ts';
import { newDoubtItem } from '../inbox/index.ts';
import { doesWords, doubtsOf, LESSONS_FILE, movesOf, newsInFile, withLessonsIn } from '../learn/index.ts';
import type { Actor, LessonState, NewEvent } from '../journal/index.ts';
import { writeWhole } from '../run/index.ts';
import { allLessons, itemIds, lessonIds, todayOf } from './learning.ts';
import { reword } from './reword.ts';
import type { OperatorContext } from './types.ts';

/**
 * Brings lessons and `config/lessons.yaml` together: what a person changed in the file, where lessons go by what is known
 * now, and the file as it is then. Harmless when done twice; cut off anywhere, the next time ends it. Resolves with what
 * is wrong with the file: then it is not written, and the lessons hold as they are.
 */
export async function settleLessons(ctx: OperatorContext): Promise<string[]> {
  const { journal } = ctx;
  const path = ctx.home.paths.lessonsFile;
  const text = await textOf(path);
  if (text !== undefined && 'problem' in text) return [text.problem];
  const today = todayOf(ctx);
  const options = { newId: lessonIds(ctx), today };
  const { problems, events, lost } = newsInFile(
    text?.text,
    journal.state.lessons.byId,
    journal.state.lessons.filed,
    options,
  );
  const person: Actor = { kind: 'person', via: 'file' };
  const { plain, words, moved } = withoutWords(events);
  if (plain.length > 0) await journal.append(...plain.map((event) => ({ ...event, actor: person })));
  const told: string[] = [];
  for (const { id, text: said } of words) {
    const lesson = journal.state.lessons.byId[id];
    if (lesson === undefined) continue;
    const to = moved.find(({ data }) => data.id === id);
    const { events: reworded, message } = await reword(ctx, lesson, said, person, to?.data.to);
    // Both at once: cut off in between, the yes would be for the old words.
    const both = [...reworded, ...(to === undefined ? [] : [{ ...to, actor: person }])];
    if (both.length > 0) await journal.append(...both);
    told.push(`${LESSONS_FILE}, ${id}: ${message}`);
  }
  const when = { today, vanished: (lesson: LessonState) => vanished(ctx, lesson) };
  const moves = movesOf(allLessons(ctx), when);
  if (moves.length > 0) await journal.append(...moves);
  const cards = doubtCards(ctx, doubtsOf(allLessons(ctx), when));
  if (cards.length > 0) await journal.append(...cards);
  if (problems.some(({ severity }) => severity === 'error'))
    return [...problems.map(formatProblem), 'Until that is mended config/lessons.yaml is not written.'];
  const lessons = allLessons(ctx);
  if (lessons.length === 0) return [];
  const next = withLessonsIn(text?.text, lessons, lost ? {} : journal.state.lessons.filed);
  if (next.text !== text?.text) {
    // A person may have saved it since it was read: what they wrote is taken first, and never written over.
    const now = await textOf(path);
    if (JSON.stringify(now) !== JSON.stringify(text)) return [...told, ...(await settleLessons(ctx))];
    await writeWhole(path, next.text);
  }
  if (JSON.stringify(next.entries) !== JSON.stringify(journal.state.lessons.filed))
    await journal.append({ type: 'lesson.filed', data: { entries: next.entries } });
  return [...problems.map(formatProblem), ...told];
}

type Moved = NewEvent & { type: 'lesson.moved' };

/**
 * Other words alone are read anew, whatever they are changed with; who changes what a lesson does as well means just that.
 * `moved`: the status that came with other words.
 */
function withoutWords(events: readonly NewEvent[]): {
  plain: NewEvent[];
  words: { id: string; text: string }[];
  moved: Moved[];
} {
  const words: { id: string; text: string }[] = [];
  const moved: Moved[] = [];
  const plain = events.flatMap((event): NewEvent[] => {
    if (event.type === 'lesson.moved' && words.some(({ id }) => id === event.data.id)) {
      moved.push(event);
      return [];
    }
    if (event.type !== 'lesson.changed' || event.data.text === undefined || event.data.does !== undefined)
      return [event];
    const { text, ...others } = event.data;
    words.push({ id: event.data.id, text });
    return Object.keys(others).length > 1 ? [{ ...event, data: others }] : [];
  });
  return { plain, words, moved };
}

/** A card for each lesson that something speaks against and that is a person's to end, unless one waits already. */
function doubtCards(ctx: OperatorContext, doubts: readonly { id: string; why: string }[]): NewEvent[] {
  const waiting = Object.values(ctx.journal.state.items).flatMap(({ kind, about, status }) =>
    kind === 'lesson' && about?.kind === 'lesson' && (status === 'open' || status === 'answered') ? [about.lesson] : [],
  );
  const newItemId = itemIds(ctx);
  return doubts.flatMap(({ id, why }): NewEvent[] => {
    const lesson = ctx.journal.state.lessons.byId[id];
    if (lesson === undefined || waiting.includes(id)) return [];
    const card = { id, text: lesson.text, does: doesWords(lesson.does), why };
    return [{ type: 'item.opened', data: newDoubtItem(newItemId(), card, ctx.clock.now()) }];
  });
}

/** What a lesson is about that is not there any more, in words. A project that cannot be reached now may come back. */
function vanished(ctx: OperatorContext, { scope, does }: LessonState): string | undefined {
  const { projects, unavailable } = ctx.home;
  const names = [...projects.map(({ name }) => name), ...Object.keys(unavailable)];
  const { project } = scope;
  if (project === undefined || names.length === 0) return undefined;
  const isIt = (name: string) => name.toLowerCase() === project.toLowerCase();
  if (!names.some(isIt)) return `there is no project ${project} any more`;
  const root = projects.find(({ name }) => isIt(name))?.path;
  if (root === undefined || does.kind !== 'context' || !existsSync(root)) return undefined;
  return does.files.some((path) => existsSync(join(root, path)))
    ? undefined
    : `${does.files.join(', ')} ${does.files.length === 1 ? 'is' : 'are'} gone from ${project}`;
}

async function textOf(path: string): Promise<{ text: string } | { problem: string } | undefined> {
  try {
    const read = await readText(path, 'config/lessons.yaml');
    return 'problem' in read ? { problem: formatProblem(read.problem) } : read;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
