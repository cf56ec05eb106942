import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { REST } from 'discord.js';
import { manualClock } from '../../src/base/index.ts';
import { configSchema } from '../../src/home/schema.ts';
import type { Chat } from '../chat/index.ts';
import { fetchMissed, missedReader } from './missed.ts';
import { openOwed } from './owed.ts';

/** A file in a folder of the test's own. */
function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-owed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'owed.json');
}

test('a server that the bot is not in, and a channel that cannot be read now, keep nothing else from being heard', async () => {
  const clock = manualClock(Date.now());
  const heard: string[] = [];
  const file = newFile();
  const owed = await openOwed(file);
  const life = new AbortController();
  let isSick = true;
  const refused = (status: number) => Promise.reject(Object.assign(new Error(`status ${status}`), { status }));
  const get = (path: string) => {
    if (path.includes('/guilds/1')) return refused(404);
    if (path.includes('/guilds/2')) return Promise.resolve([{ id: '77', type: 0 }]);
    if (path.includes('/channels/5/') && isSick) return refused(503);
    const [, channel = ''] = /channels\/(\d+)\//.exec(path) ?? [];
    return Promise.resolve([{ id: `14000000000000000${channel.padStart(2, '0')}`, channel_id: channel }]);
  };
  const last = (BigInt(Date.now() - 3_600_000 - 1_420_070_400_000) << 22n).toString();
  const options = {
    rest: { get } as unknown as REST,
    chat: { heard: () => ({ places: ['5', '6'], inputs: [`m${last}`] }) } as unknown as Chat,
    config: configSchema.parse({ chat: { discord: { servers: ['1', '2'] } } }).chat,
    ...{ clock, log: () => undefined, signal: life.signal },
    ...{ owed, resumed: false },
  };
  const done = fetchMissed(options, ({ channel_id }) => Promise.resolve(heard.push(channel_id) > 0));
  await expect
    .poll(() => heard.length > 1 && readFileSync(file, 'utf8') === JSON.stringify({ 5: owed.all()['5'] }))
    .toBe(true);
  expect(heard).toEqual(['6', '77']);
  isSick = false;
  // The pause begins in the turn after the last read.
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(60_000);
  await done;
  expect(heard).toEqual(['6', '77', '5']);
});

test.each([
  ['a session that is gone', false],
  ['a session that goes on', true],
])(
  'a channel that could not be read is read after a restart with %s, from where it was owed, though others were heard meanwhile',
  async (_, resumed) => {
    const file = newFile();
    const asked: { channel: string; after: bigint }[] = [];
    let isSick = true;
    const idOf = (ms: number) => String(BigInt(ms - 1_420_070_400_000) << 22n);
    const get = (path: string, { query }: { query: URLSearchParams }) => {
      const [, channel = ''] = /channels\/(\d+)\//.exec(path) ?? [];
      if (channel === '5' && isSick) return Promise.reject(Object.assign(new Error('status 503'), { status: 503 }));
      asked.push({ channel, after: BigInt(query.get('after') ?? 0) });
      return Promise.resolve([]);
    };
    const start = async (heardAt: number, again: boolean) => {
      const life = new AbortController();
      const options = {
        rest: { get } as unknown as REST,
        chat: { heard: () => ({ places: ['5', '6'], inputs: [`m${idOf(heardAt)}`] }) } as unknown as Chat,
        config: configSchema.parse({}).chat,
        ...{ clock: manualClock(Date.now()), log: () => undefined, signal: life.signal },
        ...{ owed: await openOwed(file), resumed: again },
      };
      const done = fetchMissed(options, () => Promise.resolve(true));
      await expect.poll(() => asked.some(({ channel }) => channel === '6') || again).toBe(true);
      return { done, life };
    };
    const before = Date.now() - 5 * 3_600_000;
    const first = await start(before, false);
    await expect.poll(() => existsSync(file) && !readFileSync(file, 'utf8').includes('"6"')).toBe(true);
    // The power goes. Until then somebody was heard elsewhere.
    first.life.abort();
    await first.done;
    isSick = false;
    asked.length = 0;
    await (
      await start(Date.now() - 60_000, resumed)
    ).done;
    const five = asked.find(({ channel }) => channel === '5');
    expect(five?.after).toBeLessThanOrEqual(BigInt(idOf(before)));
    expect(readFileSync(file, 'utf8')).toBe('{}');
  },
);

test('a connection that comes and goes while a channel is sick has one reader, and what stands there is heard once it can be', async () => {
  const clock = manualClock(Date.now());
  let reads = 0;
  const heard: string[] = [];
  let isSick = true;
  const get = () => {
    reads += 1;
    if (isSick) return Promise.reject(Object.assign(new Error('status 503'), { status: 503 }));
    return Promise.resolve([{ id: '1400000000000000005', channel_id: '5' }]);
  };
  const last = (BigInt(Date.now() - 3_600_000 - 1_420_070_400_000) << 22n).toString();
  const read = missedReader(
    {
      rest: { get } as unknown as REST,
      chat: { heard: () => ({ places: ['5'], inputs: [`m${last}`] }) } as unknown as Chat,
      config: configSchema.parse({}).chat,
      ...{ clock, log: () => undefined, signal: new AbortController().signal },
      owed: await openOwed(newFile()),
    },
    // Once it can be read but not be heard: it stays owed.
    ({ id }) => Promise.resolve(heard.push(id) > 1),
  );
  const all = [read(false)];
  for (let more = 0; more < 9; more += 1) {
    await expect.poll(() => reads > 0).toBe(true);
    all.push(read(true));
  }
  // All but the last have ended though nothing is well.
  await Promise.all(all.slice(0, -1));
  await expect.poll(() => reads > 1).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  isSick = false;
  const before = reads;
  clock.advance(60_000);
  await expect.poll(() => heard.length === 1).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads - before).toBe(1);
  clock.advance(60_000);
  await Promise.all(all);
  expect(heard).toEqual(['1400000000000000005', '1400000000000000005']);
});
