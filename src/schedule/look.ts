import type { ScheduleState } from '../journal/index.ts';
import { slots } from './cron.ts';
import type { ScheduleEntry } from './entry.ts';
import { instantOf, wallOf, type Wall } from './zone.ts';

/** A slot that is begun within this time, in ms, is on time: a restart at the very minute, a busy machine. */
const GRACE_MS = 5 * 60_000;

/** A slot whose run was cut off so often is not tried again: its run may be what ends the daemon. */
const MOST_TRIES = 3;

/** How many slots of an entry are looked back for: more were missed in any case. */
const MOST_SLOTS = 500;

const HOUR = 3_600_000;

/** One slot of an entry. */
export interface Slot {
  entry: ScheduleEntry;
  /** The minute that was planned, by the entry's clock. */
  planned: Wall;
  /** When it was due, in ms since the epoch. */
  due: number;
}

type Step =
  /** Claim it, then run it. `tries`: how often it was claimed before, and cut off. */
  | ({ do: 'run'; late: boolean; tries: number } & Slot)
  /** A person is asked whether it is to run late. */
  | ({ do: 'ask'; why: string } & Slot)
  /** It does not run, and neither do the `count - 1` before it. */
  | ({ do: 'miss'; why: string; count: number } & Slot);

export interface Look {
  /** Entries that are new, were changed, or have gone since the last look: from now on these are watched. */
  arm: ScheduleEntry[] | undefined;
  /** In the order in which they were due. */
  steps: Step[];
  /** When the next slot is due, in ms since the epoch; undefined where none is. */
  next: number | undefined;
}

/**
 * What is due now. Pure: the same memory, the same moment, the same answer, so that it may be asked at any time and
 * as often as one likes. A slot is known by its name and its minute on the wall: a clock that is set back, or an hour
 * that comes twice, shows it again, and it has run. Of several slots of one entry that nobody was there for, only
 * the last may still run.
 * @param busy slots that this process is running now, as `name planned`
 */
export function look(
  entries: readonly ScheduleEntry[],
  memory: ScheduleState,
  now: number,
  busy: ReadonlySet<string> = new Set(),
): Look {
  const known = entries.filter((entry) => isArmed(entry, memory, now));
  const changed = known.length < entries.length || Object.keys(memory.entries).length > entries.length;
  const steps = known.flatMap((entry) => stepsOf(entry, memory, now, busy)).sort((a, b) => a.due - b.due);
  const next = entries.map((entry) => nextDue(entry, now)).filter((due) => due !== undefined);
  return { arm: changed ? [...entries] : undefined, steps, next: next.length === 0 ? undefined : Math.min(...next) };
}

/** Whether an entry is watched as it is. One that is watched from a time yet to come was armed by a clock that was wrong. */
function isArmed(entry: ScheduleEntry, memory: ScheduleState, now: number): boolean {
  const armed = Object.hasOwn(memory.entries, entry.name) ? memory.entries[entry.name] : undefined;
  return armed?.cron === entry.cron && armed.zone === entry.zone && Date.parse(armed.since) <= now;
}

function stepsOf(entry: ScheduleEntry, memory: ScheduleState, now: number, busy: ReadonlySet<string>): Step[] {
  const running = (slot: Slot) => busy.has(`${entry.name} ${slot.planned}`);
  const [latest, ...older] = openSlots(entry, memory, now).filter((slot) => !running(slot));
  if (latest === undefined) return [];
  const steps: Step[] = [];
  const passed = older[0];
  if (passed !== undefined)
    steps.push({
      do: 'miss',
      ...passed,
      count: older.length,
      why: 'a later one was due by then: only the last is run',
    });
  return [...steps, stepFor(latest, memory.slots[entry.name]?.[latest.planned]?.tries ?? 0, now)];
}

/** Slots that are due and not settled, the last first. What lies before a settled one was decided with it. */
function openSlots(entry: ScheduleEntry, memory: ScheduleState, now: number): Slot[] {
  const since = Date.parse(memory.entries[entry.name]?.since ?? '');
  const found: Slot[] = [];
  // Where the clocks go back, the wall has shown minutes that are later than what it shows now.
  for (const slot of slots(entry.cron, wallOf(now + 3 * HOUR, entry.zone), 'prev')) {
    const due = instantOf(slot, entry.zone);
    if (due > now) continue;
    const settled = memory.slots[entry.name]?.[slot]?.settled !== undefined;
    if (settled || due < since || found.length >= MOST_SLOTS) break;
    found.push({ entry, planned: slot, due });
  }
  return found;
}

function stepFor(slot: Slot, tries: number, now: number): Step {
  const { entry, due } = slot;
  const miss = (why: string): Step => ({ do: 'miss', ...slot, count: 1, why });
  if (tries >= MOST_TRIES) return miss(`it was begun ${tries} times, and Dayshift ended each time before it was done`);
  if (now - due <= GRACE_MS) return { do: 'run', ...slot, late: false, tries };
  const absent = tries > 0 ? 'Dayshift ended while it ran' : 'Dayshift was not up at that time, or the machine slept';
  switch (entry.missed.kind) {
    case 'skip':
      return miss(absent);
    case 'ask':
      return { do: 'ask', ...slot, why: absent };
    case 'run_late':
      if (now <= lastMoment(slot, entry.missed.until)) return { do: 'run', ...slot, late: true, tries };
      return miss(`${absent}, and it is later than ${entry.missed.until}`);
  }
}

/** Until when a slot may still run: the whole of that minute counts. */
function lastMoment({ planned, entry }: Slot, until: string): number {
  const date = planned.slice(0, 10);
  const sameDay = until > planned.slice(11);
  const day = sameDay ? date : new Date(Date.parse(`${date}T00:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10);
  return instantOf(`${day}T${until}`, entry.zone) + 59_999;
}

/** When an entry is due next after `now`. */
export function nextDue(entry: ScheduleEntry, now: number): number | undefined {
  // Where the clocks go forward, minutes that the wall never shows are due later than it says.
  for (const slot of slots(entry.cron, wallOf(now - 3 * HOUR, entry.zone), 'next')) {
    const due = instantOf(slot, entry.zone);
    if (due > now) return due;
  }
  return undefined;
}
