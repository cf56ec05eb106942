import type { Server } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Clock, DayshiftError } from '../base/index.ts';

/**
 * What a process may see, change and reach: the one description from which every backend (bubblewrap, macOS
 * sandbox-exec, none) is derived. All paths are absolute and normal. What is not named is not there.
 */
export interface SandboxPolicy {
  /** The working directory inside; must lie in a writable or readable path, or be one that every sandbox has, as /tmp. */
  cwd: string;
  /** Folders and files bound read-write at their own path. They must exist. */
  writable: string[];
  /**
   * Folders and files bound read-only at their own path. Of two paths of which one lies in the other the deeper one
   * decides, of the same path in both lists this one. Missing ones are left out.
   */
  readable: string[];
  /** Files and folders bound read-only from elsewhere: `from` on the host appears as `to` inside. `from` must exist. */
  placed: { from: string; to: string }[];
  /** Files and folders that read as empty inside; ones that do not exist are left out. */
  hidden: string[];
  /** Unix sockets that are reachable inside at another path: the door, nothing else. They must exist. */
  sockets: { from: string; to: string }[];
  /** The whole environment inside; nothing of the daemon's own gets in. PATH, HOME, LANG and GIT_OPTIONAL_LOCKS have defaults. */
  env: Record<string, string>;
  limits: SandboxLimits;
}

/** What a start may use up, kept as far as the machine can: see `limitMeans`. 0 means no limit. */
export interface SandboxLimits {
  /** Memory of all its processes together, in MiB. Where control groups keep it, files in /tmp, /home and /dev/shm count. */
  memoryMb: number;
  /** Processes and threads together. */
  processes: number;
  /** Open files of each process; bubblewrap only. */
  openFiles: number;
  /** The size of any one file that it writes, in MiB; bubblewrap only. */
  fileMb: number;
  /** /tmp, and /home, in MiB each; bubblewrap only. */
  tmpMb: number;
  /** All that lies in the folders that it may write, in MiB. Measured: who passes it is ended a moment later. */
  diskMb: number;
}

/** A limit that was reached. */
export interface LimitHit {
  limit: 'memory' | 'processes' | 'disk';
  /** Whether all of it was ended for this; else only what asked for more was refused, or ended by the kernel. */
  ended: boolean;
  /** What happened and what to do, in a sentence. */
  words: string;
}

/** A command line ready to be started, with nothing secret in its arguments: those are seen by every user of the machine. */
export interface SandboxCommand {
  file: string;
  args: string[];
  env: Record<string, string>;
  /** On the host. */
  cwd: string;
  /** For bubblewrap: its options, which it reads NUL-separated from descriptor 3; it tells its child's pid on 4. */
  options?: string[];
  /** For bubblewrap: the options that have to come last of all. */
  last?: string[];
  /** For bubblewrap: what it reads from descriptor 5, the filter of system calls; empty where there is none. */
  filter?: Uint8Array;
  /** For bubblewrap: so many descriptors from 6 on are at their end, the contents of what is hidden. */
  empties?: number;
}

/** A backend. */
export interface Sandbox {
  readonly kind: 'bubblewrap' | 'sandbox-exec' | 'none';
  /** The command line that runs `command` under `policy`. Pure but for looking whether named paths exist. Throws DayshiftError where the policy cannot be kept. */
  wrap(policy: SandboxPolicy, command: readonly [string, ...string[]]): SandboxCommand;
}

export interface ProcessExit {
  /** null where a signal ended it. Inside bubblewrap a signal shows as 128 + its number. */
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  /** Limits that were reached, each once. */
  hits: LimitHit[];
}

/** A process's name for good: pids are used again, a pid with its start time is not. */
export interface ProcessName {
  pid: number;
  /** Kernel start time of `pid` (field 22 of /proc/PID/stat; `ps -o lstart` elsewhere). */
  startTime: string;
}

/**
 * A process in a sandbox. Whoever started it must await `exited` or call `kill`, and read both outputs from the start: it
 * stands still while they are full, and an output that nobody reads by the time it ends is dropped.
 */
export interface SandboxedProcess {
  readonly pid: number;
  /** See `ProcessName`. */
  readonly startTime: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it and everything that it started is gone; never rejects. A reader of the outputs may still have some before it. */
  readonly exited: Promise<ProcessExit>;
  /** Ends it with all its descendants, at once; resolves like `exited`. Harmless the second time. */
  kill(): Promise<ProcessExit>;
  /**
   * Tells the command itself to end (SIGTERM), and ends it with all its descendants where it is still there `graceMs` later; resolves
   * like `exited`. What it started may go on until then.
   */
  end(graceMs: number): Promise<ProcessExit>;
  /** Gives one that was started `behind` its whole share of the processors. */
  front(): void;
  /** CPU time used by it and its descendants so far, in ms, never falling; undefined where this system cannot tell. */
  cpuMs(): Promise<number | undefined>;
}

export interface StartOptions {
  /** Kills it after so long. */
  timeoutMs?: number;
  /**
   * A word for this start, at least 8 letters or digits, kept where a later daemon finds it: with it `killLeftover`
   * finds what outlived the process itself. Default: a random one.
   */
  marker?: string;
  /** A word for whom it is started; with it `killOwned` finds what outlived them. */
  owner?: string;
  /**
   * As commands of a shell expect it: no standard input, and both outputs as one, in their order, on `stdout`
   * (`stderr` is at its end).
   */
  merged?: boolean;
  /** It has a small share of the processors until `front()`, where there are control groups: others are waited for, it is not. */
  behind?: boolean;
  /**
   * The command does not begin before this has resolved, while its sandbox is made already; its time counts from then. Where this
   * rejects it never begins. For a `merged` one only.
   */
  after?: Promise<unknown>;
  /**
   * Gets the socket on which the bridge listens inside, once and before the command begins: whoever has it serves the door's port without
   * a process between. For a command of `withDoor` only.
   */
  onListener?: (listener: Server) => void;
  /** Told where that socket does not come within 20 s, with what to do; all of it is then ended, and the command never begins. */
  onNoListener?: (problem: DayshiftError) => void;
  /** For that deadline; default: the system's. */
  clock?: Clock;
  /** Told once for each limit that is reached, while it runs. */
  onLimit?: (hit: LimitHit) => void;
}
