import { expect, test } from 'vitest';
import { PlatformError } from './platform.ts';
import { rich } from './rich/index.ts';
import { DAY, eventually, makeChat, memoryStage } from './testing.ts';

test('a right to open topics that is given later is used, and is not asked for with every message', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const { platform } = stage;
  let isAllowed = false;
  let asked = 0;
  Object.assign(platform.can, { threads: true });
  platform.openThread = () => {
    asked += 1;
    return isAllowed ? Promise.resolve('topic-1') : Promise.reject(new PlatformError('forbidden', 'no right'));
  };
  await stage.visitor('1', 'Anna').says(await t.code());
  await t.day('a');
  const says = async (text: string) => {
    await t.chat.outbox.post([
      {
        ...{ place: { channel: 'telegram', chat: '-5' }, day: DAY, task: 'a', topic: true, priority: 'message' },
        content: { kind: 'text', rich: rich(text) },
      },
    ]);
    return eventually(() => platform.chatOf('-5').find((one) => one.text === text), t.clock);
  };
  const [first, second] = [await says('one'), await says('two')];
  expect([first.thread, second.thread, asked]).toEqual([undefined, undefined, 1]);
  isAllowed = true;
  t.clock.advance(10 * 60_000);
  expect((await says('three')).thread).toBe('topic-1');
});
