import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/journal/index.ts';
import { DAY, eventually, makeChat, memoryStage, type TestChat } from './testing.ts';

type Notice = Extract<NewEvent, { type: 'notice.posted' }>['data'];

const post = (t: TestChat, data: Notice, day?: string) =>
  t.journal.append({ type: 'notice.posted', ...(day === undefined ? {} : { day }), data });

/** Anna is paired and sees what comes. */
async function withAnna(t: TestChat) {
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  const count = async (text: string) => (await anna.sees()).filter((message) => message.text.includes(text)).length;
  return { stage, anna, count };
}

test('what the daemon has to say reaches a chat once, also where it was killed before it was sent, or after', async () => {
  const t = await makeChat();
  const { stage, count } = await withAnna(t);
  await post(t, { id: 'a', notice: 'schedule', text: '“morning” was not run: the machine slept.' });
  await eventually(async () => ((await count('the machine slept')) === 1 ? true : undefined));
  // A kill between the notice and the message that it leads to: nobody was there to write that down.
  await stage.close();
  await post(t, { id: 'b', notice: 'reload', text: 'config/dayshift.yaml:3:1  nonsense: unknown key' });
  const again = await t.restart();
  await stage.restart(again.chat);
  await eventually(async () => ((await count('config/dayshift.yaml:3:1')) === 1 ? true : undefined), again.clock);
  const third = await again.restart();
  await stage.restart(third.chat);
  await post(third, { id: 'c', notice: 'plan', text: 'the last one' });
  await eventually(async () => ((await count('the last one')) === 1 ? true : undefined), third.clock);
  expect([await count('the machine slept'), await count('config/dayshift.yaml:3:1')]).toEqual([1, 1]);
});

test('the first thing that there is to tell is told after a kill too; what was before somebody paired is not', async () => {
  const t = await makeChat();
  await post(t, { id: 'a', notice: 'plan', text: 'before anybody came' });
  const { stage, count } = await withAnna(t);
  await stage.close();
  await post(t, { id: 'b', notice: 'plan', text: 'the first news' });
  const again = await t.restart();
  await stage.restart(again.chat);
  await eventually(async () => ((await count('the first news')) === 1 ? true : undefined), again.clock);
  expect(await count('before anybody came')).toBe(0);
});

test('what happens while bots come up is told once', async () => {
  const t = await makeChat();
  const { stage, count } = await withAnna(t);
  // So much to read that it takes longer than to write one more.
  const quiet: NewEvent = { type: 'agent.said', day: DAY, task: 'a', attempt: 1, data: { text: 'x' } };
  await t.journal.append(...Array.from({ length: 3000 }, () => quiet));
  t.chat.join(stage.platform);
  t.chat.join(stage.platform);
  await post(t, { id: 'a', notice: 'plan', text: 'in between' });
  await eventually(async () => ((await count('in between')) > 0 ? true : undefined));
  await post(t, { id: 'b', notice: 'plan', text: 'the last one' });
  await eventually(async () => ((await count('the last one')) > 0 ? true : undefined));
  expect(await count('in between')).toBe(1);
});

test('the evening report of a day on which nothing ran comes as the report does', async () => {
  const t = await makeChat();
  const { anna } = await withAnna(t);
  await post(t, { id: `report ${DAY}`, notice: 'report', text: `Nothing ran on ${DAY}.` }, DAY);
  const card = await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('nothing ran')));
  expect(card.text).toContain(DAY);
});

test('the week comes with its file; where that is gone, without', async () => {
  const t = await makeChat();
  const { anna } = await withAnna(t);
  const { results } = t.ctx.home.paths;
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'w.md'), '# The week\n');
  await post(t, { id: 'w', notice: 'digest', text: 'The week: good.', path: 'results/w.md' });
  await eventually(async () => (await anna.sees()).find(({ files }) => files.includes('w.md')));
  await post(t, { id: 'x', notice: 'digest', text: 'Another week.', path: 'results/x.md' });
  await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('Another week.')));
  expect(t.logged.join()).toContain('results/x.md does not go with its message');
});

test('where little is told, what was missed is told and a reminder to rate is not', async () => {
  const t = await makeChat({ config: { chat: { tell: 'little' } } });
  const { count } = await withAnna(t);
  await post(t, { id: 'r', notice: 'rate', text: 'How was it?' });
  await post(t, { id: 's', notice: 'schedule', text: '“evening” was not run.' });
  await eventually(async () => ((await count('was not run')) === 1 ? true : undefined));
  expect(await count('How was it?')).toBe(0);
});
