import { expect, test } from 'vitest';
import { newFailedCheckItem } from '../../src/inbox/index.ts';
import { DAY, eventually, makeChat, memoryStage } from './testing.ts';

test('a task whose checks still fail is one card, with why, the work to look at, and another go by a tap', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const failure = { reasons: ['check `npm test` failed (exit 1)'], tries: 2, workedMs: 90_000 };
  await t.journal.append(
    { type: 'task.failed', day: DAY, task: 'a', data: { reason: failure.reasons[0]! } },
    { type: 'item.opened', day: DAY, task: 'a', data: newFailedCheckItem('q1', failure, t.clock.now()) },
  );
  const card = await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('Failed check q1')));
  expect(card.text).toContain('npm test');
  expect(card.buttons.flat()).toEqual([
    ...['A) Try again', 'B) Leave it failed', '✏️ Something else…', '📄 Diff', '📜 Log'],
  ]);
  const toast = await anna.taps(card, 'Try again');
  expect(toast).toContain('a is queued again');
  expect(t.journal.state.days[DAY]?.tasks.a?.status).toBe('queued');
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined), t.clock);
  expect((await anna.sees()).filter(({ text }) => text.includes('failed ·'))).toEqual([]);
});
