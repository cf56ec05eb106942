import { isKnown } from '../marks.ts';
import type { Frame } from './frame.ts';

/** Names under which a frame remembers what may change behind its back; no variable is called so. */
const mark = (name: string): string => `shared ${name}`;
const everything = mark('*');
const reference = (name: string): string => `reference ${name}`;

/**
 * Remembers that this variable may be changed by another name, or by what runs in between: its value is not known
 * again. Where nobody can tell which it is, none is. */
export function share(name: string, frame: Frame): void {
  frame.vars.set(/^[A-Za-z_]\w*$/.test(name) ? mark(name) : everything, '1');
}

/** True where a variable may have another value than the one it was given last. */
export const isShared = (name: string, frame: Frame): boolean =>
  frame.vars.has(mark(name)) || (frame.vars.has(everything) && frame.vars.has(name));

/** Remembers a name for other variables (`declare -n`), and which it is for, if that is said. */
export function refer(name: string, target: string | undefined, frame: Frame): void {
  frame.vars.set(reference(name), target === undefined ? 'open' : 'bound');
  share(name, frame);
  if (target !== undefined) share(target.replace(/\[.*$/s, ''), frame);
}

/** The first assignment to such a name without a target says which it is; with `anew` (a `for`), every one does. */
export function refersNow(name: string, value: string, frame: Frame, anew = false): void {
  const known = frame.vars.get(reference(name));
  if (known === undefined || (known === 'bound' && !anew)) return;
  const target = value.replace(/\[.*$/s, '');
  if (!isKnown(target) || /^[A-Za-z_]\w*$/.test(target)) share(target, frame);
}
