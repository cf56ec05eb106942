import { cutEnd, oneLine, usd } from '../../src/base/index.ts';
import {
  costOf,
  slotName,
  type Content,
  type EventData,
  type ItemState,
  type JournalEvent,
  type Place,
  type State,
} from '../../src/journal/index.ts';
import { openItems, placeOfItem } from '../../src/inbox/index.ts';
import type { Right } from '../../src/people/index.ts';
import { placesFor, rightFor, unique, type Where } from './audience.ts';
import type { Intent } from './intent.ts';
import { bold, code, line, quote, rich } from './rich/index.ts';

/** What the telling depends on beside the event. */
export type Teller = Where;

/** The messages that an event leads to, in the state after it. Pure; none where nobody has to know. */
export function narrate(teller: Teller, event: JournalEvent): Intent[] {
  const about = {
    ...(event.day === undefined ? {} : { day: event.day }),
    ...(event.task === undefined ? {} : { task: event.task }),
  };
  const tell = (intent: Omit<Intent, 'place'>, places: Place[]): Intent[] =>
    places.map((place) => ({ ...about, cause: event.seq, ...intent, place }));
  const words = (
    level: 'little' | 'normal' | 'all',
    intent: Omit<Intent, 'place' | 'priority'>,
    right: Right = 'look',
  ) => {
    const order = ['little', 'normal', 'all'];
    if (order.indexOf(teller.config.chat.tell) < order.indexOf(level)) return [];
    return tell(
      { priority: level === 'little' ? 'alert' : 'message', topic: event.task !== undefined, ...intent },
      at(teller, event, right, level === 'little'),
    );
  };
  const text = (...lines: Parameters<typeof rich>): { content: Content } => ({
    content: { kind: 'text', rich: rich(...lines) },
  });

  switch (event.type) {
    case 'item.opened':
      return itemIntents(teller, event.data.id, Date.parse(event.at)).map((intent) => ({
        ...intent,
        cause: event.seq,
      }));
    case 'day.started':
      return tell(
        { priority: 'card', key: `day:${event.day ?? ''}`, content: { kind: 'day', day: event.day ?? '' } },
        dayPlaces(teller, event.day ?? '').filter((place) => !isThere(teller.state, place, `day:${event.day ?? ''}`)),
      );
    case 'day.reported':
      return tell(
        { priority: 'message', content: { kind: 'report', day: event.day ?? '' } },
        dayPlaces(teller, event.day ?? ''),
      );
    case 'day.warned':
      return words('little', text(line('⚠️ ', cutEnd(oneLine(event.data.message), 600))));
    case 'task.done':
    case 'task.stopped':
      return words('normal', { content: { kind: 'end', day: event.day ?? '', task: event.task ?? '' } });
    case 'task.failed':
      // The card that asks for another go says it too.
      if (openItems(teller.state, event.day).some((item) => item.kind === 'failed_check' && item.task === event.task))
        return [];
      return words('little', { content: { kind: 'end', day: event.day ?? '', task: event.task ?? '' } });
    case 'budget.alerted': {
      const { scope, percent, spentUsd, limitUsd } = event.data;
      const what = budgetOf(scope, event.task);
      return words(
        'little',
        text(
          line(bold(`💰 ${percent} %`), ` of ${what} is spent: ${usd(spentUsd)} of ${usd(limitUsd)}`),
          ...dearest(teller.state, event.day, scope),
        ),
      );
    }
    case 'notice.posted': {
      const { notice, text: said, path } = event.data;
      if (notice === 'report')
        return tell(
          { priority: 'message', content: { kind: 'report', day: event.day ?? '' } },
          dayPlaces(teller, event.day ?? ''),
        );
      const content: Content = {
        kind: 'text',
        rich: rich(line(`${noticeSigns[notice]} `, cutEnd(said, 1500))),
        ...(path === undefined ? {} : { file: path }),
      };
      // What did not happen by itself is for everybody; what became of one's own files for those who work on them.
      return words(notice === 'schedule' ? 'little' : 'normal', { content }, notice === 'reload' ? 'work' : 'look');
    }
    case 'agent.said':
      return words('all', {
        ...text(line('💬 ', code(event.task ?? '')), quote(cutEnd(event.data.text, 1500), true)),
        silent: true,
      });
    default:
      return [];
  }
}

const noticeSigns: Record<Exclude<EventData<'notice.posted'>['notice'], 'report'>, string> = {
  rate: '⭐️',
  digest: '🗞',
  plan: '🗓',
  schedule: '⚠️',
  reload: '🔁',
};

/** The chats of those who may answer an item. */
export function itemPlaces(teller: Teller, item: ItemState): Place[] {
  const places = at(teller, item, rightFor(item), true);
  const { about } = item;
  if (about?.kind !== 'channel') return places;
  // Where it is the very chat that does not work it is told elsewhere.
  const { channel, problem, chat } = about;
  const shut = (place: Place) =>
    place.channel === channel && (problem === 'token' || (problem === 'send' && place.chat === chat));
  return places.filter((place) => !shut(place));
}

/** So many cards wait or stand open in a chat; what is asked beyond them comes as one digest. */
const MOST_CARDS = 6;
/** A digest that came less than this ago, in ms, takes up what is asked meanwhile; a later one comes with a sound of its own. */
const PILE_MS = 5 * 60_000;

/** The cards of an item for those who may answer it and have not got it. Where many wait already, one message names them all. */
export function itemIntents(teller: Teller, id: string, now: number): Intent[] {
  const item = teller.state.items[id];
  if (item?.status !== 'open') return [];
  // How it was is for those who want to be told more than the needful.
  if (item.kind === 'feedback' && teller.config.chat.tell === 'little') return [];
  const key = `item:${id}`;
  return itemPlaces(teller, item)
    .filter((place) => !isThere(teller.state, place, key))
    .flatMap((place): Intent[] => {
      const open = openItems(teller.state).filter((other) => isThere(teller.state, place, `item:${other.id}`));
      if (open.length < MOST_CARDS)
        return [
          { place, key, topic: true, priority: 'question', content: { kind: 'item', item: id }, ...placeOfItem(item) },
        ];
      // It is there already, and shows what is added to it.
      if (isThere(teller.state, place, 'digest', now - PILE_MS)) return [];
      return [{ place, key: 'digest', priority: 'question', content: { kind: 'digest' } }];
    });
}

/** The cards of a running day for those who have not got it. */
export function dayIntents(teller: Teller, day: string): Intent[] {
  const key = `day:${day}`;
  return dayPlaces(teller, day)
    .filter((place) => !isThere(teller.state, place, key))
    .map((place) => ({ place, key, day, priority: 'card' as const, content: { kind: 'day' as const, day } }));
}

/** Whether a message stands in a chat (since a time, in ms), or is on its way there. */
function isThere(state: State, place: Place, key: string, since = 0): boolean {
  const slot = state.chat.slots[slotName(place, key)];
  if (slot !== undefined && Date.parse(slot.at) >= since) return true;
  return Object.values(state.chat.pending).some(
    (other) => other.key === key && other.place.channel === place.channel && other.place.chat === place.chat,
  );
}

/** The chats of an event: its project's, or those of the people with the right to act. */
function at(teller: Teller, event: { day?: string; task?: string }, right: Right, alert: boolean): Place[] {
  const project = teller.state.days[event.day ?? '']?.tasks[event.task ?? '']?.spec.project;
  return placesFor(teller, { right, alert, ...(project === undefined ? {} : { project }) });
}

/** Of a whole day: every chat of a project that it works on, and the people's own. */
function dayPlaces(teller: Teller, day: string): Place[] {
  const projects = new Set(Object.values(teller.state.days[day]?.tasks ?? {}).map((task) => task.spec.project));
  const all = [undefined, ...projects].flatMap((project) =>
    placesFor(teller, { right: 'look', ...(project === undefined ? {} : { project }) }),
  );
  return unique(all);
}

/** What the money went to. */
function dearest(state: State, day: string | undefined, scope: EventData<'budget.alerted'>['scope']) {
  if (scope === 'task') return [];
  const tasks = Object.values(state.days[day ?? '']?.tasks ?? {}).sort((a, b) => costOf(b) - costOf(a));
  return tasks.slice(0, 3).map((task) => line('· ', code(task.spec.id), ` ${usd(costOf(task))}`));
}

function budgetOf(scope: EventData<'budget.alerted'>['scope'], task: string | undefined): string {
  switch (scope) {
    case 'task':
      return `the budget of ${task ?? ''}`;
    case 'day':
      return 'the day’s budget';
    case 'project':
      return 'the project’s budget of this month';
    case 'month':
      return 'this month’s budget';
  }
}
