import { DayshiftError } from '../base/index.ts';
import { setConfig } from '../home/index.ts';
import { failedCheckDecision, holdsNothingUp, lessonDecision, placeOfItem, settingDecision } from '../inbox/index.ts';
import type { Actor, ItemState, NewEvent } from '../journal/index.ts';
import { settleLessons } from './settle-lessons.ts';
import { decided, replaced } from './replaced.ts';
import { settleRatings } from './ratings.ts';
import { reword } from './reword.ts';
import { anotherGo } from './tasks.ts';
import { inTurn } from './turn.ts';
import type { OperatorContext } from './types.ts';

interface Done {
  message: string;
  events: NewEvent[];
}

/**
 * Carries out the answers to items that no work waits for, whether a day runs or not: a yes changes a setting, a lesson
 * is kept or dropped, a channel's trouble is seen to. What is done and its delivery are one group; cut off before that, it is done again, which changes
 * nothing. What came of each, by the item's id.
 */
export async function settleWishes(ctx: OperatorContext): Promise<Map<string, string>> {
  const done = await inTurn(() => settle(ctx));
  // Each rating takes a turn of its own.
  for (const [id, message] of await settleRatings(ctx)) done.set(id, message);
  return done;
}

async function settle(ctx: OperatorContext): Promise<Map<string, string>> {
  const done = new Map<string, string>();
  const isDue = (item: ItemState) => holdsNothingUp(item) && item.kind !== 'feedback' && item.status === 'answered';
  // What was edited in the file before the answer is taken before it.
  if (Object.values(ctx.journal.state.items).some((item) => isDue(item) && item.kind === 'lesson'))
    await settleLessons(ctx);
  let learned = false;
  for (const item of Object.values(ctx.journal.state.items)) {
    if (!isDue(item)) continue;
    const { message, events } = await carryOut(ctx, item);
    learned ||= item.kind === 'lesson';
    done.set(item.id, message);
    await ctx.journal.append(...events, { type: 'item.delivered', ...placeOfItem(item), data: { id: item.id } });
  }
  if (learned) await settleLessons(ctx);
  return done;
}

async function carryOut(ctx: OperatorContext, item: ItemState): Promise<Done> {
  switch (item.kind) {
    case 'setting':
      return changeSetting(ctx, item);
    case 'lesson':
      return changeLesson(ctx, item);
    case 'failed_check':
      return afterChecks(ctx, item);
    default:
      // Somebody has seen it: there is nothing else to do here.
      return { message: '', events: [] };
  }
}

/** A failed task has another go, or stays as it is. */
function afterChecks(ctx: OperatorContext, item: ItemState): Done {
  const decision = failedCheckDecision(item);
  if (decision?.kind !== 'retry')
    return { message: `${item.task} stays failed. Its work is kept: dayshift diff ${item.task}`, events: [] };
  const task = `${item.day}/${item.task}`;
  return anotherGo(ctx, { task, ...(decision.hint === undefined ? {} : { hint: decision.hint }) }, whoSaid(item));
}

async function changeSetting(ctx: OperatorContext, item: ItemState): Promise<Done> {
  const { about } = item;
  if (settingDecision(item)?.kind !== 'change' || about?.kind !== 'setting')
    return { message: 'Nothing is changed.', events: [] };
  const { path, from, to } = about;
  try {
    await setConfig(ctx.home.paths, path.split('.'), JSON.parse(to));
  } catch (error) {
    if (!(error instanceof DayshiftError)) throw error;
    return { message: `${error.message}. Nothing is changed.`, events: [] };
  }
  return {
    message: `${path} is ${to} in config/dayshift.yaml.`,
    events: [{ type: 'setting.changed', actor: whoSaid(item), data: { item: item.id, path, from, to } }],
  };
}

async function changeLesson(ctx: OperatorContext, item: ItemState): Promise<Done> {
  const lesson = item.about?.kind === 'lesson' ? ctx.journal.state.lessons.byId[item.about.lesson] : undefined;
  const decision = lessonDecision(item);
  if (lesson === undefined || decision === undefined) return { message: 'The lesson is gone.', events: [] };
  const { id } = lesson;
  const actor = whoSaid(item);
  const moved = (to: typeof lesson.status, why: string): NewEvent[] =>
    // To keep what is asked about is an answer: what spoke against it counts no more.
    lesson.status === to && to !== 'active'
      ? []
      : [...decided(ctx, lesson, { to, why }, actor), ...replaced(ctx, lesson, to)];
  switch (decision.kind) {
    case 'keep':
      return { message: `${id} is active.`, events: moved('active', 'a person keeps it') };
    case 'try':
      return { message: `${id} is tried.`, events: moved('trial', 'a person has it tried') };
    case 'drop':
      return { message: `${id} is dropped.`, events: moved('retired', 'a person dropped it') };
    case 'narrow': {
      const scope = { ...lesson.scope, module: decision.module };
      const changed: NewEvent = { type: 'lesson.changed', actor, data: { id, scope } };
      return {
        message: `${id} is active, for module ${decision.module} only.`,
        events: [changed, ...moved('active', `a person keeps it for module ${decision.module}`)],
      };
    }
    case 'reword':
      return reword(ctx, lesson, decision.text, actor);
  }
}

function whoSaid(item: ItemState): Actor {
  return item.answeredBy ?? { kind: 'person' };
}
