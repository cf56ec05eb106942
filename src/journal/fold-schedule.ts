import type { JournalEvent } from './events.ts';
import type { ScheduleState, State } from './state.ts';

/** How many slots of an entry are remembered: so many minutes of an every-minute entry a clock may be set back. */
const REMEMBERED = 200;

/** Folds what the schedule did. */
export function foldSchedule(state: State, event: JournalEvent): void {
  const schedule = (state.schedule ??= { entries: {}, slots: {} });
  switch (event.type) {
    case 'schedule.armed': {
      const before = schedule.entries;
      schedule.entries = {};
      for (const { name, cron, zone } of event.data.entries) {
        const known = Object.hasOwn(before, name) ? before[name] : undefined;
        const same = known?.cron === cron && known.zone === zone && known.since <= event.at;
        schedule.entries[name] = same ? known : { cron, zone, since: event.at };
      }
      return;
    }
    case 'schedule.claimed': {
      const { name, planned, claim } = event.data;
      const tries = slotsOf(schedule, name)[planned]?.tries ?? 0;
      if (event.data.try === tries + 1) remember(schedule, name, planned, { tries: tries + 1, claim });
      return;
    }
    case 'schedule.ran':
      settle(schedule, event.data, event.data.ok ? 'ran' : 'failed');
      return;
    case 'schedule.missed':
      settle(schedule, event.data, 'missed');
      return;
    case 'schedule.asked':
      settle(schedule, event.data, 'asked');
      return;
    default:
      return;
  }
}

type SlotState = ScheduleState['slots'][string][string];

function slotsOf(schedule: ScheduleState, name: string): Record<string, SlotState> {
  return (Object.hasOwn(schedule.slots, name) ? schedule.slots[name] : undefined) ?? {};
}

function settle(
  schedule: ScheduleState,
  { name, planned }: { name: string; planned: string },
  settled: NonNullable<SlotState['settled']>,
): void {
  remember(schedule, name, planned, { ...(slotsOf(schedule, name)[planned] ?? { tries: 0 }), settled });
}

function remember(schedule: ScheduleState, name: string, planned: string, slot: SlotState): void {
  const slots = slotsOf(schedule, name);
  // Names come from a person's config: none may be the prototype's.
  Object.defineProperty(schedule.slots, name, { value: slots, enumerable: true, configurable: true, writable: true });
  slots[planned] = slot;
  const all = Object.keys(slots);
  if (all.length > REMEMBERED) delete slots[all[0] ?? ''];
}
