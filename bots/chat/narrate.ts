import { cutEnd, oneLine, usd } from '../../src/base/index.ts';
import type { Home } from '../../src/home/index.ts';
import {
  costOf,
  slotName,
  type Channel,
  type Content,
  type EventData,
  type JournalEvent,
  type Place,
  type State,
} from '../../src/journal/index.ts';
import type { Right } from '../../src/people/index.ts';
import { placesFor } from './audience.ts';
import { costWords } from './cards/day.ts';
import type { Intent } from './outbox.ts';
import { bold, code, line, quote, rich } from './rich/index.ts';

/** What the telling depends on beside the event. */
export interface Teller {
  state: State;
  config: Home['config'];
  env: Record<string, string | undefined>;
  channels: readonly Channel[];
}

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
  const task =
    event.day === undefined || event.task === undefined ? undefined : teller.state.days[event.day]?.tasks[event.task];

  switch (event.type) {
    case 'item.opened':
      return itemIntents(teller, event.data.id).map((intent) => ({ ...intent, cause: event.seq }));
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
      if (task === undefined) return [];
      return words(
        'normal',
        text(line('✅ ', code(task.spec.id), ` is done · ${costWords(task)}`), ...stat(task.work)),
      );
    case 'task.failed':
      if (task === undefined) return [];
      return words(
        'little',
        text(line('❌ ', code(task.spec.id), ` failed · ${costWords(task)}`), quote(cutEnd(event.data.reason, 700))),
      );
    case 'task.stopped':
      if (task === undefined) return [];
      return words(
        'normal',
        text(line('⛔️ ', code(task.spec.id), ` was stopped: ${cutEnd(oneLine(event.data.reason), 300)}`)),
      );
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
    case 'task.parked':
      if (event.data.reason !== 'usage_limit') return [];
      return words(
        'little',
        text(
          line(
            '⏳ The usage limit is reached: ',
            code(event.task ?? ''),
            ` waits until ${event.data.until ?? 'it is over'}, then goes on by itself`,
          ),
        ),
      );
    case 'agent.said':
      return words('all', {
        ...text(line('💬 ', code(event.task ?? '')), quote(cutEnd(event.data.text, 1500), true)),
        silent: true,
      });
    default:
      return [];
  }
}

/** The cards of an item for those who may answer it and have not got it. */
export function itemIntents(teller: Teller, id: string): Intent[] {
  const item = teller.state.items[id];
  if (item?.status !== 'open') return [];
  const key = `item:${id}`;
  const event = { day: item.day, task: item.task };
  return at(teller, event, item.kind === 'budget' ? 'money' : 'work', true)
    .filter((place) => !isThere(teller.state, place, key))
    .map((place) => ({
      place,
      key,
      topic: true,
      priority: 'question' as const,
      content: { kind: 'item' as const, item: id },
      ...(item.day === '' ? {} : { day: item.day }),
      ...(item.task === '' ? {} : { task: item.task }),
    }));
}

/** The cards of a running day for those who have not got it. */
export function dayIntents(teller: Teller, day: string): Intent[] {
  const key = `day:${day}`;
  return dayPlaces(teller, day)
    .filter((place) => !isThere(teller.state, place, key))
    .map((place) => ({ place, key, day, priority: 'card' as const, content: { kind: 'day' as const, day } }));
}

function isThere(state: State, place: Place, key: string): boolean {
  if (state.chat.slots[slotName(place, key)] !== undefined) return true;
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
  return all.filter(
    (place, index) => all.findIndex((other) => other.channel === place.channel && other.chat === place.chat) === index,
  );
}

function stat(work: { stat: { files: number; insertions: number; deletions: number } } | undefined) {
  if (work === undefined) return [];
  return [line(`${work.stat.files} files, +${work.stat.insertions} −${work.stat.deletions}`)];
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
