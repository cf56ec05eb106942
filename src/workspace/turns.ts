import { lstat, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const turns = new Map<string, Promise<unknown>>();

/** Runs `action` when all earlier ones with this key are over, however they ended. */
export async function inTurn<T>(key: string, action: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(action, action);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
}

/**
 * Removes a lock file that a killed git left behind. A young one may belong to a git that outlived its killed
 * parent: that is waited for, `ms` at most.
 */
export async function breakStaleLock(file: string, ms = 2000): Promise<void> {
  for (;;) {
    const stat = await lstat(file).catch(() => undefined);
    if (stat === undefined) return;
    const age = Date.now() - stat.mtimeMs;
    // A lock from the future is the work of a clock that was set back.
    if (age < 0 || age >= ms) break;
    await pause(20);
  }
  await rm(file, { force: true });
}
