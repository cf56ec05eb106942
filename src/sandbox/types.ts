import type { Readable, Writable } from 'node:stream';

/**
 * What a process may see, change and reach: the one description from which every backend (bubblewrap, macOS
 * sandbox-exec, none) is derived. All paths are absolute and real (no symlinks). What is not named is not there.
 */
export interface SandboxPolicy {
  /** The working directory inside; must lie in a writable or readable path. */
  cwd: string;
  /** Folders and files bound read-write at their own path. */
  writable: string[];
  /** Folders and files bound read-only at their own path, over `writable` where they overlap. Missing ones are left out. */
  readable: string[];
  /** Files bound read-only from elsewhere: `from` on the host appears as `to` inside. */
  placed: { from: string; to: string }[];
  /** Files that read as empty inside; ones that do not exist are left out. */
  hidden: string[];
  /** Unix sockets that are reachable inside at another path: the door, nothing else. */
  sockets: { from: string; to: string }[];
  /** The whole environment inside; nothing of the daemon's own gets in. PATH, HOME, LANG have defaults. */
  env: Record<string, string>;
  /** Limits, applied as far as the machine can (see `doctor`); 0 means none. */
  limits: { memoryMb: number; processes: number };
}

export interface SandboxCommand {
  file: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
}

/** A backend. */
export interface Sandbox {
  readonly kind: 'bubblewrap' | 'sandbox-exec' | 'none';
  /** The command line that runs `command` under `policy`. Pure but for looking whether named paths exist. Throws DayshiftError where the policy cannot be kept. */
  wrap(policy: SandboxPolicy, command: readonly [string, ...string[]]): SandboxCommand;
}

export interface ProcessExit {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
}

/** A process in a sandbox. Whoever started it must await `exited` or call `kill`. */
export interface SandboxedProcess {
  readonly pid: number;
  /** Kernel start time of `pid` (field 22 of /proc/PID/stat; `ps -o lstart` elsewhere): with the pid, it names the process for good. */
  readonly startTime: string;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it and everything that it started is gone; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends it with all its descendants, at once; resolves like `exited`. Harmless the second time. */
  kill(): Promise<ProcessExit>;
  /** CPU time used by it and its descendants so far, in ms; undefined where this system cannot tell. */
  cpuMs(): Promise<number | undefined>;
}

export interface StartOptions {
  /** Kills it after so long. */
  timeoutMs?: number;
}
