import type { ItemState } from '../journal/index.ts';
import { budgetWords, labels } from './items.ts';

/** `words`: what the person wrote beside or instead of an option; for the agent. */
export type ApprovalDecision = { kind: 'allow'; always: boolean } | { kind: 'refuse'; words?: string };
/** What a budget item is about. */
export type BudgetScope = keyof typeof budgetWords;
export type BudgetDecision =
  /** So much more than the limit, now. */
  | { kind: 'more'; scope: BudgetScope; usd: number }
  /** The new limit. */
  | { kind: 'raise'; scope: BudgetScope; usd: number }
  | { kind: 'stop_task' }
  | { kind: 'pause_day' }
  /** The day is over; what is not done is carried over to the next. */
  | { kind: 'tomorrow' }
  /** It stays as it is. */
  | { kind: 'keep' }
  /** Words that name no amount: nothing may be spent on them. */
  | { kind: 'unclear'; words: string };
export type LoginDecision = { kind: 'try_again' } | { kind: 'stop' };
/** `words`: for the agent. */
export type RunawayDecision = { kind: 'go_on'; words?: string } | { kind: 'stop_task' };
export type FailedCheckDecision = { kind: 'retry'; hint?: string } | { kind: 'leave' };
export type UsageLimitDecision = { kind: 'wait' } | { kind: 'try_now' } | { kind: 'pause_day' };

/** What the answer of an approval item means; undefined while there is none. Only its own label allows. */
export function approvalDecision(item: ItemState): ApprovalDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  if (said === labels.allowAlways || /^always(?: allow(?: it)?)?[.!]?$/i.test(said))
    return { kind: 'allow', always: true };
  if (said === labels.allow || /^(?:yes|ok|okay|allow(?: it)?|approved?)[.!]?$/i.test(said))
    return { kind: 'allow', always: false };
  if (said === labels.refuse || /^(?:no|deny|refuse(?: it)?)[.!]?$/i.test(said)) return { kind: 'refuse' };
  return { kind: 'refuse', words: said };
}

/** What the answer of a budget item means; undefined while there is none. Amounts in US dollars. */
export function budgetDecision(item: ItemState): BudgetDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  if (said === labels.stopTask || /^stop (?:it|(?:the|this) task)[.!]?$/i.test(said)) return { kind: 'stop_task' };
  if (said === labels.stopDay || /^(?:stop|pause) (?:the day|everything|all)[.!]?$/i.test(said))
    return { kind: 'pause_day' };
  if (said === labels.keepBudget) return { kind: 'keep' };
  if (said === labels.tomorrow || /^(?:go on )?tomorrow[.!]?$/i.test(said)) return { kind: 'tomorrow' };
  const scope = budgetScope(item);
  const amounts = [...said.replace(/,(?=\d{3}(?!\d))/g, '').matchAll(/\d{1,9}(?:[.,]\d{1,4})?/g)].map(([amount]) =>
    Number(amount.replace(',', '.')),
  );
  const [usd] = amounts;
  // Two amounts, or a "not", are a sentence and no order.
  if (usd === undefined || amounts.length > 1 || usd <= 0 || /\b(?:not|no|don.?t|never)\b/i.test(said)) {
    return { kind: 'unclear', words: said };
  }
  return /\b(?:more|once)\b|^\s*\+|\banother\b/i.test(said)
    ? { kind: 'more', scope, usd }
    : { kind: 'raise', scope, usd };
}

/** What the answer of a login item means; undefined while there is none. Words other than stop try again: it costs nothing. */
export function loginDecision(item: ItemState): LoginDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  return said === labels.stop || /^(?:no|stop)\b/i.test(said) ? { kind: 'stop' } : { kind: 'try_again' };
}

/** What the answer about a failed canary means; undefined while there is none. Only a clear word tries again. */
export function canaryDecision(item: ItemState): LoginDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  const again =
    said === labels.tryAgain ||
    /^(?:yes|(?:try|go|once) (?:it )?(?:again|on|more)|again|retry|mended|fixed)[.!]?$/i.test(said);
  return again ? { kind: 'try_again' } : { kind: 'stop' };
}

/** What the answer about an agent that ran in circles means; undefined while there is none. */
export function runawayDecision(item: ItemState): RunawayDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  if (said === labels.stopTask || /^stop(?: it| (?:the|this) task)?[.!]?$/i.test(said)) return { kind: 'stop_task' };
  return said === labels.goOn || /^(?:yes|ok|go on)[.!]?$/i.test(said)
    ? { kind: 'go_on' }
    : { kind: 'go_on', words: said };
}

/** What the answer of a failed check means; undefined while there is none. Free words are a hint for another try. */
export function failedCheckDecision(item: ItemState): FailedCheckDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  if (said === labels.leaveFailed || /^(?:no|leave(?: it)?|stop(?: it| (?:the|this) task)?)[.!]?$/i.test(said))
    return { kind: 'leave' };
  const again = said === labels.tryAgain || /^(?:yes|ok|again|retry|try(?: it)? again)[.!]?$/i.test(said);
  return again ? { kind: 'retry' } : { kind: 'retry', hint: said };
}

/** What the answer about a usage limit means; undefined while there is none. Only a clear word tries before its time, or ends the day. */
export function usageLimitDecision(item: ItemState): UsageLimitDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  if (said === labels.tryNow || /^(?:(?:try|go on)(?: it)? )?(?:now|again)[.!]?$/i.test(said))
    return { kind: 'try_now' };
  if (said === labels.stopDay || /^(?:stop|pause) (?:the day|everything|all)[.!]?$/i.test(said))
    return { kind: 'pause_day' };
  return { kind: 'wait' };
}

/** What a budget item is about, by the words that it begins with. */
export function budgetScope(item: ItemState): BudgetScope {
  const asked = item.questions[0]?.question ?? '';
  const scopes = Object.keys(budgetWords) as BudgetScope[];
  return scopes.find((scope) => asked.startsWith(budgetWords[scope])) ?? 'task';
}

/** Whether a setting is to be changed; undefined while there is no answer. Only a clear yes changes it. */
export function settingDecision(item: ItemState): { kind: 'change' } | { kind: 'leave' } | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  const yes = said === labels.change || /^(?:yes|ok|okay|do it|change it)(?:, please)?[.!]?$/i.test(said);
  return { kind: yes ? 'change' : 'leave' };
}

export type LessonDecision =
  | { kind: 'keep' }
  | { kind: 'try' }
  | { kind: 'narrow'; module: string }
  | { kind: 'drop' }
  /** It is to be said like this. */
  | { kind: 'reword'; text: string };

/** What becomes of a new lesson; undefined while there is no answer. */
export function lessonDecision(item: ItemState): LessonDecision | undefined {
  const said = item.answers?.[0];
  if (said === undefined) return undefined;
  if (said === labels.keepLesson || /^(?:yes|ok|okay|keep(?: it)?|accept(?: it)?)[.!]?$/i.test(said))
    return { kind: 'keep' };
  if (said === labels.tryLesson || /^try(?: it)?[.!]?$/i.test(said)) return { kind: 'try' };
  if (said === labels.dropLesson || /^(?:no|drop(?: it)?|retire(?: it)?)[.!]?$/i.test(said)) return { kind: 'drop' };
  if (said.startsWith(`${labels.onlyIn} `)) return { kind: 'narrow', module: said.slice(labels.onlyIn.length + 1) };
  return { kind: 'reword', text: said };
}
