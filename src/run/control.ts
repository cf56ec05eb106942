import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { BudgetStop } from '../door/index.ts';
import type { EventData } from '../journal/index.ts';
import type { SandboxedProcess } from '../sandbox/index.ts';
import type { Ending } from './live.ts';

/** An answer that its model gave so long ago, in ms, is on the CLI's disk, also on a busy machine: it writes ten times a second. */
const YOUNG_MS = 6000;
/** So long a CLI that is to go on later is given to hear the answer that its model is giving, in ms, and once more to end by itself. */
const GRACE_MS = 1500;
/** So long it is given to write down an answer that is there, in ms: ten times a second it does, if the machine lets it. */
const WRITING_MS = 5000;
const LOOK_EVERY_MS = 20;

export type Control = ReturnType<typeof startControl>;

/** Whether the CLI has these messages on its disk. */
type Keeps = (messages: readonly string[]) => Promise<boolean>;

/**
 * The one place that knows why an attempt is being ended: the first reason counts. A CLI that is to go on later writes its
 * last turn down first, for what it forgets is asked of its model again, and paid again.
 */
export function startControl(now: () => number, keeps: Keeps, wait: (ms: number) => Promise<unknown> = pause) {
  const abort = new AbortController();
  let child: SandboxedProcess | undefined;
  let ending: Ending | undefined;
  let young: { message: string; at: number }[] = [];
  const out = new Set<string>();
  const running = new Set<string>();
  const pending = new Set<Promise<unknown>>();
  const keep = (work: Promise<unknown>) => {
    pending.add(work);
    void work.finally(() => pending.delete(work));
  };

  /** For how long in all, in ms, it is worth to wait for what the model says at this moment, or for what it said to be kept. */
  async function patience(): Promise<number> {
    if (out.size > 0) return GRACE_MS;
    const last = young.filter(({ at }) => now() - at < YOUNG_MS).map(({ message }) => message);
    return last.length === 0 || (await keeps(last)) ? 0 : WRITING_MS;
  }

  async function endGently(process: SandboxedProcess): Promise<void> {
    for (let waited = 0; waited < (await patience()); waited += LOOK_EVERY_MS) await wait(LOOK_EVERY_MS);
    // Told to end, a CLI would note that a tool that runs has failed, which is not so: killed, it knows that it was interrupted.
    await (running.size > 0 ? process.kill() : process.end(GRACE_MS));
  }

  return {
    signal: abort.signal,
    attach(process: SandboxedProcess) {
      child = process;
      if (ending !== undefined) void process.kill();
    },
    end(reason: Ending) {
      if (abort.signal.aborted) return;
      ending = reason;
      abort.abort();
      if (child === undefined) return;
      void (goesOn(reason) ? endGently(child) : child.kill());
    },
    /** A tool runs, from now on or no more. */
    tool(id: string | undefined, runs: boolean) {
      if (runs) running.add(id ?? '');
      else running.delete(id ?? '');
    },
    /** A model call is over, perhaps with a message. */
    settled({ call, message }: Pick<EventData<'model.settled'>, 'call' | 'message'>) {
      out.delete(call);
      if (message === undefined) return;
      const at = now();
      young = [...young.filter((one) => at - one.at < YOUNG_MS), { message, at }];
    },
    /**
     * What the door says to an agent. One that is being ended hears nothing any more and waits for its end: else it would go on,
     * or write down as its model's or a person's word what is only the end.
     */
    async unlessEnding<T>(work: Promise<T>): Promise<T> {
      const said = await work;
      return abort.signal.aborted ? new Promise<never>(() => undefined) : said;
    },
    /** The same for a model call, which waits until its client is gone. */
    async letOut(call: string, askLeave: () => Promise<void>, gone: AbortSignal): Promise<void> {
      try {
        if (!abort.signal.aborted) {
          await askLeave();
          out.add(call);
          return;
        }
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      }
      if (!gone.aborted) await once(gone, 'abort');
      throw new BudgetStop('The agent is being ended.');
    },
    background(work: Promise<unknown>, failed: (error: unknown) => void) {
      keep(work.catch(failed));
    },
    /** Keeps what a hook is waiting for; whoever asked gets its fault too. */
    heard<T>(work: Promise<T>): Promise<T> {
      keep(work.catch(() => undefined));
      return work;
    },
    /** Resolves once nothing goes on beside the agent any more. */
    async quiet() {
      while (pending.size > 0) await Promise.all(pending);
    },
    over() {
      if (!abort.signal.aborted) abort.abort();
    },
    ending: () => ending,
  };
}

/** A parked agent is resumed, and so may be one that a person stopped; what is ended for what it does is ended at once. */
function goesOn({ end, atOnce }: Ending): boolean {
  return (end === 'parked' || end === 'stopped') && atOnce !== true;
}
