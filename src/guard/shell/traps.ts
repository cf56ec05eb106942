import type { Machine } from '../machine.ts';
import { fork, type Frame } from './frame.ts';

/** Under such a name, which no variable can have, stands what a shell runs at its end: the variables in it. */
const trapOf = 'trap ';

/**
 * Remembers what the shell runs at its end, whose variables may have other values then. True where one of them has none
 * yet: what it does now says nothing.
 */
export function rememberTrap(action: string, frame: Frame, machine: Machine): boolean {
  const bodies = [...frame.functions].filter(([name]) => action.includes(name)).map(([, body]) => JSON.stringify(body));
  const mentioned = [...[action, ...bodies].join('\n').matchAll(/\$\{?!?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
  if (mentioned.length === 0) return false;
  machine.traps = true;
  frame.vars.set(trapOf + action, [...new Set(mentioned)]);
  return mentioned.some((name) => /[a-z]/.test(name) && !frame.vars.has(name));
}

/** Runs what this shell was told to run at its end; with `changed`, as if it ended after this variable got its value. */
export function runTraps(frame: Frame, machine: Machine, changed?: string): void {
  if (!machine.traps) return;
  for (const [name, mentioned] of frame.vars) {
    if (!name.startsWith(trapOf)) continue;
    if (changed !== undefined && Array.isArray(mentioned) && !mentioned.includes(changed)) continue;
    const scope = fork(frame, { via: [...frame.via, 'trap'] });
    forgetTraps(scope, machine);
    machine.run(name.slice(trapOf.length), scope);
  }
}

export function forgetTraps(frame: Frame, machine: Machine): void {
  if (machine.traps) for (const name of frame.vars.keys()) if (name.startsWith(trapOf)) frame.vars.delete(name);
}

/** A shell of its own, in a copy of another one's frame: it starts without traps and runs its own at its end. */
export function ownShell(scope: Frame, machine: Machine, body: (scope: Frame) => string): string {
  forgetTraps(scope, machine);
  const output = body(scope);
  runTraps(scope, machine);
  return output;
}
