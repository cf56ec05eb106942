import { cutEnd } from '../base/index.ts';
import {
  answeredBy,
  answerText,
  budgetDecision,
  holdsNothingUp,
  openItems,
  ownWordsAmong,
  parseAnswer,
  placeOfItem,
} from '../inbox/index.ts';
import type { Actor, ItemState } from '../journal/index.ts';
import { settleWishes } from './wishes.ts';
import type { OperatorContext, Outcome } from './types.ts';

/** Answers an inbox item, once: the first answer counts, from wherever it comes; a later one is told so and kept in the journal. */
export async function answer(
  ctx: OperatorContext,
  input: { item: string; text: string; question?: number },
  by: Actor,
): Promise<Outcome> {
  const { state } = ctx.journal;
  const item = Object.hasOwn(state.items, input.item) ? state.items[input.item] : undefined;
  if (item === undefined) {
    const open = openItems(state).map((other) => other.id);
    return {
      ok: false,
      message: `There is no item ${input.item}. ${open.length === 0 ? 'Nothing waits.' : `Open: ${open.join(', ')}.`}`,
    };
  }
  const place = { ...placeOfItem(item), actor: by };
  if (item.status !== 'open') {
    const why = overWords(item);
    await ctx.journal.append({
      ...place,
      type: 'item.refused',
      data: { id: item.id, answers: [ctx.redact(cutEnd(input.text, 2000))], why },
    });
    return { ok: false, message: `${item.id} was ${why}` };
  }
  if (input.question !== undefined && item.questions.length > 1) {
    return answerOne(ctx, item, { ...input, question: input.question }, by);
  }
  const parsed = parseAnswer(item.questions, input.text);
  if ('problem' in parsed) return { ok: false, message: `${item.id}: ${parsed.problem}` };
  return settle(ctx, item, parsed.answers, by);
}

/** One of several questions: kept until the others have their answers too. */
async function answerOne(
  ctx: OperatorContext,
  item: ItemState,
  input: { text: string; question: number },
  by: Actor,
): Promise<Outcome> {
  const question = item.questions[input.question];
  if (question === undefined) return { ok: false, message: `${item.id} has no question ${input.question + 1}.` };
  const parsed = parseAnswer([question], input.text);
  if ('problem' in parsed) return { ok: false, message: `${item.id}: ${parsed.problem}` };
  const answer = ctx.redact(cutEnd(parsed.answers[0] ?? '', 20_000));
  const given: Record<string, string> = { ...item.drafts, [input.question]: answer };
  const answers = item.questions.flatMap((_, index) => given[String(index)] ?? []);
  if (answers.length === item.questions.length) return settle(ctx, item, answers, by);
  await ctx.journal.append({
    type: 'item.drafted',
    ...placeOfItem(item),
    actor: by,
    data: { id: item.id, question: input.question, answer },
  });
  return {
    ok: true,
    message: `${item.id}: ${answers.length} of ${item.questions.length} questions answered. It counts when the last one is.`,
  };
}

async function settle(ctx: OperatorContext, item: ItemState, said: string[], by: Actor): Promise<Outcome> {
  const answers = said.map((text) => ctx.redact(cutEnd(text, 20_000)));
  await ctx.journal.append({
    type: 'item.answered',
    ...placeOfItem(item),
    actor: by,
    data: { id: item.id, answers },
  });
  const winner = ctx.journal.state.items[item.id];
  // Two answers at the same moment: the journal's order decides, and the second is told.
  if (winner?.answeredBy !== undefined && winner.answers?.join('\n') !== answers.join('\n')) {
    return { ok: false, message: `${item.id} was ${answeredWords(winner)}` };
  }
  if (winner !== undefined && holdsNothingUp(winner)) {
    const done = await settleWishes(ctx);
    return { ok: true, message: `${item.id} answered: ${answerText(winner)}. ${done.get(item.id) ?? ''}`.trim() };
  }
  const goesOn = ctx.runner === undefined ? ' The next `dayshift run` goes on with it.' : '';
  // The daemon's own questions say themselves what else may be written.
  const own = winner?.kind === 'question' ? ownWordsAmong(winner) : [];
  const unclear =
    winner?.kind === 'budget' && budgetDecision(winner)?.kind === 'unclear'
      ? ' There is no one amount in it: nothing is raised. Say `raise to $12`.'
      : '';
  const note = own.length === 0 ? '' : ` Taken as your own words: it is none of ${own.join('; none of ')}.`;
  return {
    ok: true,
    message: `${item.id} answered: ${winner === undefined ? answers.join('; ') : answerText(winner)}.${note}${unclear}${goesOn}`,
  };
}

/** Why an item takes no answer any more. */
function overWords(item: ItemState): string {
  if (item.status === 'withdrawn') return `withdrawn: ${item.withdrawnWhy ?? ''}`;
  if (item.status === 'expired') return 'over before anybody answered';
  return answeredWords(item);
}

/** What was answered, and by whom: for those who come second. */
function answeredWords(item: ItemState): string {
  return `answered already ${answeredBy(item)}: ${answerText(item)}`;
}
