import { expect, test } from 'vitest';
import { DAY, eventually, makeChat, memoryStage } from './testing.ts';

test('a tap on Commit shows the message first; a second tap commits, other words commit with those; who may not change anything may not', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  const ben = stage.visitor('2', 'Ben');
  await ben.says(await t.code('operator'));
  await t.day('a');
  const ref = { day: DAY, task: 'a' };
  const stat = { files: 1, insertions: 1, deletions: 0, paths: [{ status: 'A', path: 'x' }] };
  await t.journal.append(
    { type: 'task.prepared', ...ref, data: { checkout: '/c', base: 'b', kind: 'worktree', ms: 1 } },
    { type: 'work.measured', ...ref, data: { stat, patch: 'p', tree: 't' } },
    { type: 'task.done', ...ref, data: { reasons: [] } },
  );
  const calls: object[] = [];
  t.ctx.operator.commit = (input) => {
    calls.push(input);
    const data = { message: 'Task a', branch: 'main' };
    return Promise.resolve(
      input.propose === true ? { ok: true, message: 'Task a', data } : { ok: true, message: 'Committed a to main' },
    );
  };
  const cardOf = (visitor: typeof anna, words: string) =>
    eventually(async () => (await visitor.sees()).findLast(({ text }) => text.includes(words)));
  await anna.says('/status a');
  const card = await cardOf(anna, 'done');
  expect(card.buttons).toEqual([
    ['📄 Diff', '📥 Apply', '🔁 Retry'],
    ['✅ Commit', '🌿 Branch', '🚀 Pull request'],
  ]);
  await anna.taps(card, '✅ Commit');
  const asked = await cardOf(anna, 'with this message?');
  expect(asked.text).toContain('Task a');
  expect(calls).toEqual([{ task: `${DAY}/a`, propose: true }]);
  await anna.taps(asked, '✅ Commit it');
  expect(calls.at(-1)).toEqual({ task: `${DAY}/a` });
  await anna.taps(asked, '✏️ Other words');
  const ask = await cardOf(anna, 'reply to this message with the message');
  await anna.says('Mine\n\nFixes #3', ask);
  expect(calls.at(-1)).toEqual({ task: `${DAY}/a`, message: 'Mine\n\nFixes #3' });
  await anna.says('/commit a In one line');
  expect(calls.at(-1)).toEqual({ task: 'a', message: 'In one line' });

  await ben.says('/status a');
  const his = await cardOf(ben, 'done');
  expect(his.buttons).toEqual([['📄 Diff', '🔁 Retry']]);
  await ben.says('/commit a');
  expect(calls).toHaveLength(4);
});
