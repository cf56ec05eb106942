import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockHolder, type LockInfo } from './lock-file.ts';
import { takeLock } from './lock.ts';
import { tempJournal } from './testing.ts';

const module = JSON.stringify(new URL('./lock.ts', import.meta.url).href);

/** Takes the lock whenever it is told to by a line on its stdin, says `won` or the error, and stays until it is killed. */
const taker = (file: string) => `
  const { takeLock } = await import(${module});
  console.log('ready');
  process.stdin.on('data', () => {
    takeLock(${JSON.stringify(file)}, { mode: 'run' }).then(() => console.log('won'), (error) => console.log(error.message));
  });`;

/** A process with its lines of output, killed at the end of the test. */
function start(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** A lock whose process was killed. */
async function staleLock(): Promise<{ file: string; pid: number }> {
  const file = tempJournal().lock;
  const { child, line } = start(taker(file));
  await line();
  child.stdin.write('\n');
  expect(await line()).toBe('won');
  await kill(child);
  return { file, pid: child.pid! };
}

const rewrite = (file: string, change: Partial<LockInfo>) =>
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as LockInfo), ...change }));

test('a lock whose process was killed is taken over', async () => {
  const { file, pid } = await staleLock();
  expect(await lockHolder(file)).toMatchObject({ pid, alive: false });
  const lock = await takeLock(file, { mode: 'run' });
  expect(await lockHolder(file)).toMatchObject({ pid: process.pid, alive: true });
  expect(readdirSync(dirname(file))).toEqual(['lock']);
  await lock.release();
});

test('another machine’s lock is never taken over; this one under another name is', async () => {
  const file = tempJournal().lock;
  await takeLock(file, { mode: 'run' });
  rewrite(file, { host: 'elsewhere', bootId: 'theirs', pid: 99_999_999 });
  expect(await lockHolder(file)).toMatchObject({ alive: true });
  await expect(takeLock(file, { mode: 'run' })).rejects.toMatchObject({
    message: expect.stringContaining('on the machine elsewhere') as string,
    hint: expect.stringContaining(`delete ${file}`) as string,
  });
  const own = await staleLock();
  rewrite(own.file, { host: 'elsewhere' });
  await takeLock(own.file, { mode: 'run' });
});

test('a takeover that died half-way is itself taken over, however often', async () => {
  const { file } = await staleLock();
  const stale = JSON.parse(readFileSync(file, 'utf8')) as LockInfo;
  // Two takers, each killed between its claim and the lock.
  for (const [from, id] of [
    [stale.id, 'second'],
    ['second', 'third'],
  ] as const) {
    writeFileSync(`${file}.claim-${from}`, JSON.stringify({ ...stale, id }));
    writeFileSync(`${file}.own-${id}`, JSON.stringify({ ...stale, id }));
  }
  const lock = await takeLock(file, { mode: 'run' });
  expect(await lockHolder(file)).toMatchObject({ pid: process.pid, alive: true });
  expect(readdirSync(dirname(file))).toEqual(['lock']);
  await lock.release();
});

test('of twenty that race for a stale lock exactly one wins', async () => {
  const { file } = await staleLock();
  const takers = Array.from({ length: 20 }, () => start(taker(file)));
  for (const { line } of takers) expect(await line()).toBe('ready');
  for (let round = 0; round < 4; round += 1) {
    const racing = takers.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    for (const { child } of racing) child.stdin.write('\n');
    const said = await Promise.all(racing.map(({ line }) => line()));
    const winner = racing[said.indexOf('won')]!;
    expect(said.filter((text) => text === 'won')).toHaveLength(1);
    expect(
      said.filter((text) => text.startsWith(`Dayshift runs in this home already: process ${winner.child.pid}`)),
    ).toHaveLength(racing.length - 1);
    expect(await lockHolder(file)).toMatchObject({ pid: winner.child.pid, alive: true });
    // The winner dies, and the lock is stale again for those who lost.
    await kill(winner.child);
  }
});
