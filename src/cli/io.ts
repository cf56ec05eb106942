import type { Command } from 'commander';

/** What a command may use of the terminal: injected, so that tests hold both ends. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** Like `out`; resolves when the reader can take more. For commands that print without end. */
  write(text: string): Promise<void>;
  /** Standard input, in pieces. */
  stdin(): AsyncIterable<Uint8Array | string>;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** stdout is a terminal that may be drawn on. */
  tty: boolean;
  /** stdin is a terminal with a person behind it. */
  interactive: boolean;
  /** Of the terminal now; 80 where there is none. */
  columns: number;
  /** Lines of the terminal now; undefined where there is none. */
  rows?: number | undefined;
  color: boolean;
  /** Set by a command that must go on where nobody reads what it says any more: a day is not ended by `| head`. */
  outlivesReader?: boolean;
}

/** 0 done · 1 failed · 2 usage · 3 waits for a person. */
export type ExitCode = 0 | 1 | 2 | 3;

/**
 * A command's file exports `build`: it adds arguments and options to `command` and calls `run` with its action.
 * Heavy imports belong into the action, so that `--help` and quick commands stay quick.
 */
export type Build = (command: Command, io: CliIo, run: (action: () => Promise<ExitCode>) => void) => void;
