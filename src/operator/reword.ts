import { oneLine } from '../base/index.ts';
import { newLessonItem } from '../inbox/index.ts';
import type { Actor, Lesson, LessonState, NewEvent } from '../journal/index.ts';
import { doesWords, scopeWords, structureOf } from '../learn/index.ts';
import { allLessons, itemIds, lessonIds, projectSaid, todayOf } from './learning.ts';
import type { OperatorContext } from './types.ts';

interface Reworded {
  events: NewEvent[];
  message: string;
}

/**
 * A lesson in other words. What it does is read from them again: where that is the same, the words are changed; where it is not, and
 * the lesson is in use and either of the two denies, gates or asks, the new one is proposed in its place and waits for a yes.
 * `to`: the status that the person gives it together with the words: what they say of it, they say of the new words.
 */
export async function reword(
  ctx: OperatorContext,
  lesson: LessonState,
  words: string,
  by: Actor,
  to?: LessonState['status'],
): Promise<Reworded> {
  const { id, status } = lesson;
  const text = ctx.redact(oneLine(words)).slice(0, 200);
  const said = await projectSaid(ctx, lesson.scope.project ?? ctx.home.projects[0]?.name ?? '');
  const { does } = structureOf(text, said);
  // What a person named beside the words is not read from them, and stays, unless the new words name another.
  const isRead = plain(structureOf(lesson.text, said).does) === plain(lesson.does);
  const isOther = plain(does) !== plain(lesson.does) && (does.kind !== 'instruction' || isRead);
  const waits =
    to === undefined && isOther && (status === 'active' || status === 'trial') && [does, lesson.does].some(isStrict);
  if (!waits) {
    const changes = isOther || isRead ? { text, does } : { text };
    const now = doesWords(isOther ? does : lesson.does);
    const events: NewEvent[] = [{ type: 'lesson.changed', actor: by, data: { id, ...changes } }];
    if (to !== undefined) return { events, message: `${id} says so now (${now}), and is ${to}.` };
    const keep = status === 'candidate' ? `: dayshift lessons accept ${id} keeps it` : '';
    return { events, message: `${id} says so now (${now}), and is ${status} as before${keep}.` };
  }
  const goesOn = (other: string) =>
    `In these words it does something else: ${doesWords(does)}. ${id} goes on as it is until you keep ${other}: dayshift lessons accept ${other}`;
  // Said twice, or cut off before it was written into the file: the card is there.
  const there = allLessons(ctx).find((one) => one.supersedes === id && one.status === 'candidate' && one.text === text);
  if (there !== undefined) return { events: [], message: goesOn(there.id) };
  const next: Lesson = {
    ...{ id: lessonIds(ctx)(), text, does, scope: lesson.scope, status: 'candidate', supersedes: id },
    from: {
      ...{ file: lesson.from.file, line: lesson.from.line, date: todayOf(ctx) },
      ...(by.id === undefined ? {} : { person: by.id }),
    },
    created: todayOf(ctx),
  };
  const note = `It is ${id} in other words: “${lesson.text}”. With your yes it takes the place of ${id}`;
  const card = {
    ...{ id: next.id, text, status: next.status, does: doesWords(does), scope: scopeWords(next.scope) },
    ...{ from: `${next.from.file}:${next.from.line} said so`, note },
  };
  return {
    events: [
      { type: 'lesson.proposed', actor: by, data: { lesson: next } },
      { type: 'item.opened', data: newLessonItem(itemIds(ctx)(), card, ctx.clock.now()) },
    ],
    message: goesOn(next.id),
  };
}

function isStrict({ kind }: Lesson['does']): boolean {
  return kind === 'guard' || kind === 'check' || kind === 'question';
}

/** What it does, without the words that it is told with. */
function plain(does: Lesson['does']): string {
  return JSON.stringify(does.kind === 'guard' ? { when: does.rule.when, then: does.rule.then } : does);
}
