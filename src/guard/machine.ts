import type { Script } from 'unbash';
import type { Effect, GuardContext } from './types.ts';
import type { Frame } from './shell/frame.ts';

/**
 * What walks a command for one decision and collects its effects. The handlers of commands get it with each
 * call: a wrapper hands its inner command back to it, a plain command tells its effects.
 */
export interface Machine {
  readonly context: GuardContext;
  /** True once text that nobody knows came out of a command or a file: what it is put into may carry it away. */
  computed: boolean;
  /** True once code wrote text that would be stopped to files whose names are not all told: what is not there yet may be one. */
  scattered: boolean;
  /** Beginnings of the texts of files that this input prints, for the same reason. */
  readonly printed: string[];
  /** Remembers a program that a compiler writes here, and its sources: it may be run. */
  built(path: string, sources: readonly string[]): void;
  /** The sources of such a program; undefined where this input builds none of this path. */
  builtFrom(path: string): readonly string[] | undefined;
  /** True once a shell was told to run something at its end. */
  traps: boolean;
  /** Counts steps of the walk, for a loop in a loop in a loop is soon more than anybody can wait for. Throws RangeError past the limit. */
  readonly spend: (steps: number) => void;
  /** Adds an effect; of a path in a foreign frame, use `paths.ts`, which leaves those out. */
  emit(effect: Effect): void;
  /** Runs words (already expanded) as a command and returns what it prints, with marks. */
  invoke(words: readonly string[], frame: Frame): string;
  /** The same for what another program starts: it knows no functions and aliases of this shell. */
  start(words: readonly string[], frame: Frame): string;
  /** Walks a parsed script in this very frame and returns what it prints. */
  walk(script: Script, frame: Frame): string;
  /**
   * Runs text as a script in this very frame. Text with unknown parts is walked as far as it is known, and is
   * an effect of its own: a shell would run what nobody has read.
   */
  run(text: string, frame: Frame): string;
  /**
   * The file's text as it will be when this point is reached, with marks; undefined for a binary, for what cannot be
   * read and for what nobody knows. `changed` where this very input rewrote it.
   */
  file(path: string): { text: string | undefined; changed: boolean };
  /** Names in a folder: those that can be listed, and those that this input writes. */
  list(folder: string): string[];
  /** Paths of the files that this input wrote so far. */
  changes(): readonly string[];
  /** Remembers that this input writes the file, and with what if that is known. */
  wrote(path: string, text: string | undefined): void;
  /** The program of this name that this very input put where package managers look for those of packages. */
  planted(name: string): string | undefined;
  /** Remembers that this input makes a link at `path` that leads to `target`. */
  linked(path: string, target: string): void;
  /** Where a path leads by the links that this input made; the path itself where there is none. */
  follow(path: string): string;
  /** What is known of a program by its name: nothing, how it works, or that much of what it does is denied. */
  knows(name: string): 'nothing' | 'usual' | 'dangerous';
  /** A path that gives this text when it is read: `<(…)`. */
  pipe(text: string | undefined): string;
}

/** One effective command, as its handler sees it. */
export interface Call {
  machine: Machine;
  frame: Frame;
  /** The program's name, without folders. */
  name: string;
  args: readonly string[];
  /** The whole command, as people read it. */
  shown: string;
}

/** The longest program of another language that is read by patterns (awk, sed, an editor's commands). */
const longestProgram = 4000;

/** True, and told to the machine, where a program is too long for that. */
export function tooLong(program: string, call: Call): boolean {
  if (program.length <= longestProgram) return false;
  call.machine.emit({ kind: 'unknown', what: `a program for ${call.name} that is too long to be read`, runs: false });
  return true;
}

/** Tells a command's effects to the machine. Returns what the command prints, undefined where nobody knows. */
export type Handler = (call: Call) => string | undefined;
