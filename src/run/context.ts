import type { AgentAdapter } from '../agents/index.ts';
import { DayshiftError, redactDeep, type Clock, type NamedSecret } from '../base/index.ts';
import type { PriceTable } from '../budget/index.ts';
import type { Upstream } from '../door/index.ts';
import type { Home } from '../home/index.ts';
import type { DayState, Journal, JournalEvent, NewEvent, TaskSpec, TaskState } from '../journal/index.ts';
import type { Lure, Sandbox } from '../sandbox/index.ts';
import type { Egress } from './egress.ts';

/** All that a run needs from outside, put together once at its start. */
export interface RunContext {
  home: Home;
  journal: Journal;
  clock: Clock;
  newId: () => string;
  /** The id of a new inbox item, given out once. */
  newItemId: () => string;
  /** Runs one after the other what must look and then write, such as opening the one item for a day's budget. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  sandbox: Sandbox;
  adapter: AgentAdapter;
  upstream: Upstream;
  prices: PriceTable;
  /** One line: who pays for the model calls. */
  payer: string;
  /** The daemon's environment, from which `$NAME` values of task files are taken. */
  env: Record<string, string | undefined>;
  /** The same without the home's `.env`, which it wins over. Absent: there is no such file. */
  environment?: Record<string, string | undefined>;
  /** Takes secrets out of whatever is written. */
  redact: (text: string) => string;
  /** The secrets that a task's work must not hold, by their names. */
  namedSecrets: (spec: Pick<TaskSpec, 'env'>) => NamedSecret[];
  /** From now on these are secrets too: values that a task gets from the environment. */
  keepSecret: (value: string) => void;
  /** A short private folder for the doors' sockets (a socket path holds 107 bytes). */
  socketDir: string;
  /** What canaries reach for in vain. */
  lure: Lure;
  /** No proof is asked of the CLI: a rehearsal's agents do only what a script says. */
  trustCli?: boolean;
  /** The way out to the hosts of the tasks' lists. */
  egress: Egress;
  /** Somebody is there to answer approvals: a terminal or a channel. */
  canAsk: boolean;
  /** Called before and after each append, with `before:<type>` and `after:<type>`: tests kill the process there. */
  onPoint?: (name: string) => void;
  /** Words for whoever looks at the daemon: no secrets, one line. */
  log: (text: string) => void;
}

/** The part of the context that is needed where no day runs: to look at work, apply it, roll it back. */
export type WorkContext = Pick<RunContext, 'home' | 'journal' | 'redact' | 'namedSecrets'>;

/** Names a task of a day, and an attempt of it where there is one. */
export interface TaskRef {
  day: string;
  task: string;
  attempt?: number;
}

/** Appends events of one task, or of the day where none is named, as a group, redacted. Resolves once they are on disk. */
export async function record(
  ctx: Pick<RunContext, 'journal' | 'redact'> & Partial<Pick<RunContext, 'onPoint'>>,
  ref: Partial<TaskRef>,
  ...events: NewEvent[]
): Promise<JournalEvent[]> {
  const full = events.map((event) => ({
    ...ref,
    ...event,
    data: redactDeep(event.data, ctx.redact),
  })) as NewEvent[];
  for (const event of full) ctx.onPoint?.(`before:${event.type}`);
  const written = await ctx.journal.append(...full);
  for (const event of full) ctx.onPoint?.(`after:${event.type}`);
  return written;
}

/** The day as it stands now. */
export function dayOf(ctx: Pick<RunContext, 'journal'>, date: string): DayState {
  const day = ctx.journal.state.days[date];
  if (day === undefined)
    throw new DayshiftError('usage', `there is no plan for ${date} in the journal`, {
      hint: 'dayshift run starts a day',
    });
  return day;
}

/** The task as it stands now. */
export function taskOf(ctx: Pick<RunContext, 'journal'>, ref: TaskRef): TaskState {
  const task = dayOf(ctx, ref.day).tasks[ref.task];
  if (task === undefined)
    throw new DayshiftError('usage', `${ref.day} has no task ${ref.task}`, { hint: 'dayshift status lists them' });
  return task;
}
