import { expect, test } from 'vitest';
import { readEvents, type JournalEvent } from '../../src/journal/index.ts';
import { DAY, eventually, makeChat, memoryStage, type TestChat } from './testing.ts';

async function eventsOf(t: TestChat): Promise<JournalEvent[]> {
  const all: JournalEvent[] = [];
  for await (const event of readEvents(t.ctx.home.paths.journal, {})) all.push(event);
  return all;
}

test('before anybody has paired, what waits goes to the chat that the environment names, without buttons; nothing else goes anywhere', async () => {
  const t = await makeChat({ env: { TELEGRAM_CHAT_ID: '-77' } });
  const { platform } = memoryStage(t.chat);
  await t.day('a');
  const id = await t.ask();
  const card = await eventually(
    () => platform.chatOf('-77').find(({ text }) => text.includes(`Question ${id} ·`)),
    t.clock,
  );
  expect(card.text).toContain('Nobody has paired here yet');
  expect(card.buttons).toEqual([]);
  await t.journal.append({ type: 'task.done', day: DAY, task: 'a', data: { reasons: [] } });
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined), t.clock);
  expect(platform.chatOf('-77').filter(({ text }) => text.includes('is done'))).toEqual([]);
});

test('without a chat that is named nobody is told anything: empty means nobody', async () => {
  const t = await makeChat();
  const { platform } = memoryStage(t.chat);
  await t.day('a');
  await t.ask();
  t.clock.advance(3_600_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(platform.calls).toEqual([]);
  expect(t.journal.state.chat.pending).toEqual({});
});

test('a stranger is written down and answered once in ten minutes, whatever they send', async () => {
  const t = await makeChat();
  const mallory = memoryStage(t.chat).visitor('9', 'Mallory');
  for (let n = 0; n < 50; n += 1) await mallory.says(`let me in ${n}`);
  const seen = async () => (await eventsOf(t)).filter(({ type }) => type === 'stranger.seen').length;
  expect([await seen(), (await mallory.sees()).length]).toEqual([1, 1]);
  t.clock.advance(10 * 60_000 + 1);
  await mallory.says('and now?');
  expect([await seen(), (await mallory.sees()).length]).toEqual([2, 2]);
});

test('a hundred changes at once are few edits of the day’s card, and it shows the last', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const { platform } = stage;
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  await eventually(async () => (await anna.sees()).find(({ pinned }) => pinned), t.clock);
  const before = platform.calls.filter((call) => call === 'edit').length;
  for (let n = 0; n < 100; n += 1)
    await t.journal.append({
      ...{ type: 'agent.tool', day: DAY, task: 'a', attempt: 1 },
      data: { toolUseId: `t${n}`, tool: 'Bash', input: `step ${n}` },
    });
  await t.journal.append({ type: 'task.stopped', day: DAY, task: 'a', data: { reason: 'the last word' } });
  await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('the last word')), t.clock);
  expect(platform.calls.filter((call) => call === 'edit').length - before).toBeLessThan(5);
});
