import type { ItemState, State } from '../journal/index.ts';

/** The id of the next item: `q1`, `q2`, … over the home's whole life, so that an old answer never meets a new question. */
export function nextItemId(state: Pick<State, 'lastItem'>): string {
  return `q${state.lastItem + 1}`;
}

/** What waits for a person, oldest first; of one day where `day` is given. */
export function openItems(state: Pick<State, 'items'>, day?: string): ItemState[] {
  return Object.values(state.items)
    .filter((item) => item.status === 'open' && (day === undefined || item.day === day))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(item: ItemState): number {
  return Number(item.id.slice(1)) || 0;
}

/** Open items whose time for an answer is over at `now` (milliseconds): their defaults are to be taken. */
export function dueDefaults(state: Pick<State, 'items'>, now: number): { item: ItemState; answers: string[] }[] {
  return openItems(state).flatMap((item) =>
    item.silence.kind === 'default' && Date.parse(item.silence.at) <= now
      ? [{ item, answers: item.silence.answers }]
      : [],
  );
}

/** Open items that are over at `now` (milliseconds) without an answer. */
export function dueSkips(state: Pick<State, 'items'>, now: number): ItemState[] {
  return openItems(state).filter(({ silence }) => silence.kind === 'skip' && Date.parse(silence.at) <= now);
}

/** When the next open item takes its default or is over, in ms since the epoch; undefined where each waits for a person. */
export function nextSilence(state: Pick<State, 'items'>): number | undefined {
  const times = openItems(state).flatMap(({ silence }) => (silence.kind === 'wait' ? [] : [Date.parse(silence.at)]));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Whether no work waits for its answer: it is carried out whether a day runs or not. */
export function holdsNothingUp({ kind }: Pick<ItemState, 'kind'>): boolean {
  return ['setting', 'lesson', 'channel', 'failed_check', 'feedback'].includes(kind);
}

/** Whether people are to be reminded of it: not of what goes on by itself, nor of what nothing waits for. */
export function isRemindedOf(item: Pick<ItemState, 'kind'>): boolean {
  return !holdsNothingUp(item) && item.kind !== 'usage_limit';
}

/** The day and task of an item, for events about it; an item of the whole home has neither. */
export function placeOfItem(item: Pick<ItemState, 'day' | 'task'>): { day?: string; task?: string } {
  return { ...(item.day === '' ? {} : { day: item.day }), ...(item.task === '' ? {} : { task: item.task }) };
}
