import { expect, test } from 'vitest';
import { rich } from './rich/index.ts';
import { DAY, eventually, makeChat, memoryStage } from './testing.ts';

test('who was let go sees nothing of what happens afterwards', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const [anna, bert] = [stage.visitor('1', 'Anna'), stage.visitor('2', 'Bert')];
  await anna.says(await t.code());
  await bert.says(await t.code('operator'));
  await t.day('a', 'b');
  const id = await t.ask();
  const card = () =>
    eventually(async () => (await bert.sees()).find(({ text }) => text.includes(`📋 ${DAY}`)), t.clock);
  await card();
  await eventually(async () => (await bert.sees()).find(({ text }) => text.includes(`Question ${id} ·`)), t.clock);
  // Something is on its way to him, and the server takes nothing for a while.
  stage.fails('unreachable', 3);
  await t.chat.outbox.post([
    {
      ...{ place: { channel: 'telegram', chat: 'chat-2' }, priority: 'message' },
      content: { kind: 'text', rich: rich('a secret of later') },
    },
  ]);
  await t.ctx.operator.unpair({ person: 'Bert' }, { kind: 'person', via: 'cli' });
  const before = await bert.sees();
  await t.ctx.operator.answer({ item: id, text: 'B' }, { kind: 'person', id: 'Anna', via: 'cli' });
  await t.journal.append({ type: 'task.stopped', day: DAY, task: 'b', data: { reason: 'secret reason' } });
  await eventually(
    async () => (await anna.sees()).find(({ text }) => text.includes('📋') && text.includes('secret reason')),
    t.clock,
  );
  expect(await bert.sees()).toEqual(before);
  expect(JSON.stringify(await bert.sees())).not.toMatch(/secret/);
});
