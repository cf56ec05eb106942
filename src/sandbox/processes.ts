import { readdirSync, readFileSync } from 'node:fs';
import { execa, execaSync } from 'execa';
import type { ProcessName } from './types.ts';

/** One row of the system's process table. */
export interface ProcessRow extends ProcessName {
  parent: number;
  group: number;
  session: number;
  /** Ended, and only not yet noticed by its parent. */
  zombie: boolean;
  /** CPU time of it and of those of its children that ended and were waited for, in ms. */
  cpuMs: number;
}

/** The kernel tells times to programs in 1/100 s on every Linux architecture. */
const tickMs = 10;

const linux = process.platform === 'linux';

/** The start time of a process, which with its pid names it for good; undefined where there is none with that pid. */
export function startTimeOf(pid: number): string | undefined {
  return rowOf(pid)?.startTime;
}

/** True while the process that is meant is there and has not ended. */
export function isAlive(name: ProcessName): boolean {
  const row = rowOf(name.pid);
  return row !== undefined && !row.zombie && row.startTime === name.startTime;
}

/** One process, or undefined where there is none with that pid. */
export function rowOf(pid: number): ProcessRow | undefined {
  if (linux) return parseStat(read(`/proc/${pid}/stat`));
  const { stdout } = execaSync('ps', ['-o', psColumns, '-p', String(pid)], { reject: false, env: { LC_ALL: 'C' } });
  return parsePs(stdout);
}

/** All processes that this user can see. */
export async function allProcesses(): Promise<ProcessRow[]> {
  if (linux) return pids().flatMap((pid) => parseStat(read(`/proc/${pid}/stat`)) ?? []);
  const { stdout } = await execa('ps', ['-axo', psColumns], { reject: false, env: { LC_ALL: 'C' } });
  return stdout.split('\n').flatMap((line) => parsePs(line) ?? []);
}

/** Pids of processes that were started with `text` in their environment, as far as this user may look. */
export async function pidsWithEnvironment(text: string): Promise<Set<number>> {
  if (linux) return new Set(pids().filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(text)));
  const { stdout } = await execa('ps', ['-axwwE', '-o', 'pid=,command='], { reject: false });
  const lines = stdout.split('\n').filter((line) => line.split(' ').includes(text));
  return new Set(lines.map((line) => Number.parseInt(line, 10)));
}

/** The value of a variable in the environment that a process was started with; undefined where that cannot be read. */
export function environmentOf(pid: number, name: string): string | undefined {
  const entries = linux
    ? read(`/proc/${pid}/environ`).split('\0')
    : execaSync('ps', ['-wwE', '-o', 'command=', '-p', String(pid)], { reject: false }).stdout.split(' ');
  return entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty where the process is gone meanwhile or is another user's: both say "not ours". */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** `PID (NAME) STATE PPID PGRP SESSION …`; the name may hold anything, brackets and line breaks too. */
export function parseStat(stat: string): ProcessRow | undefined {
  const end = stat.lastIndexOf(')');
  if (end < 0) return undefined;
  const field = stat.slice(end + 2).split(' ');
  const number = (index: number) => Number(field[index - 3]); // as numbered in proc(5)
  return {
    pid: Number.parseInt(stat, 10),
    startTime: field[22 - 3] ?? '',
    parent: number(4),
    group: number(5),
    session: number(6),
    zombie: field[0] === 'Z' || field[0] === 'X',
    cpuMs: (number(14) + number(15) + number(16) + number(17)) * tickMs,
  };
}

const psColumns = 'pid=,ppid=,pgid=,stat=,time=,lstart=';

/** `  PID  PPID  PGID STAT     TIME Mon Nov 23 08:00:00 2026`, the time as `[[HH:]MM:]SS[.CC]`. */
export function parsePs(line: string): ProcessRow | undefined {
  const [pid, parent, group, state, time, ...start] = line.trim().split(/\s+/);
  if (pid === undefined || time === undefined || state === undefined || !/^\d+$/.test(pid)) return undefined;
  const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return {
    pid: Number(pid),
    startTime: start.join(' '),
    parent: Number(parent),
    group: Number(group),
    // ps names no session on macOS; the group serves.
    session: Number(group),
    zombie: state.startsWith('Z'),
    cpuMs: Math.round(seconds * 1000),
  };
}
