import { readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { findProgram } from '../find.ts';
import type { SandboxLimits } from '../types.ts';

/** Where every sandbox shows it. */
const prlimit = findProgram('prlimit', '/usr/bin:/bin');

/**
 * `command` under the limits that the kernel keeps for each process, those that it starts too. `processes` is among them
 * only where nothing better is there: it counts those of the user, and it does not bind root.
 */
export function limitedCommand(
  command: readonly [string, ...string[]],
  limits: SandboxLimits,
  options: { processes: boolean; prlimit?: string | undefined } = { processes: false },
): [string, ...string[]] {
  const program = 'prlimit' in options ? options.prlimit : prlimit;
  const nofile = lower(limits.openFiles, hardLimit('Max open files'));
  const fsize = lower(limits.fileMb * 1024 * 1024, hardLimit('Max file size'));
  const nproc = options.processes
    ? lower(limits.processes === 0 ? 0 : limits.processes + others(), hardLimit('Max processes'))
    : 0;
  if (program === undefined) {
    // dash says -p for what bash says -u; a block has 512 bytes for both.
    const lines = [
      'ulimit -c 0',
      ...(nofile > 0 ? [`ulimit -n ${nofile}`] : []),
      ...(fsize > 0 ? [`ulimit -f ${Math.ceil(fsize / 512)}`] : []),
      ...(nproc > 0 ? [`{ ulimit -u ${nproc} 2>/dev/null || ulimit -p ${nproc}; }`] : []),
      'exec "$@"',
    ];
    return ['/bin/sh', '-c', lines.join(' && '), 'sh', ...command];
  }
  const both = (name: string, value: number) => (value > 0 ? [`--${name}=${value}:${value}`] : []);
  return [
    program,
    // With 1 nothing is written, and no program of the host is started to take it either, as it would be with 0.
    ...both('core', Math.min(1, hardLimit('Max core file size'))),
    ...both('nofile', nofile),
    ...both('fsize', fsize),
    ...both('nproc', nproc),
    '--',
    ...command,
  ];
}

/** A limit may be lowered by everybody and raised by few. */
function lower(wanted: number, hard: number): number {
  return wanted === 0 ? 0 : Math.min(wanted, hard);
}

/** The daemon's own, which those whom it starts inherit; Infinity where there is none, or where this system does not tell. */
function hardLimit(name: string): number {
  const line = textOf('/proc/self/limits')
    .split('\n')
    .find((one) => one.startsWith(name));
  const hard = line?.slice(name.length).trim().split(/\s+/)[1];
  return hard === undefined || !/^\d+$/.test(hard) ? Infinity : Number(hard);
}

/** Before Linux 5.14 a user namespace has no count of its own: all threads of this user count. */
function others(): number {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  if (major > 5 || (major === 5 && minor >= 14)) return 0;
  const own = String(process.getuid?.());
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => textOf(`/proc/${pid}/status`))
    .filter((status) => /^Uid:\s+(\d+)/m.exec(status)?.[1] === own)
    .reduce((sum, status) => sum + Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0), 0);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // gone meanwhile, or another system
  }
}
