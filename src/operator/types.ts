import type { Clock } from '../base/index.ts';
import type { Home } from '../home/index.ts';
import type { Actor, Journal, Role } from '../journal/index.ts';
import type { RunContext, Runner } from '../run/index.ts';

/** What came of an operator call: a sentence for the person, whatever they use. */
export interface Outcome {
  ok: boolean;
  message: string;
  /** The same for a program, where a sentence is not enough. */
  data?: Record<string, unknown>;
}

/** A task by `[DATE/]id`, or a day by its date, which may also stand in the task's place. Neither: the day that runs. */
export interface DayOrTask {
  task?: string | undefined;
  day?: string | undefined;
}

/** What a commit may be told. `withNeeds`, `force`, `allowLinks`: as for `apply`. */
export interface CommitInput {
  message?: string;
  propose?: boolean;
  withNeeds?: boolean;
  force?: boolean;
  allowLinks?: boolean;
}

/**
 * What a person can do, whatever they do it with: the CLI, HTTP and chats turn their gestures into these calls
 * and add nothing. A call that cannot be done says so in its outcome; it throws only where the machine refuses.
 * `task` is `[DATE/]id`, by default of the latest day.
 */
export interface Operator {
  /** `question`: the index of the one that is answered, of several; the item is answered when the last one is. `options`: the indexes of what was chosen, in place of the text. */
  answer: (
    input: { item: string; text: string; question?: number; options?: readonly number[] },
    by: Actor,
  ) => Promise<Outcome>;
  /** `files`: base64; the agent reads them beside its checkout, and nobody runs them. */
  tell: (
    input: { task: string; text: string; files?: { name: string; data: string }[] },
    by: Actor,
  ) => Promise<Outcome>;
  /** Without a task: a whole day, `day` or the one that runs. */
  pause: (input: DayOrTask, by: Actor) => Promise<Outcome>;
  resume: (input: DayOrTask, by: Actor) => Promise<Outcome>;
  stop: (input: DayOrTask, by: Actor) => Promise<Outcome>;
  retry: (input: { task: string; hint?: string }, by: Actor) => Promise<Outcome>;
  /** `withNeeds`: what it needs goes in before it. `force`: also with a secret in it, and without what it needs. `allowLinks`: also links that lead out of the project. */
  apply: (
    input: { task: string; withNeeds?: boolean; force?: boolean; allowLinks?: boolean },
    by: Actor,
  ) => Promise<Outcome>;
  /** The work becomes a commit by the person on the branch that is checked out, and goes into the checkout where it is not there yet. `message`: in place of the proposed one. `propose`: only says what the message would be, in `data.message`. */
  commit: (input: CommitInput & { task: string }, by: Actor) => Promise<Outcome>;
  /** The same on a branch of its own, by default `dayshift/DATE/TASK`, from the commit that the work began from; the checkout is not touched. */
  branch: (input: CommitInput & { task: string; name?: string }, by: Actor) => Promise<Outcome>;
  /** The branch, pushed and proposed with the person's `gh`. `base`: the branch that it is to go into. */
  pr: (
    input: CommitInput & { task: string; name?: string; base?: string; draft?: boolean },
    by: Actor,
  ) => Promise<Outcome>;
  /** Looks what still stands of the work that was taken over, writes it down, and says it. `data.rows`: by task. */
  survival: (input: object, by: Actor) => Promise<Outcome>;
  rollback: (input: { task: string; checkpoint?: string }, by: Actor) => Promise<Outcome>;
  /** Begins a day now, or goes on with it: a date, `today`, `tomorrow`, or a task file (absolute, or within the home); default: today. `carry`: also with nothing but unfinished tasks of earlier days; `backlog`: also with nothing but what the backlog has. */
  start: (input: { target?: string; carry?: boolean; backlog?: boolean }, by: Actor) => Promise<Outcome>;
  /** Ends the running Dayshift: what runs is parked. Resolves before it has ended. */
  down: (input: object, by: Actor) => Promise<Outcome>;
  /** A sentence becomes a task, in today's file, another day's (`YYYY-MM-DD`), or the backlog. `start`: it begins at once. `data`: its id and file. */
  add: (
    input: { text: string; where?: 'today' | 'backlog' | (string & {}); project?: string; start?: boolean },
    by: Actor,
  ) => Promise<Outcome>;
  /** What a task, or without one the latest day, may cost in US dollars. */
  budget: (input: DayOrTask & { usd: number }, by: Actor) => Promise<Outcome>;
  /** Stars from 0 to 5 and words, into `feedback/DATE.md`. `action`: what shall be different. */
  rate: (input: { task: string; stars?: number; remark?: string; action?: string }, by: Actor) => Promise<Outcome>;
  /** Reads `feedback/DATE.md` (default: of the latest day) into the journal, once, and says what was understood. */
  feedback: (input: { date?: string }, by: Actor) => Promise<Outcome>;
  /** Looks at what was learned (`list`, `show`, `why`), and changes it. `text`: its new words, or why it is retired. */
  lessons: (
    input: {
      verb: 'list' | 'show' | 'why' | 'accept' | 'try' | 'edit' | 'retire' | 'undo';
      id?: string;
      text?: string;
      /** With `list`: retired ones too. */
      all?: boolean;
      kind?: string;
      command?: string;
      files?: string[];
      ask?: string;
      factor?: number;
      /** Empty for any. */
      project?: string;
      module?: string;
      tags?: string[];
      /** `YYYY-MM-DD`. */
      expires?: string;
    },
    by: Actor,
  ) => Promise<Outcome>;
  /** Gives out a one-time code for a chat. `data.code` has it. */
  pair: (input: { role?: Role }, by: Actor) => Promise<Outcome>;
  /** `person`: an id (`p2`), a name, or the account's id. */
  unpair: (input: { person: string }, by: Actor) => Promise<Outcome>;
  /** Removes workspaces of days before today (before `before`, a date), or of the named task. Never one with unapplied work unless forced. */
  clean: (input: { task?: string; force?: boolean; dryRun?: boolean; before?: string }, by: Actor) => Promise<Outcome>;
}

/** What the operator needs of the process that it lives in, where that one goes on after the call. */
interface DaemonPort {
  start(input: { target?: string; carry?: boolean; backlog?: boolean }, by: Actor): Promise<Outcome>;
  /** Asks for the end of the process, and returns how many tasks are at work now. */
  end(by: Actor): number;
}

export interface OperatorContext {
  home: Home;
  journal: Journal;
  clock: Clock;
  newId: () => string;
  /** The id of a new inbox item, where a loop in this process gives them out too. */
  newItemId?: () => string;
  redact: (text: string) => string;
  /** The secrets that a task's work must not hold, by their names. */
  namedSecrets: RunContext['namedSecrets'];
  /** The loop, where one runs in this process. */
  runner: Runner | undefined;
  /** Told at named points, for tests that kill there. */
  onPoint?: (name: string) => void;
  /** The process, where it lives on: `dayshift up`, `dayshift run`. */
  daemon?: DaemonPort;
}
