import { expect, test } from 'vitest';
import type { REST } from 'discord.js';
import { manualClock } from '../../src/base/index.ts';
import { configSchema } from '../../src/home/schema.ts';
import type { Chat } from '../chat/index.ts';
import { fetchMissed } from './missed.ts';

test('a server that the bot is not in, and a channel that cannot be read now, keep nothing else from being heard', async () => {
  const clock = manualClock(Date.now());
  const heard: string[] = [];
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
  };
  const done = fetchMissed(options, ({ channel_id }) => Promise.resolve(void heard.push(channel_id)));
  const turns = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns();
  expect(heard).toEqual(['6', '77']);
  isSick = false;
  clock.advance(60_000);
  await done;
  expect(heard).toEqual(['6', '77', '5']);
});
