import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from '../base/index.ts';
import {
  allProcesses,
  environmentOf,
  isAlive,
  pidsWithEnvironment,
  startTimeOf,
  type ProcessRow,
} from './processes.ts';
import type { ProcessName } from './types.ts';

/** The variable in the environment of a start's processes by which they are known. */
export const markerName = 'DAYSHIFT_ATTEMPT';
/** The one by which all are known that were started for the same owner: see `StartOptions.owner`. */
export const ownerName = 'DAYSHIFT_OWNER';

/** Whatever comes from one start: the process itself, who descends from it, who carries its marker. */
export interface Family {
  leader: ProcessName;
  marker: string | undefined;
  /** Members seen so far; those that lost their parent are only known from here. */
  seen: Map<number, string>;
}

export function family(leader: ProcessName, marker?: string): Family {
  return { leader, marker, seen: new Map([[leader.pid, leader.startTime]]) };
}

/**
 * The living members, leader included: descendants of any that was seen before, the process group and session of the
 * leader, and who has the marker in its environment. (A process that left group and session, dropped its environment
 * and whose parent ended, all between two looks, is not found: only a sandbox with a PID namespace is proof against that.)
 */
async function members(of: Family): Promise<ProcessRow[]> {
  const all = await allProcesses();
  const marked = of.marker === undefined ? new Set<number>() : await pidsWithEnvironment(`${markerName}=${of.marker}`);
  const { pid, startTime } = of.leader;
  // While anybody is in a group or session its number names no other process: a stranger with it means ours are gone.
  const taken = all.some((row) => row.pid === pid && row.startTime !== startTime);
  const found = new Map<number, ProcessRow>();
  const isMember = (row: ProcessRow) =>
    of.seen.get(row.pid) === row.startTime ||
    marked.has(row.pid) ||
    found.has(row.parent) ||
    (!taken && (row.group === pid || row.session === pid));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const row of all) if (row.pid !== process.pid && !found.has(row.pid) && isMember(row)) found.set(row.pid, row);
  }
  for (const row of found.values()) of.seen.set(row.pid, row.startTime);
  return [...found.values()].filter((row) => !row.zombie);
}

/** Kills all members, and those that they start meanwhile, until none is left. True if there was any. */
export async function endFamily(of: Family): Promise<boolean> {
  let any = false;
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    const living = await members(of);
    if (living.length === 0) return any;
    any = true;
    for (const row of living) killProcess(row);
    await wait(pause);
  }
}

/** Waits until a process has ended; a pid-1 of a PID namespace ends only after all others in it. */
export async function untilGone(name: ProcessName): Promise<void> {
  for (let pause = 1; isAlive(name); pause = Math.min(pause * 2, 100)) await wait(pause);
}

/** The command that was started in a PID namespace with this first process: the eldest child, for orphans come to it later. */
export async function firstIn(init: ProcessName | undefined): Promise<ProcessName | undefined> {
  if (init === undefined || !isAlive(init)) return undefined;
  const children = (await allProcesses()).filter((row) => row.parent === init.pid && !row.zombie);
  return children.sort((a, b) => Number(a.startTime) - Number(b.startTime) || a.pid - b.pid)[0];
}

/** SIGKILL to exactly this process; nothing where it is gone. */
export function killProcess(name: ProcessName): void {
  signalProcess(name, 'SIGKILL');
}

/** The same with any signal. */
export function signalProcess(name: ProcessName, signal: NodeJS.Signals): void {
  if (!isAlive(name)) return;
  try {
    process.kill(name.pid, signal);
  } catch (error) {
    // Gone between the look and the signal, or turned into another user's program: nothing of ours is left there.
    if (!hasCode(error, 'ESRCH') && !hasCode(error, 'EPERM')) throw error;
  }
}

/** CPU time of all members so far, in ms. */
export async function cpuMsOf(of: Family): Promise<number> {
  const living = await members({ ...of, marker: undefined });
  return living.reduce((sum, row) => sum + row.cpuMs, 0);
}

/**
 * Ends all that was started for this owner and outlived whoever started it: where the guardian was killed too. Resolves once all is gone; true if there was anything.
 */
export async function killOwned(owner: string): Promise<boolean> {
  let any = false;
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    const rows = (await allProcesses()).filter((row) => !row.zombie);
    const marked = await pidsWithEnvironment(`${ownerName}=${owner}`);
    const living = rows.filter((row) => marked.has(row.pid) && row.pid !== process.pid);
    if (living.length === 0) return any;
    any = true;
    for (const row of living) killProcess(row);
    await wait(pause);
  }
}

/** The living members that descend from the leader. */
export async function pidsOf(of: Family): Promise<number[]> {
  return (await members({ ...of, marker: undefined })).map((row) => row.pid);
}

/**
 * Ends what an earlier daemon started and left behind: the process, where both pid and start time match, with all
 * that descends from it or carries its marker. With the `marker` of its start also what outlived the process.
 * Resolves once all is gone; true if there was anything.
 */
export async function killLeftover(name: ProcessName, marker?: string): Promise<boolean> {
  const found = startTimeOf(name.pid) === name.startTime;
  // A process that is gone leaves a group number that may be a stranger's by now, after a reboot for one.
  const leader = found ? name : { pid: -1, startTime: '' };
  const word = marker ?? (found ? environmentOf(name.pid, markerName) : undefined);
  return found || word !== undefined ? endFamily(family(leader, word)) : false;
}
