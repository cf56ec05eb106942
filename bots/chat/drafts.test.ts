import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planned, taskSpec } from '../../src/journal/testing.ts';
import { DAY, makeChat, memoryStage } from './testing.ts';

test('two taps at once on what words are for use them once', async () => {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  await anna.says('please use tabs');
  const card = (await anna.sees()).at(-1);
  if (card === undefined) throw new Error('no card');
  const label = card.buttons.flat().find((one) => one.includes('Tell a')) ?? '';
  const toasts = await Promise.all([anna.taps(card, label), anna.taps(card, label)]);
  expect(t.journal.state.days[DAY]?.tasks.a?.tells).toHaveLength(1);
  expect(toasts).toContain('That is done already, or forgotten.');
});

test('tasks that are added at the same moment are all there', async () => {
  const t = await makeChat({ config: { projects: [{ name: 'shop', path: '.' }] } });
  const by = { kind: 'person', via: 'telegram' } as const;
  const texts = ['Fix the basket', 'Write the docs', 'Mend the tests'];
  const outcomes = await Promise.all(texts.map((text) => t.ctx.operator.add({ text, where: 'backlog' }, by)));
  expect(outcomes.map(({ message }) => message)).toEqual(
    texts.map(() => expect.stringContaining('is in tasks/backlog.yaml.') as string),
  );
  const file = readFileSync(join(t.ctx.home.paths.tasks, 'backlog.yaml'), 'utf8');
  for (const text of texts) expect(file).toContain(text);
});

test('a task of the backlog whose name was once used has a name of its own: it does not count as taken', async () => {
  const t = await makeChat({ config: { projects: [{ name: 'shop', path: '.' }] } });
  const taken = { ...taskSpec('fix-tests'), origin: { kind: 'backlog' as const } };
  await t.journal.append(planned([taken]), { type: 'day.started', day: DAY, data: {} });
  const by = { kind: 'person', via: 'telegram' } as const;
  const { message } = await t.ctx.operator.add({ text: 'Fix the tests', where: 'backlog' }, by);
  expect(message).toBe('fix-tests-2 is in tasks/backlog.yaml.');
});
