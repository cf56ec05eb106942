import { join } from 'node:path';
import { hasCode, oneLine } from '../base/index.ts';
import { formatProblem, readText } from '../document/index.ts';
import { withRating } from '../feedback/index.ts';
import { openItems } from '../inbox/index.ts';
import type { Actor } from '../journal/index.ts';
import { nextWords, shortened } from '../learn/index.ts';
import { writeWhole } from '../run/index.ts';
import { findTask } from './refs.ts';
import { takeFeedback, type Taken } from './take-feedback.ts';
import { inTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

/**
 * What a person thinks of a task's work goes into `feedback/DATE.md`, which they may edit as well. It says done only
 * where the journal has it afterwards.
 */
export async function rate(ctx: OperatorContext, input: Parameters<Operator['rate']>[0], by: Actor): Promise<Outcome> {
  const { stars, remark, action } = input;
  if (stars !== undefined && !(stars >= 0 && stars <= 5 && Number.isInteger(stars * 2)))
    return { ok: false, message: 'A rating is a number of stars from 0 to 5, halves too.' };
  if (stars === undefined && (remark ?? '') === '' && (action ?? '') === '')
    return { ok: false, message: 'There is nothing to write down: no stars, no words.' };
  const { day, task } = findTask(ctx.journal.state, input.task);
  const shown = `feedback/${day}.md`;
  const file = join(ctx.home.paths.feedback, `${day}.md`);
  const tasks = Object.values(ctx.journal.state.days[day]?.tasks ?? {}).map(({ spec: { id, name } }) => ({ id, name }));
  const write = async (): Promise<string | undefined> => {
    const before = await textOf(file, shown);
    if ('why' in before) return before.why;
    const rating = {
      task,
      ...(stars === undefined ? {} : { stars }),
      ...(remark === undefined ? {} : { remark: ctx.redact(remark) }),
      ...(action === undefined ? {} : { action: ctx.redact(action) }),
    };
    const rated = withRating(before.text, { file: shown, date: day, tasks }, rating);
    if ('why' in rated) return rated.why;
    if (rated.text !== before.text) await writeWhole(file, rated.text);
    return undefined;
  };
  // Two people's stars at the same time are both in it.
  const refused = await inTurn(write);
  if (refused !== undefined) return { ok: false, message: `Nothing was written: ${refused}` };
  const taken = await takeFeedback(ctx, day, by);
  const missed = missedBy(ctx, taken, { day, task, stars });
  if (missed !== undefined) return { ok: false, message: missed };
  // Whoever rates by themselves need not be asked.
  const asked = openItems(ctx.journal.state, day).filter(({ kind }) => kind === 'feedback');
  for (const { id } of asked)
    await ctx.journal.append({ type: 'item.withdrawn', day, actor: by, data: { id, why: 'it is being rated' } });
  const said =
    stars === undefined
      ? 'Noted'
      : `${task}: ${stars === 0 ? '0 of 5' : `${'★'.repeat(Math.floor(stars))}${stars % 1 === 0 ? '' : '½'}`}`;
  return { ok: true, message: [`${said}, in ${shown}.`, ...taughtBy(taken, action)].join('\n') };
}

/** What a wish led to. */
function taughtBy(taken: Taken, action: string | undefined): string[] {
  if (taken.kind !== 'read' || action === undefined) return [];
  return nextWords(taken.lessons.filter(({ text }) => text === shortened(oneLine(action))));
}

/** Why the journal does not have what was written, in words; undefined where it does. */
function missedBy(
  ctx: OperatorContext,
  taken: Taken,
  { day, task, stars }: { day: string; task: string; stars: number | undefined },
): string | undefined {
  const written = `It was written into feedback/${day}.md`;
  if (taken.kind === 'refused') return `${written}, but not taken: ${taken.why}`;
  const counts = ctx.journal.state.feedback[day]?.tasks[task];
  if (taken.kind === 'read' && counts !== undefined && (stars === undefined || counts.rating === stars))
    return undefined;
  const now = counts?.rating === undefined ? 'no rating counts' : `${counts.rating}/5 counts`;
  return `${written}, but for ${task} ${now} now: somebody changed the file at the same time. See it by: dayshift feedback ${day}`;
}

/** The file's text to the byte; a file that is no UTF-8 would come out as another, and is refused. */
async function textOf(file: string, shown: string): Promise<{ text: string } | { why: string }> {
  try {
    const read = await readText(file, shown);
    if ('problem' in read) return { why: formatProblem(read.problem) };
    return { text: read.mark === true ? `\ufeff${read.text}` : read.text };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { text: '' };
    if (hasCode(error, 'EACCES')) return { why: `${shown} cannot be read: permission denied` };
    throw error;
  }
}
