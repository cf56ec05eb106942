import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { lockHolder, type LockInfo } from './lock-file.ts';
import { takeLock } from './lock.ts';
import { tempJournal } from './testing.ts';

const rewrite = (file: string, change: Partial<LockInfo>) =>
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as LockInfo), ...change }));

test('a lock says who holds it; a second one is told what to do; after release it is free', async () => {
  const file = tempJournal().lock;
  expect(await lockHolder(file)).toBeUndefined();
  const lock = await takeLock(file, { mode: 'daemon', now: manualClock() });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const holder = { pid: process.pid, mode: 'daemon', since: '2026-11-23T08:00:00.000Z', alive: true };
  expect(await lockHolder(file)).toEqual(holder);
  await expect(takeLock(file, { mode: 'run' })).rejects.toMatchObject({
    name: 'DayshiftError',
    kind: 'environment',
    message: `Dayshift runs in this home already: process ${process.pid} (daemon, since 2026-11-23T08:00:00.000Z)`,
    hint: expect.stringContaining(`kill ${process.pid}`) as string,
  });
  await lock.release();
  await lock.release();
  expect(await lockHolder(file)).toBeUndefined();
  await (await takeLock(file, { mode: 'run' })).release();
  expect(readdirSync(dirname(file))).toEqual([]);
});

test.each([
  ['its pid is another process now', { startTime: '1' }],
  ['the machine was started again', { bootId: 'another boot' }],
  ['the machine was started again and its pid is used', { bootId: 'another boot', pid: 1 }],
])('a lock is taken over where %s', async (_why, change) => {
  const file = tempJournal().lock;
  await takeLock(file, { mode: 'run' });
  rewrite(file, change);
  expect(await lockHolder(file)).toMatchObject({ alive: false });
  await takeLock(file, { mode: 'run' });
  expect(await lockHolder(file)).toMatchObject({ pid: process.pid, alive: true });
});

test.each(['', 'not JSON', '{"pid":"12"}', 'null'])(
  'a lock file that holds %j is what a power loss left: taken over',
  async (text) => {
    const file = tempJournal().lock;
    writeFileSync(file, text);
    expect(await lockHolder(file)).toBeUndefined();
    await takeLock(file, { mode: 'run' });
    expect(await lockHolder(file)).toMatchObject({ pid: process.pid });
  },
);

test('release leaves a lock alone that is another’s by now', async () => {
  const file = tempJournal().lock;
  const lock = await takeLock(file, { mode: 'run' });
  rewrite(file, { id: 'another', mode: 'theirs' });
  await lock.release();
  expect(await lockHolder(file)).toMatchObject({ mode: 'theirs' });
});

test('who looked before the lock became another’s takes nothing over', async () => {
  const file = tempJournal().lock;
  await takeLock(file, { mode: 'run' });
  const living = JSON.parse(readFileSync(file, 'utf8')) as LockInfo;
  rewrite(file, { startTime: '1' });
  const late = takeLock(file, { mode: 'late' });
  // Once what it would put there lies beside it, it has read the stale lock and asks for that process: a few turns of promises.
  const hasLooked = () => readdirSync(dirname(file)).some((name) => name.includes('.own-'));
  for (let turns = 0; turns < 1000 && !hasLooked(); turns += 1) await Promise.resolve();
  expect(hasLooked()).toBe(true);
  writeFileSync(file, JSON.stringify({ ...living, id: 'quicker', mode: 'theirs' }));
  await expect(late).rejects.toThrow('Dayshift runs in this home already');
  expect(await lockHolder(file)).toMatchObject({ mode: 'theirs', alive: true });
  expect(readdirSync(dirname(file))).toEqual(['lock']);
});

test('of many in one process that race for a stale lock exactly one wins, again and again', async () => {
  for (let round = 0; round < 10; round += 1) {
    const file = tempJournal().lock;
    await takeLock(file, { mode: 'run' });
    rewrite(file, { startTime: '1' });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(file, { mode: 'run' })));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(dirname(file))).toEqual(['lock']);
  }
});
