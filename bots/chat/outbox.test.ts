import { expect, test } from 'vitest';
import { cardOf } from './contract.testing.ts';
import { eventually, makeChat, memoryStage } from './testing.ts';

test('what was written down and not sent goes out after a restart, and nothing twice', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  stage.fails('unreachable', 1000);
  const id = await t.ask();
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length > 0 ? true : undefined));
  const again = await t.restart();
  await stage.restart(again.chat);
  stage.fails('unreachable', -1);
  await eventually(async () => (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`)), again.clock);
  await cardOf(anna, id);
  expect((await anna.sees()).filter(({ text }) => text.includes(`Question ${id} ·`))).toHaveLength(1);
});
