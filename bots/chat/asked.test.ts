import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFailedCheckItem, newFeedbackItem } from '../../src/inbox/index.ts';
import { dayCard } from './cards/day.ts';
import { plainOf } from './rich/index.ts';
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

test('asked how the day was, a tap gives the stars to each task that is not rated, words go to theirs, and both are in the file', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a', 'b');
  const ask = (id: string) =>
    t.journal.append({
      ...{ type: 'item.opened', day: DAY },
      data: newFeedbackItem(id, { date: DAY, tasks: ['a', 'b'] }, t.clock.now()),
    });
  await ask('q1');
  const card = await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('Feedback q1')));
  await anna.taps(card, 'B) ★★★★');
  const file = join(t.ctx.home.paths.feedback, `${DAY}.md`);
  expect(readFileSync(file, 'utf8')).toMatch(/## a[^]*4\/5[^]*## b[^]*4\/5/);
  expect(t.journal.state.items.q1?.status).toBe('delivered');
  await ask('q2');
  await anna.says('q2 b 2 ask me about names first');
  expect(readFileSync(file, 'utf8')).toMatch(/## a[^]*4\/5[^]*## b[^]*2\/5[^]*ask me about names first/);
  // Whoever rates by themselves is not asked any more.
  await ask('q3');
  await anna.says('/rate a 5');
  expect(t.journal.state.items.q3).toMatchObject({ status: 'withdrawn', withdrawnWhy: 'it is being rated' });
});

test('who pays by a subscription sees its windows instead of dollars, others the money', async () => {
  const t = await makeChat();
  await t.day('a');
  const day = t.journal.state.days[DAY]!;
  const card = () => plainOf(dayCard(t.journal.state, day, t.clock.now(), () => '').rich);
  expect(card()).toMatch(/\$0\.00 of \$/);
  day.payer = 'Claude subscription (CLAUDE_CODE_OAUTH_TOKEN)';
  expect(card()).toContain('no window was told yet');
  const resetAt = new Date(t.clock.now() + 2 * 3_600_000).toISOString();
  t.journal.state.windows = { five_hour: { status: 'allowed', used: 0.42, resetAt, at: resetAt } };
  expect(card()).toMatch(/▰▰▰▰▱▱▱▱▱▱ 42 % of five hour · anew \w+/);
  expect(card()).not.toContain('$');
});
