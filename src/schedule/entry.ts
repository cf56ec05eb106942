/** What an entry of the schedule does. */
export const whats = ['start', 'report', 'rate', 'digest', 'clean', 'pause', 'resume', 'stop'] as const;

export type What = (typeof whats)[number];

/** What happens to a slot that nobody was there for, or that was cut off. */
export type Missed =
  | { kind: 'skip' }
  | { kind: 'ask' }
  /** By the clock on the wall, `HH:MM`; one that is not later than the slot is meant for the next day. */
  | { kind: 'run_late'; until: string };

export interface ScheduleEntry {
  name: string;
  /** Five fields. */
  cron: string;
  /** IANA name of the zone whose wall clock counts. */
  zone: string;
  what: What;
  missed: Missed;
}

/** Reads `skip`, `ask` or `run_late_until HH:MM`; undefined for anything else. */
export function parseMissed(text: string): Missed | undefined {
  const words = text.trim();
  if (words === 'skip' || words === 'ask') return { kind: words };
  const until = /^run_late_until\s+(([01]?\d|2[0-3]):[0-5]\d)$/.exec(words)?.[1];
  return until === undefined ? undefined : { kind: 'run_late', until: until.padStart(5, '0') };
}

/** What is scheduled unless config says otherwise, by name. */
export const builtInEntries: Record<string, { cron: string; what: What; missed: string }> = {
  morning: { cron: '0 8 * * 1-5', what: 'start', missed: 'run_late_until 12:00' },
  evening: { cron: '0 18 * * *', what: 'report', missed: 'run_late_until 12:00' },
  rate: { cron: '30 18 * * *', what: 'rate', missed: 'run_late_until 22:00' },
  digest: { cron: '0 19 * * 5', what: 'digest', missed: 'run_late_until 18:00' },
  clean: { cron: '30 3 * * *', what: 'clean', missed: 'run_late_until 23:00' },
};

/** One entry as config has it: what it leaves out is the built-in one's of that name. */
export interface EntryConfig {
  name: string;
  cron?: string | undefined;
  what?: What | undefined;
  missed?: string | undefined;
  timezone?: string | undefined;
}

/** The whole schedule: the built-in entries as config changed them, then its own. An entry whose cron is `off` is none. */
export function scheduleOf(given: readonly EntryConfig[], timezone: string): ScheduleEntry[] {
  const own = given.filter(({ name }) => !Object.hasOwn(builtInEntries, name));
  const named = (name: string): EntryConfig => given.find((entry) => entry.name === name) ?? { name };
  return [...Object.keys(builtInEntries).map(named), ...own].flatMap((entry): ScheduleEntry[] => {
    const base = Object.hasOwn(builtInEntries, entry.name) ? builtInEntries[entry.name] : undefined;
    const { cron = base?.cron, what = base?.what } = entry;
    const missed = parseMissed(entry.missed ?? base?.missed ?? 'skip');
    if (cron === undefined || cron === 'off' || what === undefined || missed === undefined) return [];
    return [{ name: entry.name, cron, zone: entry.timezone ?? timezone, what, missed }];
  });
}
