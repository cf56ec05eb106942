import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal } from './open.ts';
import { readRecent, readState } from './read-only.ts';
import { allEvents, DAY, messages, planned, taskSpec, tempFolder, tempJournal, warned } from './testing.ts';

const module = JSON.stringify(new URL('./index.ts', import.meta.url).href);

/** Appends for ever, eight loops at once, one to three messages at a time and what the day then says; names each message once it was acknowledged. */
const writer = (paths: object, round: number) => `
  import { writeSync } from 'node:fs';
  const { openJournal } = await import(${module});
  const journal = await openJournal(${JSON.stringify(paths)});
  for (let loop = 0; loop < 8; loop += 1) void write(loop);
  async function write(loop) {
    for (let n = 0; ; n += 1) {
      const size = 1 + (n % 3);
      const group = Array.from({ length: size }, (_, i) => '${round}.' + loop + '.' + n + ':' + i + '/' + size);
      await journal.append(...group.map((message) => ({
        type: 'day.warned', day: '${DAY}', data: { message: message + ' '.repeat((n * 37) % 3000) },
      })), { type: 'day.paused', day: '${DAY}', data: { reason: group.at(-1) } });
      writeSync(1, group.map((message) => message + '\\n').join(''));
    }
  }`;

test('after kill -9 in mid-append all that was acknowledged is there, once, and no append is there by half', async () => {
  const paths = tempJournal();
  const first = await openJournal(paths);
  await first.append(planned([taskSpec('a')]));
  await first.close();
  const acknowledged: string[] = [];
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer(paths, round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let left = 1 + round * 150;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if ((left -= 1) === 0) child.kill('SIGKILL');
    }
    // As it was left: what a status shows is what the journal alone says, and the file that makes it quick is as old as it is.
    const { recent } = await readRecent(paths);
    const { seq, days } = (await readState({ ...paths, stateFile: '/nonexistent' })).state;
    expect(recent).toMatchObject({ seq, days });
    const journal = await openJournal(paths);
    const state = structuredClone(journal.state);
    await journal.close();
    const events = await allEvents(paths.journal);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
    expect(state.seq).toBe(events.length);
    const there = messages(events).map((message) => message.trimEnd());
    expect(new Set(there).size).toBe(there.length);
    expect(acknowledged.filter((message) => !there.includes(message))).toEqual([]);
    const groups = Map.groupBy(there, (message) => message.split(':')[0]);
    for (const group of groups.values()) expect(group).toHaveLength(Number(group[0]!.split('/')[1]));
    expect((await readState({ ...paths, stateFile: '/nonexistent' })).state).toEqual(state);
  }
  expect(acknowledged.length).toBeGreaterThan(4000);
});

test('two readers during the writes see all of it, in order, and never damage', async () => {
  const paths = tempJournal();
  const journal = await openJournal(paths);
  await journal.append(warned('the first'));
  let writing = true;
  const reader = async () => {
    let rounds = 0;
    let before = 0;
    for (let last = false; !last;) {
      last = !writing;
      const { state } = await readState({ ...paths, stateFile: '/nonexistent' });
      const events = await allEvents(paths.journal);
      expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
      expect(events.length).toBeGreaterThanOrEqual(state.seq);
      expect(state.seq).toBeGreaterThanOrEqual(before);
      before = events.length;
      rounds += 1;
    }
    return { rounds, before };
  };
  const readers = [reader(), reader()];
  for (let n = 0; n < 300; n += 1)
    await journal.append(...Array.from({ length: 1 + (n % 4) }, (_, i) => warned(`${n}.${i}`.repeat(50))));
  writing = false;
  for (const { rounds, before } of await Promise.all(readers)) {
    expect(before).toBe(751);
    expect(rounds).toBeGreaterThan(2);
  }
  await journal.close();
});

function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false; // not root, or no such right here: the test says so in its name
  }
}

const canMount = (() => {
  const folder = join(process.env.TMPDIR ?? '/tmp', `dayshift-mount-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const can = mountSmallDisk(folder);
  if (can) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return can;
})();

test(`a full disk refuses what waits, with the reason, and the next start goes on${canMount ? '' : ' — COULD NOT RUN: no right to mount a small disk here'}`, async () => {
  if (!canMount) {
    console.warn('The test of a full disk did not run: it needs the right to mount a tmpfs.');
    return;
  }
  const folder = tempFolder();
  expect(mountSmallDisk(folder)).toBe(true);
  onTestFinished(() => void execFileSync('umount', [folder]));
  const paths = tempJournal(folder);
  const warnings: string[] = [];
  const journal = await openJournal(paths, { onWarning: (text) => warnings.push(text) });
  const acknowledged: string[] = [];
  let refusal: unknown;
  for (let n = 0; refusal === undefined && n < 1000; n += 1) {
    const text = `m${n} ${'x'.repeat(500)}`;
    const results = await Promise.allSettled([journal.append(warned(text)), journal.append(warned(`second ${text}`))]);
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') acknowledged.push(i === 0 ? text : `second ${text}`);
      else refusal = result.reason;
    }
  }
  expect(refusal).toMatchObject({
    name: 'DayshiftError',
    kind: 'environment',
    message: expect.stringMatching(/journal\/.*\.jsonl cannot be written: ENOSPC/) as string,
    hint: expect.stringContaining('free some space') as string,
  });
  await expect(journal.append(warned('more'))).rejects.toBe(refusal);
  expect(journal.state.seq).toBe(acknowledged.length);
  await journal.close();
  const file = join(paths.journal, readdirSync(paths.journal)[0]!);
  expect(readFileSync(file).at(-1)).not.toBe(10);
  // Still full: the start says so too, and loses nothing by it.
  await expect(openJournal(paths)).rejects.toMatchObject({
    kind: 'environment',
    hint: expect.stringContaining('free some space') as string,
  });

  execFileSync('mount', ['-o', 'remount,size=1m', folder]);
  warnings.length = 0;
  const again = await openJournal(paths, { onWarning: (text) => warnings.push(text) });
  expect(warnings.join()).toContain('ended in a write that was cut off');
  await again.append(warned('goes on'));
  await again.close();
  const there = messages(await allEvents(paths.journal));
  expect(there.slice(0, acknowledged.length)).toEqual(acknowledged);
  expect(there.at(-1)).toBe('goes on');
});
