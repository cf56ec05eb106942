import { cutEnd } from '../base/index.ts';
import { answerText, openItems, parseAnswer } from '../inbox/index.ts';
import type { Actor } from '../journal/index.ts';
import type { OperatorContext, Outcome } from './types.ts';

/** Answers an inbox item, once: the first answer counts, from wherever it comes; a later one is told so and kept in the journal. */
export async function answer(ctx: OperatorContext, input: { item: string; text: string }, by: Actor): Promise<Outcome> {
  const { state } = ctx.journal;
  const item = Object.hasOwn(state.items, input.item) ? state.items[input.item] : undefined;
  if (item === undefined) {
    const open = openItems(state).map((other) => other.id);
    return {
      ok: false,
      message: `There is no item ${input.item}. ${open.length === 0 ? 'Nothing waits.' : `Open: ${open.join(', ')}.`}`,
    };
  }
  const place = { day: item.day, task: item.task, actor: by };
  if (item.status !== 'open') {
    const why =
      item.status === 'withdrawn' ? `withdrawn: ${item.withdrawnWhy ?? ''}` : `answered already: ${answerText(item)}`;
    await ctx.journal.append({
      ...place,
      type: 'item.refused',
      data: { id: item.id, answers: [ctx.redact(cutEnd(input.text, 2000))], why },
    });
    return { ok: false, message: `${item.id} was ${why}` };
  }
  const parsed = parseAnswer(item.questions, input.text);
  if ('problem' in parsed) return { ok: false, message: `${item.id}: ${parsed.problem}` };
  const answers = parsed.answers.map((text) => ctx.redact(cutEnd(text, 20_000)));
  await ctx.journal.append({ ...place, type: 'item.answered', data: { id: item.id, answers } });
  const winner = ctx.journal.state.items[item.id];
  // Two answers at the same moment: the journal's order decides, and the second is told.
  if (winner?.answeredBy !== undefined && winner.answers?.join('\n') !== answers.join('\n')) {
    return { ok: false, message: `${item.id} was answered already: ${answerText(winner)}` };
  }
  const goesOn = ctx.runner === undefined ? ' The next `dayshift run` goes on with it.' : '';
  return {
    ok: true,
    message: `${item.id} answered: ${winner === undefined ? answers.join('; ') : answerText(winner)}.${goesOn}`,
  };
}
