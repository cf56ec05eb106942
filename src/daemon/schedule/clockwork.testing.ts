import { join } from 'node:path';
import type { Clock } from '../../base/index.ts';
import { newFolder } from '../../base/testing.ts';
import { openJournal, readEvents, type EventOf, type JournalEvent } from '../../journal/index.ts';
import { scheduleOf, type EntryConfig, type ScheduleEntry } from '../../schedule/index.ts';
import { startClockwork, type ClockworkActions } from './clockwork.ts';

/** For tests of the clockwork: a machine whose clock they set, with a daemon that they end and start. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A wall clock that is set by hand, with timers that never come: the tests say when it is looked. */
function setClock(at: string): Clock & { set(at: string): void; pass(ms: number): void } {
  let now = Date.parse(at);
  return {
    now: () => now,
    after: () => () => undefined,
    set: (to) => (now = Date.parse(to)),
    pass: (ms) => (now += ms),
  };
}

/** A home's journal and what lives on it: the daemon may be ended and started again, in order or not. */
export function machine(at: string, entries: ScheduleEntry[]) {
  const folder = newFolder('schedule');
  const paths = { journal: join(folder, 'journal'), stateFile: join(folder, 'state.json') };
  const clock = setClock(at);
  const runs: string[] = [];
  const missed: string[] = [];
  let lastId = 0;
  const actions: ClockworkActions = {
    run({ entry }) {
      runs.push(`${entry.name} ${new Date(clock.now()).toISOString()}`);
      return Promise.resolve({ ok: true, said: 'done' });
    },
    ask: ({ entry, planned }) => Promise.resolve(`asked ${entry.name} ${planned}`),
    missed({ entry, planned }, why, count) {
      missed.push(`${entry.name} ${planned} ${count} ${why}`);
      return Promise.resolve();
    },
  };
  const up = async (more: Partial<ClockworkActions> = {}) => {
    const journal = await openJournal(paths, { clock });
    const ctx = {
      journal,
      clock,
      newId: () => `c${(lastId += 1)}`,
      redact: (text: string) => text,
      log: () => undefined,
    };
    const work = startClockwork(ctx, () => entries, { ...actions, ...more });
    const looked = work.look();
    // One whose runs never end is not waited for.
    if (more.run === undefined) await looked;
    return {
      journal,
      work,
      /** Lets time go by, looking once in `step` as the daemon does each half minute. */
      async live(ms: number, step = MINUTE) {
        for (let left = ms; left > 0; left -= step) {
          clock.pass(Math.min(step, left));
          await work.look();
        }
      },
      async down() {
        await work.stop();
        await journal.close();
      },
      /** Ends it where it stands: what runs is never written down. */
      die: () => journal.close(),
    };
  };
  const events = async () => {
    const all: JournalEvent[] = [];
    for await (const event of readEvents(paths.journal, {})) all.push(event);
    return all;
  };
  const of = async <T extends JournalEvent['type']>(type: T) =>
    (await events()).filter((event) => event.type === type) as EventOf<T>[];
  return { clock, runs, missed, up, of };
}

/** Only these entries: the built-in ones are off. */
export function only(zone: string, ...entries: EntryConfig[]): ScheduleEntry[] {
  const off = ['morning', 'evening', 'rate', 'digest', 'clean'].filter((name) => entries.every((e) => e.name !== name));
  return scheduleOf([...off.map((name) => ({ name, cron: 'off' })), ...entries], zone);
}

/** The entry of the morning, at eight if nothing else is said. */
export const morning = (missed = 'run_late_until 12:00', cron = '0 8 * * *'): EntryConfig => ({
  ...{ name: 'morning', cron, missed },
});
export const hours = (count: number) => count * HOUR;
