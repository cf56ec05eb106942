import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { withRating } from '../feedback/index.ts';
import { openItems } from '../inbox/index.ts';
import type { Actor } from '../journal/index.ts';
import { writeWhole } from '../run/index.ts';
import { takeFeedback } from './feedback.ts';
import { findTask } from './refs.ts';
import { inTurn } from './turn.ts';
import type { Operator, OperatorContext, Outcome } from './types.ts';

/** What a person thinks of a task's work goes into `feedback/DATE.md`, which they may edit as well. */
export async function rate(ctx: OperatorContext, input: Parameters<Operator['rate']>[0], by: Actor): Promise<Outcome> {
  const { stars, remark, action } = input;
  if (stars !== undefined && !(stars >= 1 && stars <= 5 && Number.isInteger(stars * 2)))
    return { ok: false, message: 'A rating is a number of stars from 1 to 5.' };
  if (stars === undefined && (remark ?? '') === '' && (action ?? '') === '')
    return { ok: false, message: 'There is nothing to write down: no stars, no words.' };
  const { day, task, state } = findTask(ctx.journal.state, input.task);
  const file = join(ctx.home.paths.feedback, `${day}.md`);
  const write = async () => {
    const before = await textOf(file);
    const rating = {
      ...{ task, name: state.spec.name },
      ...(stars === undefined ? {} : { stars }),
      ...(remark === undefined ? {} : { remark: ctx.redact(remark) }),
      ...(action === undefined ? {} : { action: ctx.redact(action) }),
    };
    await writeWhole(file, withRating(before, day, rating));
  };
  // Two people's stars at the same time are both in it.
  await inTurn(write);
  await takeFeedback(ctx, day, by);
  // Whoever rates by themselves need not be asked.
  const asked = openItems(ctx.journal.state, day).filter(({ kind }) => kind === 'feedback');
  for (const { id } of asked)
    await ctx.journal.append({ type: 'item.withdrawn', day, actor: by, data: { id, why: 'it is being rated' } });
  const said = stars === undefined ? 'Noted' : `${task}: ${'★'.repeat(Math.floor(stars))}${stars % 1 === 0 ? '' : '½'}`;
  return { ok: true, message: `${said}, in feedback/${day}.md.` };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
