import type { AttemptEnd, NewEvent } from '../journal/index.ts';
import type { LimitHit } from '../sandbox/index.ts';
import type { Workspace } from '../workspace/index.ts';
import type { RunContext, TaskRef } from './context.ts';
import type { Telling } from './told.ts';

/** Why an attempt is being ended by us, and what is written down together with its end. */
export interface Ending {
  end: Extract<AttemptEnd, 'parked' | 'stopped' | 'hung' | 'timeout' | 'failed'>;
  detail?: string;
  /** It is killed at once, with whatever it has under way: for what it does. */
  atOnce?: true;
  /** The limit of the sandbox for which it is ended. */
  limit?: LimitHit['limit'];
  /** Events in the same group as `attempt.ended`: `task.parked`, `task.stopped`. */
  then?: NewEvent[];
}

/** An attempt while its process lives. */
export interface LiveAttempt {
  ctx: RunContext;
  ref: Required<TaskRef>;
  workspace: Workspace;
  /** Its `egress` list as the guard judges by it: entries of a list, without words for clients. */
  hosts: string[];
  /** Fires when the attempt is over or is being ended. */
  signal: AbortSignal;
  /** Ends it: nothing of the door answers it any more, the process goes; the first ending counts. */
  end(ending: Ending): void;
  /** What it did or spent, for the watch on running in circles. */
  seen(events: NewEvent[]): void;
  /** Something happened that shows it is alive. */
  progress(): void;
  /** Runs `work` with the watchdog and the task's working time standing still: a person or the checks have the turn. */
  suspended<T>(work: () => Promise<T>): Promise<T>;
  /** What was handed to the agent, and when its model has it. */
  telling: Telling;
  /** Lets `work` go on beside the agent. Its end is waited for before the attempt's own is written; what it throws is logged. */
  background(work: Promise<unknown>, what: string): void;
}
