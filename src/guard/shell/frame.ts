import type { Function as FunctionNode } from 'unbash';
import { UNKNOWN } from '../marks.ts';
import { Names } from './names.ts';

export type Value = string | string[];

/** The state of one shell while its commands are walked: what is known at this point. */
export interface Frame {
  /** The folders this may be in: several where a branch may have changed it. */
  cwds: readonly string[];
  /** Every variable assigned so far; one that is not in it is unset, or comes from outside. */
  vars: Names<Value>;
  /**
   * All bodies a name may stand for; undefined among them where it may as well be no function. Shared by the copies of
   * a frame: it is changed by `define` alone.
   */
  functions: Names<(FunctionNode['body'] | undefined)[]>;
  /** Shared in the same way: changed by `rename` alone. */
  aliases: Names<string>;
  /** `$1` and on; undefined where not even their number is known. */
  positional: string[] | undefined;
  /** What standard input holds, with marks. */
  stdin: string;
  /** What this was found in, outermost first. */
  via: readonly string[];
  /** In a container or on another machine: its paths are not ours. */
  foreign: boolean;
  /** A lifecycle script of a package manager: hook installers are expected there, and harmless in the sandbox. */
  lifecycle: boolean;
  /** Where a function or a loop may end early (`return`, `break`): the states at those points. */
  exits: Frame[] | undefined;
}

/** A copy whose changes stay its own: a subshell, or one branch. */
export function fork(frame: Frame, changes: Partial<Frame> = {}): Frame {
  return {
    ...frame,
    vars: frame.vars.fork(),
    ...changes,
  };
}

/** Gives a name these bodies, or none, in this frame alone. */
export function define(name: string, bodies: (FunctionNode['body'] | undefined)[] | undefined, frame: Frame): void {
  frame.functions = frame.functions.fork();
  if (bodies === undefined) frame.functions.delete(name);
  else frame.functions.set(name, bodies);
}

/** Makes a word stand for this text, in this frame alone. */
export function rename(name: string, text: string, frame: Frame): void {
  frame.aliases = frame.aliases.fork().set(name, text);
}

/** Under this name, which no variable can have, stands that a variable is exported; `all`: every one is. */
export const exportOf = (name: string): string => `export ${name}`;
export const exportAll = exportOf('all of them');

/** Names that the environment has from the start. */
const inherited = new Set(['HOME', 'PATH', 'CLAUDE_PROJECT_DIR', 'NVM_DIR', '__unread', '__harmless']);

/**
 * A program that this shell starts: it sees only what is exported. A name in capitals may be in the environment already,
 * and is then unknown; any other is unset there: `g=echo; bash -c '${g:-git} push'` pushes.
 */
export function childOf(frame: Frame, changes: Partial<Frame> = {}): Frame {
  const child = fork(frame, changes);
  if (frame.vars.has(exportAll)) return child;
  for (const [name] of frame.vars) {
    if (!/^[A-Za-z_]\w*$/.test(name) || inherited.has(name) || frame.vars.has(exportOf(name))) continue;
    if (/[a-z]/.test(name)) child.vars.delete(name);
    else child.vars.set(name, UNKNOWN);
  }
  return child;
}

/** Makes `frame` what it is after one of the branches ran: what they do not agree on is unknown. */
export function join(frame: Frame, branches: readonly Frame[]): void {
  const [first] = branches;
  if (first === undefined) return;
  if (branches.some((branch) => !branch.vars.isStill(frame.vars))) {
    for (const name of Names.differing([frame.vars, ...branches.map(({ vars }) => vars)])) {
      const value = first.vars.get(name);
      const agreed = value !== undefined && branches.every((branch) => same(branch.vars.get(name), value));
      if (agreed) frame.vars.set(name, value);
      else if (branches.some((branch) => branch.vars.has(name))) frame.vars.set(name, UNKNOWN);
      else frame.vars.delete(name);
    }
  }
  const [cwd] = first.cwds;
  if (branches.some(({ cwds }) => cwds.length !== 1 || cwds[0] !== cwd)) {
    frame.cwds = [...new Set(branches.flatMap((branch) => branch.cwds))];
    if (frame.cwds.length > 4) frame.cwds = [UNKNOWN];
  } else frame.cwds = first.cwds;
  if (branches.some((branch) => !branch.functions.isStill(frame.functions))) {
    for (const name of new Set(branches.flatMap((branch) => [...branch.functions.keys()])))
      define(name, [...new Set(branches.flatMap((branch) => branch.functions.get(name) ?? [undefined]))], frame);
  }
  for (const branch of branches)
    if (!branch.aliases.isStill(frame.aliases)) for (const [name, text] of branch.aliases) rename(name, text, frame);
  frame.positional = branches.every((branch) => same(branch.positional, first.positional))
    ? first.positional
    : undefined;
}

/** True where nothing was changed in either since one was copied from the other. */
export const untouched = (a: Frame, b: Frame): boolean =>
  a.vars.isStill(b.vars) &&
  a.cwds === b.cwds &&
  a.functions === b.functions &&
  a.aliases === b.aliases &&
  a.positional === b.positional;

/** True where both know the same: a loop's body has nothing new to teach. */
export function settled(a: Frame, b: Frame): boolean {
  if (a.vars.size !== b.vars.size || a.cwds.join('\n') !== b.cwds.join('\n')) return false;
  if (a.functions.size !== b.functions.size || a.aliases.size !== b.aliases.size) return false;
  if (!a.vars.isStill(b.vars)) for (const [name, value] of a.vars) if (!same(value, b.vars.get(name))) return false;
  return same(a.positional, b.positional);
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => item === b[index]);
}
