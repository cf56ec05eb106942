import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DayshiftError, diskError, hasCode, systemClock, type Clock } from '../base/index.ts';
import { syncPath } from './files.ts';
import { holderOf, readLock, type LockInfo } from './lock-file.ts';
import { bootId, startTimeOf } from './machine.ts';

/** A lock that this process holds until it releases it or ends, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a home's lock. A lock whose process is gone is taken over; another machine's never is. Rejects with
 * DayshiftError where somebody holds it.
 *
 * How two takers that see the same stale lock are kept from both winning: nobody removes a stale lock. Who
 * wants to replace the lock with id X must first create the file `lock.claim-X`, which only one can; then looks
 * whether the lock is still X, and only then renames its own over it. If that one dies half-way, its claim Y is
 * itself a stale lock, and to go on from there one must create `lock.claim-Y`, and so on: the last living
 * claimant wins. The claims are removed by the winner when the lock is its own; who was slow and creates one
 * of them again sees in its second look that the lock is another by now, and steps back.
 */
export async function takeLock(file: string, info: { mode: string; now?: Clock }): Promise<Lock> {
  const own: LockInfo = {
    id: randomUUID(),
    pid: process.pid,
    startTime: (await startTimeOf(process.pid)) ?? '',
    bootId: await bootId(),
    host: hostname(),
    mode: info.mode,
    since: new Date((info.now ?? systemClock).now()).toISOString(),
  };
  const mine = `${file}.own-${own.id}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeOwn(mine, own);
    await take(file, mine);
    syncPath(dirname(file));
  } catch (error) {
    throw error instanceof DayshiftError ? error : diskError(file, error);
  } finally {
    rmSync(mine, { force: true });
  }
  await sweep(file, own);
  return {
    release() {
      return Promise.resolve().then(() => {
        if (readLock(file)?.id === own.id) rmSync(file, { force: true });
      });
    },
  };
}

/** Resolves when `mine` is the lock. */
async function take(file: string, mine: string): Promise<void> {
  // Somebody else's claim is settled within moments; so are the steps back after a race.
  for (let tries = 0; ; tries += 1) {
    const lock = readLock(file);
    if (lock === undefined) {
      if (linkIfFree(mine, file)) return;
      continue;
    }
    await refuseWhereHeld(file, lock);
    const seen = [lock.id];
    let claim = `${file}.claim-${lock.id}`;
    for (;;) {
      if (linkIfFree(mine, claim)) {
        if (seen.includes(readLock(file)?.id ?? '')) {
          renameSync(mine, file);
          return;
        }
        rmSync(claim, { force: true });
        break;
      }
      const claimant = readLock(claim);
      if (claimant === undefined) break;
      if ((await holderOf(claimant)) !== 'gone') {
        if (tries > 200) throw held(file, claimant);
        await delay(5);
        break;
      }
      seen.push(claimant.id);
      claim = `${file}.claim-${claimant.id}`;
    }
  }
}

async function refuseWhereHeld(file: string, lock: LockInfo): Promise<void> {
  const holder = await holderOf(lock);
  if (holder === 'alive') throw held(file, lock);
  if (holder === 'elsewhere') {
    throw new DayshiftError(
      'environment',
      `this home is in use by Dayshift on the machine ${lock.host} (process ${lock.pid}, ${lock.mode}, since ${lock.since})`,
      { hint: `stop it there; if that machine is no more, delete ${file}` },
    );
  }
}

function held(file: string, { pid, mode, since }: LockInfo): DayshiftError {
  return new DayshiftError(
    'environment',
    `Dayshift runs in this home already: process ${pid} (${mode}, since ${since})`,
    {
      hint:
        mode === 'daemon'
          ? `dayshift start DATE begins a day in it, dayshift down (or kill ${pid}) ends it`
          : `wait until it is done, or end it with dayshift down (or kill ${pid}); its lock, ${file}, goes with it`,
    },
  );
}

/** The lock must never be seen half written, also not after a power loss: so it is whole before it gets its name. */
function writeOwn(path: string, own: LockInfo): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(own)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes the claims that led to this lock, and what takers left that are gone. Only the holder does, after the lock is its own. */
async function sweep(file: string, own: LockInfo): Promise<void> {
  const name = basename(file);
  for (const entry of readdirSync(dirname(file))) {
    if (!entry.startsWith(`${name}.claim-`) && !entry.startsWith(`${name}.own-`)) continue;
    const path = join(dirname(file), entry);
    const left = readLock(path);
    // One that cannot be read yet is just being written by another taker.
    if (left === undefined || left.pid === 0) continue;
    if (left.id === own.id || (await holderOf(left)) === 'gone') rmSync(path, { force: true });
  }
}
