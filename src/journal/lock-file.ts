import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasCode } from '../base/index.ts';
import { bootId, startTimeOf } from './machine.ts';

/** What stands in a lock file. */
export interface LockInfo {
  /** Names this very taking of the lock. */
  id: string;
  pid: number;
  startTime: string;
  bootId: string;
  host: string;
  mode: string;
  /** ISO time. */
  since: string;
}

export interface LockHolder {
  pid: number;
  mode: string;
  since: string;
  /** Whether the process is there. True also for another machine's, of which we cannot know. */
  alive: boolean;
}

/** Who holds the lock, as its file says; undefined where nobody does or the file is unreadable. */
export async function lockHolder(file: string): Promise<LockHolder | undefined> {
  const lock = readLock(file);
  if (lock === undefined || lock.pid === 0) return undefined;
  const { pid, mode, since } = lock;
  return { pid, mode, since, alive: (await holderOf(lock)) !== 'gone' };
}

/** Reads a lock or a claim; undefined where there is none. What cannot be read is somebody's who is gone (pid 0): a lock appears whole or not at all. */
export function readLock(file: string): LockInfo | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const found = parse(text);
    if (found !== undefined) return found;
    const { ino, mtimeMs } = statSync(file);
    return { id: `${ino}-${mtimeMs}`, pid: 0, startTime: '', bootId: '', host: hostname(), mode: '', since: '' };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parse(text: string): LockInfo | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockInfo> | null;
    const { id, pid, startTime, bootId, host, mode = '', since = '' } = value ?? {};
    if (!Number.isInteger(pid) || pid === undefined || startTime === undefined) return undefined;
    if (bootId === undefined || host === undefined) return undefined;
    return {
      id: (id ?? `${pid}-${startTime}`).replace(/[^\w-]/g, ''),
      pid,
      startTime,
      bootId,
      host,
      mode,
      since,
    };
  } catch {
    return undefined; // what a power loss left of it
  }
}

/**
 * Whether the process that took a lock is still there. A pid alone could be another process's by now, and a
 * heartbeat stops in a suspended process that goes on later; pid, start time and boot name one process for good.
 */
export async function holderOf(lock: LockInfo): Promise<'alive' | 'gone' | 'elsewhere'> {
  if (lock.pid === 0) return 'gone';
  const boot = await bootId();
  // A laptop may change its name with the network: the same boot is the same machine whatever it is called.
  const here = boot !== '' && lock.bootId === boot;
  if (!here && lock.host !== hostname()) return 'elsewhere';
  if (lock.bootId !== boot) return 'gone';
  return (await startTimeOf(lock.pid)) === lock.startTime ? 'alive' : 'gone';
}
