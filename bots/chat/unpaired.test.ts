import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/journal/index.ts';
import { newCode } from '../../src/people/index.ts';
import { planned, taskSpec } from '../../src/journal/testing.ts';
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

test('a stranger who guesses keeps nobody else out', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const stranger = stage.visitor('66', 'Mallory');
  for (let n = 0; n < 40; n += 1) await stranger.says(newCode(new Uint8Array(16).fill(n)));
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  expect(Object.values(t.journal.state.chat.people).map(({ name }) => name)).toEqual(['Anna']);
  await stranger.says(await t.code());
  expect(Object.values(t.journal.state.chat.people)).toHaveLength(1);
});

test('the card of a day that is over is pinned no more when the next one comes', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const pinned = async () => (await anna.sees()).filter((one) => one.pinned).map(({ text }) => text.slice(0, 13));
  await eventually(async () => ((await pinned()).length === 1 ? true : undefined), t.clock);
  await t.journal.append({ type: 'day.reported', day: DAY, data: { path: 'x' } });
  const next = JSON.stringify(planned([taskSpec('a')])).replaceAll(DAY, '2026-11-24');
  await t.journal.append(JSON.parse(next) as NewEvent, { type: 'day.started', day: '2026-11-24', data: {} });
  await eventually(async () => ((await pinned()).join() === '📋 2026-11-24' ? true : undefined), t.clock);
});

test('the only owner stays one: neither /unpair nor a code for somebody else takes the last who may change anything', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  const last = async () => (await anna.sees()).at(-1)?.text;
  await anna.says('/unpair anna');
  expect(await last()).toContain('Anna is the only owner');
  const code = await t.code('viewer');
  await anna.says(code);
  expect(await last()).toContain('This code makes somebody viewer: pass it on.');
  const ben = stage.visitor('2', 'Ben');
  await ben.says(code);
  expect(Object.values(t.journal.state.chat.people).map(({ role }) => role)).toEqual(['owner', 'viewer']);
  await stage.visitor('3', 'Cleo').says(await t.code('owner'));
  await anna.says('/unpair anna');
  expect(Object.values(t.journal.state.chat.people).map(({ name }) => name)).toEqual(['Ben', 'Cleo']);
});
