import { cutEnd } from '../base/index.ts';
import {
  answeredBy,
  answerText,
  holdsNothingUp,
  openItems,
  ownWordsAmong,
  parseAnswer,
  type ParsedAnswer,
  placeOfItem,
} from '../inbox/index.ts';
import type { Actor, ItemState, Question } from '../journal/index.ts';
import { inItemTurn } from './turn.ts';
import { whyUseless } from './useless.ts';
import { settleWishes } from './wishes.ts';
import type { OperatorContext, Outcome } from './types.ts';

interface Given {
  text: string;
  question?: number;
  options?: readonly number[];
}

/** Answers an inbox item, once: the first answer counts, from wherever it comes; a later one is told so and kept in the journal. */
export async function answer(ctx: OperatorContext, input: Given & { item: string }, by: Actor): Promise<Outcome> {
  const { state } = ctx.journal;
  const item = Object.hasOwn(state.items, input.item) ? state.items[input.item] : undefined;
  if (item === undefined) {
    const open = openItems(state).map((other) => other.id);
    return {
      ok: false,
      message: `There is no item ${input.item}. ${open.length === 0 ? 'Nothing waits.' : `Open: ${open.join(', ')}.`}`,
    };
  }
  // Two at once, on one question or on several: the second one sees the first.
  return inItemTurn(item.id, () => answerInTurn(ctx, item.id, input, by));
}

async function answerInTurn(ctx: OperatorContext, id: string, input: Given, by: Actor): Promise<Outcome> {
  const item = ctx.journal.state.items[id];
  if (item === undefined) throw new Error(`item ${id} was there and is not any more`);
  const place = { ...placeOfItem(item), actor: by };
  if (item.status !== 'open') {
    const why = overWords(item);
    const said = labelsOf(item.questions[input.question ?? 0], input.options ?? []).join(', ') || input.text;
    await ctx.journal.append({
      ...place,
      type: 'item.refused',
      data: { id: item.id, answers: [ctx.redact(cutEnd(said, 2000))], why },
    });
    return { ok: false, message: `${item.id} was ${why}` };
  }
  if (input.question !== undefined && item.questions.length > 1)
    return answerOne(ctx, item, { ...input, question: input.question }, by);
  const parsed = answersOf(item.questions, input);
  if ('problem' in parsed) return { ok: false, message: `${item.id}: ${parsed.problem}` };
  const useless = whyUseless(ctx, item, parsed.answers);
  if (useless !== undefined) return { ok: false, message: `${item.id} stays open: ${useless}.` };
  return settle(ctx, item, parsed.answers, by);
}

/** What was chosen, word for word, whatever commas stand in it; only what was typed has to be understood. */
function answersOf(questions: Question[], { text, options }: Given): ParsedAnswer {
  if (options === undefined) return parseAnswer(questions, text);
  const labels = labelsOf(questions[0], options);
  if (labels.length === 0 || labels.length < options.length) return { problem: 'There is no such option.' };
  return { answers: [labels.join(', ')] };
}

function labelsOf(question: Question | undefined, options: readonly number[]): string[] {
  return options.flatMap((option) => question?.options[option]?.label ?? []);
}

/** One of several questions: kept until the others have their answers too. */
async function answerOne(
  ctx: OperatorContext,
  item: ItemState,
  input: Given & { question: number },
  by: Actor,
): Promise<Outcome> {
  const question = item.questions[input.question];
  if (question === undefined) return { ok: false, message: `${item.id} has no question ${input.question + 1}.` };
  const parsed = answersOf([question], input);
  if ('problem' in parsed) return { ok: false, message: `${item.id}: ${parsed.problem}` };
  const words = ctx.redact(cutEnd(parsed.answers[0] ?? '', 20_000));
  const given: Record<string, string> = { ...item.drafts, [input.question]: words };
  const answers = item.questions.flatMap((_, index) => given[String(index)] ?? []);
  if (answers.length === item.questions.length) return settle(ctx, item, answers, by);
  await ctx.journal.append({
    type: 'item.drafted',
    ...placeOfItem(item),
    actor: by,
    data: { id: item.id, question: input.question, answer: words },
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
  // The daemon's default may have come at the same moment: the journal's order decides, and whoever is second is told.
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
  const note = own.length === 0 ? '' : ` Taken as your own words: it is none of ${own.join('; none of ')}.`;
  return {
    ok: true,
    message: `${item.id} answered: ${winner === undefined ? answers.join('; ') : answerText(winner)}.${note}${goesOn}`,
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
