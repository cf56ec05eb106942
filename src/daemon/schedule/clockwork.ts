import { messageOf, type Clock } from '../../base/index.ts';
import type { Journal, NewEvent } from '../../journal/index.ts';
import { look, type ScheduleEntry, type Slot } from '../../schedule/index.ts';

export interface ClockworkContext {
  journal: Journal;
  clock: Clock;
  newId: () => string;
  redact: (text: string) => string;
  log: (text: string) => void;
  onPoint?: (name: string) => void;
}

/** What came of a slot's run, in a sentence. */
export interface Ran {
  ok: boolean;
  said: string;
}

export interface ClockworkActions {
  /** Runs a slot. It may be run again after a kill in the middle: what it does twice must be harmless. */
  run(slot: Slot): Promise<Ran>;
  /** Opens the inbox item that asks whether a missed slot is to run, and returns its id. */
  ask(slot: Slot, why: string): Promise<string>;
  /** A slot was missed: whoever waits for it should know. Called again after a kill: what it tells twice must be harmless. */
  missed(slot: Slot, why: string, count: number): Promise<void>;
}

export interface Clockwork {
  /** Looks at what is due now and does it; resolves when all of it is done. */
  look(): Promise<void>;
  /** Waits for what runs, and looks no more. */
  stop(): Promise<void>;
}

/** A timer stands still while the machine sleeps and knows nothing of a clock that is set: it looks at least so often, in ms. */
const LONGEST_SLEEP_MS = 30_000;

/**
 * Runs the slots of a schedule, each once: it is claimed in the journal before it runs, and it runs only where that
 * claim stands. Holds nothing but the names of what it is running. `entries` is asked anew at each look.
 */
export function startClockwork(
  ctx: ClockworkContext,
  entries: () => readonly ScheduleEntry[],
  actions: ClockworkActions,
): Clockwork {
  const running = new Map<string, Promise<void>>();
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;
  let cancel: () => void = () => undefined;

  async function decide(): Promise<Promise<void>[]> {
    if (stopped) return [];
    const now = ctx.clock.now();
    const { journal } = ctx;
    const found = look(entries(), journal.state.schedule ?? { entries: {}, slots: {} }, now, new Set(running.keys()));
    if (found.arm !== undefined) await journal.append(armed(found.arm));
    const started: Promise<void>[] = [];
    for (const step of found.steps) {
      switch (step.do) {
        case 'miss':
          await actions.missed(step, step.why, step.count);
          await journal.append({
            type: 'schedule.missed',
            data: { ...facts(step), what: step.entry.what, why: step.why, count: step.count },
          });
          break;
        case 'ask': {
          const item = await actions.ask(step, step.why);
          const data = { ...facts(step), what: step.entry.what, why: step.why, item };
          await journal.append({ type: 'schedule.asked', data });
          break;
        }
        case 'run':
          if (await claim(step, step.late, step.tries + 1)) started.push(start(step));
          break;
      }
    }
    cancel();
    const sleep = Math.min(LONGEST_SLEEP_MS, Math.max(10, (found.next ?? Infinity) - ctx.clock.now()));
    // After what was just armed one looks again: a slot of this very minute may be among it.
    cancel = ctx.clock.after(sleep, () => void again());
    return started;
  }

  /** Whether the claim that stands is this one. */
  async function claim(slot: Slot, late: boolean, nth: number): Promise<boolean> {
    const id = ctx.newId();
    const data = { ...facts(slot), claim: id, what: slot.entry.what, late, try: nth };
    await ctx.journal.append({ type: 'schedule.claimed', data });
    ctx.onPoint?.('after:schedule.claimed');
    return ctx.journal.state.schedule?.slots[slot.entry.name]?.[slot.planned]?.claim === id;
  }

  function start(slot: Slot): Promise<void> {
    const key = `${slot.entry.name} ${slot.planned}`;
    const run = perform(slot).finally(() => running.delete(key));
    running.set(key, run);
    return run;
  }

  async function perform(slot: Slot): Promise<void> {
    const started = new Date(ctx.clock.now()).toISOString();
    let ran: Ran;
    try {
      ran = await actions.run(slot);
    } catch (error) {
      ran = { ok: false, said: messageOf(error) };
    }
    if (!ran.ok) ctx.log(`schedule: ${slot.entry.name}: ${ran.said}`);
    const claim = ctx.journal.state.schedule?.slots[slot.entry.name]?.[slot.planned]?.claim ?? '';
    const data = { ...facts(slot), claim, what: slot.entry.what, started, ok: ran.ok, said: ctx.redact(ran.said) };
    await ctx.journal
      .append({ type: 'schedule.ran', data })
      .catch((error: unknown) => ctx.log(`schedule: ${messageOf(error)}`));
  }

  function again(): Promise<void> {
    const mine = looking.then(decide);
    looking = mine.then(
      () => undefined,
      (error: unknown) => {
        ctx.log(`schedule: ${messageOf(error)}`);
        if (!stopped) cancel = ctx.clock.after(LONGEST_SLEEP_MS, () => void again());
      },
    );
    return mine.then(
      async (started) => {
        await Promise.all(started);
      },
      () => undefined,
    );
  }

  return {
    look: again,
    async stop() {
      stopped = true;
      cancel();
      await looking;
      await Promise.all(running.values());
    },
  };
}

function facts({ entry, planned, due }: Slot) {
  return { name: entry.name, planned, zone: entry.zone, due: new Date(due).toISOString() };
}

function armed(entries: readonly ScheduleEntry[]): NewEvent {
  return {
    type: 'schedule.armed',
    data: {
      entries: entries.map(({ name, cron, zone, what, missed }) => ({
        ...{ name, cron, zone, what },
        missed: missed.kind === 'run_late' ? `run_late_until ${missed.until}` : missed.kind,
      })),
    },
  };
}
