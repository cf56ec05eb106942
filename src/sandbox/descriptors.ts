import { readdirSync, readFileSync } from 'node:fs';

let highest: number | undefined;

/**
 * The highest descriptor that this process would hand on to its children, 2 where there is none but the usual three.
 * What opens files for Node closes them for children; what Node itself inherited it hands on, and a folder or a socket
 * among that would be a hole in every sandbox: hence the children get the same numbers with nothing behind them.
 */
export function highestInherited(): number {
  highest ??= Math.max(2, ...inherited());
  return highest;
}

function inherited(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').map(Number).filter(isHandedOn);
}

function isHandedOn(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
  } catch {
    return false; // the descriptor by which the list itself was read
  }
}

const closeOnExec = 0o2000000;
