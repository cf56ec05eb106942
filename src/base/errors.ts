/** How a failure maps to a process exit code: see docs/configuration.md, "Exit codes". */
type ErrorKind =
  /** The person's input is wrong: a typo, an unknown task, an invalid file. Exit code 2. */
  | 'usage'
  /** Something this machine lacks or refuses: no bubblewrap, a full disk, a busy lock. Exit code 1. */
  | 'environment'
  /** A defect in Dayshift itself, or a file that only Dayshift writes and that is damaged. Exit code 1. */
  | 'internal';

/**
 * The one error class that people see. `message` says what and where, `hint` what to do about it.
 * Never put a secret in either: both reach terminals, logs and chats.
 */
export class DayshiftError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DayshiftError';
    this.kind = kind;
    this.hint = options.hint;
  }
}

/** The message of anything that was thrown, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True where `error` is a system error with this code (`ENOENT`, `EEXIST`, …). */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
