import { dueDefaults, dueSkips, nextSilence, placeOfItem } from '../inbox/index.ts';
import { type Actor, type DayState, type NewEvent, type TaskState } from '../journal/index.ts';
import { messageOf } from '../base/index.ts';
import { dayOf, record, taskOf, type RunContext, type TaskRef } from './context.ts';
import { drive, type Driver } from './drive.ts';
import { isLetGo } from './machine.ts';
import { monthLimits, openBudgetItem } from './money.ts';
import { settleOwnItems } from './own-items.ts';
import { admit, hasIdleSlots, heldByBudget, nextWake } from './schedule.ts';
import { createStandby } from './standby.ts';

/** How a day stands when nothing in it can go on by itself. */
export type Outcome = 'done' | 'failed' | 'waits';

export interface Runner {
  /** Resolves when nothing in the day can go on without a person. Rejects where the journal or the disk refuses. */
  settled(date: string): Promise<Outcome>;
  /** Ends a task for good; open items of it are withdrawn. */
  stopTask(ref: TaskRef, reason: string, actor: Actor): Promise<void>;
  /** Parks a task until a person resumes it. */
  pauseTask(ref: TaskRef, actor: Actor): Promise<void>;
  /** Parks everything that runs; the day goes on when it is resumed. */
  pauseDay(date: string, reason: string, actor: Actor): Promise<void>;
  /** Something that is no event may have given it work: a file was changed. */
  look(): void;
  /** Parks everything that runs and starts nothing more: for the end of the daemon. */
  shutdown(): Promise<void>;
  /** Resolves with what ended the loop, if ever: the journal or the disk refuses, and nothing is started any more. */
  broken: Promise<unknown>;
}

const ENDED = new Set<TaskState['status']>(['done', 'failed', 'stopped']);
/** A timer stands still while a laptop sleeps and knows nothing of a clock that is set: the loop looks at least so often, in ms. */
const LONGEST_SLEEP_MS = 60_000;

/** Asked when slots of a day stand empty: resolves with whether it put more into the day's plan. Never rejects. */
export type MoreWork = (day: DayState) => Promise<boolean>;

/** The loop that drives running days. It reads the journal's fold and holds nothing but the handles of what it started. */
export function startRunner(ctx: RunContext, more?: MoreWork): Runner {
  const drivers = new Map<string, Driver & { ref: TaskRef; ahead: boolean; over: Promise<void>; abort(): void }>();
  /** Tasks that are being stopped or parked, and by how many: none of them is started meanwhile. */
  const held = new Map<string, number>();
  const waiters = new Set<{ date: string; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void }>();
  const standby = createStandby(ctx);
  const begun = standby.begin();
  let closing = false;
  let broken: { error: unknown } | undefined;
  let tellBroken: (error: unknown) => void = () => undefined;
  const whenBroken = new Promise<unknown>((resolve) => (tellBroken = resolve));
  let cancelWake: () => void = () => undefined;
  let turning = false;
  let turnAgain = false;

  // It may have changed while something was awaited, which the compiler cannot see.
  const isClosing = () => closing;
  const limits = (project: string) => monthLimits(ctx, project);
  const key = (ref: TaskRef) => `${ref.day}/${ref.task}`;

  function start(ref: TaskRef, ahead: boolean): void {
    if (held.has(key(ref))) return;
    const control = new AbortController();
    const driver: Driver = { signal: control.signal, ahead, ready: ahead ? undefined : standby.claim(ref) };
    const over = drive(ctx, ref, driver, ahead ? 'prepare' : undefined)
      .finally(() => driver.ready?.drop())
      .catch(breakDown)
      .then(() => {
        drivers.delete(key(ref));
        kick();
      });
    drivers.set(key(ref), Object.assign(driver, { ref, ahead, over, abort: () => control.abort() }));
  }

  function breakDown(error: unknown): void {
    broken ??= { error };
    tellBroken(error);
    ctx.log(`the day cannot go on: ${messageOf(error)}`);
  }

  function kick(): void {
    if (turning) {
      turnAgain = true;
      return;
    }
    turning = true;
    turn()
      .catch(breakDown)
      .finally(() => {
        turning = false;
        if (turnAgain) {
          turnAgain = false;
          kick();
        } else settle();
      });
  }

  /** One look at everything: answers whose time has come, own items, tasks to start, and when to look again. */
  async function turn(): Promise<void> {
    await begun;
    if (closing || broken !== undefined) return;
    const now = ctx.clock.now();
    for (const { item, answers } of dueDefaults(ctx.journal.state, now)) {
      await ctx.journal.append({
        type: 'item.answered',
        ...placeOfItem(item),
        data: { id: item.id, answers },
        actor: { kind: 'daemon' },
      });
    }
    for (const item of dueSkips(ctx.journal.state, now)) {
      await ctx.journal.append({ type: 'item.expired', ...placeOfItem(item), data: { id: item.id } });
    }
    await settleOwnItems(ctx, { stop, parkAll });
    let wake = nextSilence(ctx.journal.state);
    let next: TaskRef | undefined;
    for (const day of runningDays()) {
      const mine = () => [...drivers.values()].filter((driver) => driver.ref.day === day.date);
      const names = (ahead: boolean) =>
        new Set(
          mine()
            .filter((driver) => driver.ahead === ahead)
            .map((driver) => driver.ref.task),
        );
      const busy = () => ({ driven: names(false), ahead: names(true), room: roomOf() });
      const admission = admit(ctx.journal.state, day, busy(), now, limits);
      for (const { task, reason } of admission.drop) {
        await record(ctx, { day: day.date, task }, { type: 'task.stopped', data: { reason } });
        turnAgain = true;
      }
      if (isClosing()) return;
      // While that was written the day may have been paused: what may start is asked again.
      if (admission.drop.length > 0) continue;
      for (const task of admission.go) start({ day: day.date, task }, false);
      for (const task of admission.ahead) start({ day: day.date, task }, true);
      if (admission.next !== undefined) next ??= { day: day.date, task: admission.next };
      if (more !== undefined && hasIdleSlots(ctx.journal.state, day, busy(), now, limits) && (await more(day))) {
        // What came is looked at like all the rest.
        turnAgain = true;
        continue;
      }
      const short = mine().length > 0 ? undefined : heldByBudget(ctx.journal.state, day, now, limits);
      if (short !== undefined) await askForMore({ day: day.date, task: short.task }, short.space);
      const time = nextWake(ctx.journal.state, day, now);
      if (time !== undefined) wake = Math.min(wake ?? time, time);
    }
    standby.want(next);
    cancelWake();
    if (wake !== undefined) cancelWake = ctx.clock.after(Math.min(Math.max(10, wake - now), LONGEST_SLEEP_MS), kick);
  }

  /** Nothing goes on because so little of a budget is left that no task may begin: a person decides. */
  async function askForMore(ref: TaskRef, space: Parameters<typeof openBudgetItem>[2]): Promise<void> {
    await ctx.inTurn(() => openBudgetItem(ctx, ref, space));
  }

  /** The earlier day first: it has the slots that it began with. */
  function runningDays(): DayState[] {
    return Object.values(ctx.journal.state.days)
      .filter((day) => day.status === 'running' || day.status === 'paused')
      .sort((a, b) => (a.date < b.date ? -1 : 1));
  }

  /** Days side by side have as many slots as the widest of them. */
  function roomOf(): number {
    const widest = Math.max(0, ...runningDays().map((day) => day.plan.concurrency));
    return widest - [...drivers.values()].filter(({ ahead, ref }) => !ahead && !isLetGo(taskOf(ctx, ref))).length;
  }

  /** Tells those who wait for a day in which nothing goes on any more. */
  function settle(): void {
    for (const waiter of [...waiters]) {
      if (broken !== undefined) waiter.reject(broken.error);
      else if (goesOn(waiter.date)) continue;
      else waiter.resolve(outcomeOf(dayOf(ctx, waiter.date)));
      waiters.delete(waiter);
    }
  }

  function goesOn(date: string): boolean {
    if ([...drivers.values()].some((driver) => driver.ref.day === date)) return true;
    if ([...held.keys()].some((name) => name.startsWith(`${date}/`))) return true;
    const day = dayOf(ctx, date);
    return !closing && day.status === 'running' && nextWake(ctx.journal.state, day, ctx.clock.now()) !== undefined;
  }

  /** Halts the driver of a task, if there is one, and waits until it is out of the way. */
  async function halt(ref: TaskRef, end: 'stopped' | 'parked', then: NewEvent[], detail: string): Promise<void> {
    const driver = drivers.get(key(ref));
    if (driver === undefined) return;
    driver.halted = { end, detail, then };
    driver.abort();
    driver.handle?.end(driver.halted);
    await driver.over;
  }

  /** Runs `work`, which ends or parks a task, with the task kept from being started. */
  async function holding(ref: TaskRef, work: () => Promise<void>): Promise<void> {
    const name = key(ref);
    held.set(name, (held.get(name) ?? 0) + 1);
    try {
      await work();
    } finally {
      const others = (held.get(name) ?? 1) - 1;
      if (others > 0) held.set(name, others);
      else held.delete(name);
      kick();
    }
  }

  async function park(ref: TaskRef, reason: 'paused' | 'shutdown', actor?: Actor): Promise<void> {
    const parked: NewEvent = { type: 'task.parked', data: { reason }, ...(actor === undefined ? {} : { actor }) };
    await halt(ref, 'parked', [parked], reason === 'paused' ? 'a person paused it' : 'Dayshift was told to end');
    const task = taskOf(ctx, ref);
    if (ENDED.has(task.status) || task.status === 'parked') return;
    if (reason === 'paused') await record(ctx, ref, parked);
  }

  async function parkAll(date: string, actor?: Actor): Promise<void> {
    const mine = [...drivers.values()].filter((driver) => driver.ref.day === date);
    await Promise.all(mine.map((driver) => park(driver.ref, 'paused', actor)));
  }

  /** Ends a task for good, writing `events` with its end. The next turn withdraws what it asked. */
  async function stopWith(ref: TaskRef, events: NewEvent[], detail: string): Promise<void> {
    await halt(ref, 'stopped', events, detail);
    if (!ENDED.has(taskOf(ctx, ref).status)) await record(ctx, ref, ...events);
  }

  const stop = (ref: TaskRef, events: NewEvent[], detail: string) => holding(ref, () => stopWith(ref, events, detail));

  // What agents do and what calls cost starts nothing: only these kinds of events can give the loop work.
  const unsubscribe = ctx.journal.subscribe((event) => {
    if (/^(day|task|item|budget|review)\./.test(event.type)) kick();
    // What is wrong with the sandbox of one is wrong with those of the others.
    if (event.type === 'canary.failed' && event.day !== undefined) void parkAll(event.day).catch(breakDown);
  });
  kick();

  return {
    broken: whenBroken,
    look: kick,
    settled: (date) =>
      new Promise((resolve, reject) => {
        waiters.add({ date, resolve, reject });
        kick();
      }),
    stopTask: (ref, reason, actor) => stop(ref, [{ type: 'task.stopped', data: { reason }, actor }], reason),
    pauseTask: (ref, actor) => holding(ref, () => park(ref, 'paused', actor)),
    async pauseDay(date, reason, actor) {
      await ctx.journal.append({ type: 'day.paused', day: date, data: { reason }, actor });
      await parkAll(date, actor);
    },
    async shutdown() {
      closing = true;
      cancelWake();
      await Promise.all([standby.close(), ...[...drivers.values()].map((driver) => park(driver.ref, 'shutdown'))]);
      unsubscribe();
      settle();
    },
  };
}

/** The outcome of a day as it stands: whoever waits comes before what failed. */
export function outcomeOf(day: DayState): Outcome {
  const tasks = Object.values(day.tasks);
  if (tasks.some((task) => !ENDED.has(task.status))) return 'waits';
  return tasks.some((task) => task.status !== 'done') ? 'failed' : 'done';
}
