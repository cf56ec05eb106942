import { expect, test } from 'vitest';
import type { Question } from '../../src/journal/index.ts';
import { makeChat, memoryStage, eventually, which, type Shown, type Visitor } from './testing.ts';

const cardOf = (who: Visitor, id: string): Promise<Shown> =>
  eventually(async () => (await who.sees()).find(({ text }) => text.includes(`Question ${id} ·`)));

const choices = (...labels: string[]): Question[] => [
  { question: 'Which?', multiSelect: true, options: labels.map((label) => ({ label })) },
];

test.each([
  [choices('Remove users, keep logs', 'Keep logs', 'Delete everything'), ['A)', 'C)']],
  [choices('Yes, with tests', 'With tests', 'Docs'), ['A)', 'C)']],
  [choices('all; really', 'none'), ['A)']],
])('what is sent by Done is what was marked, whatever commas stand in it', async (questions, marked) => {
  const t = await makeChat();
  const anna = memoryStage(t.chat).visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const id = await t.ask(questions);
  for (const label of marked) {
    await anna.taps(await cardOf(anna, id), label);
    await eventually(
      async () => (await cardOf(anna, id)).buttons.flat().some((one) => one.startsWith(`☑ ${label}`)) || undefined,
      t.clock,
    );
  }
  await anna.taps(await cardOf(anna, id), 'Done');
  const labels = questions[0]?.options.map(({ label }) => label) ?? [];
  const wanted = marked.map((letter) => labels[letter.charCodeAt(0) - 65]);
  expect(t.journal.state.items[id]?.answers).toEqual([wanted.join(', ')]);
});

test('two questions of one item, answered at the same moment, answer it', async () => {
  const t = await makeChat();
  await t.day('a');
  const id = await t.ask([which, { ...which, question: 'And then?' }]);
  const by = { kind: 'person', via: 'telegram' } as const;
  const said = await Promise.all(
    [0, 1].map((question) => t.ctx.operator.answer({ item: id, text: '', question, options: [1] }, by)),
  );
  expect(said.map(({ ok }) => ok)).toEqual([true, true]);
  expect(t.journal.state.items[id]).toMatchObject({ status: 'answered', answers: ['New', 'New'] });
});

test('an option that is not there answers nothing', async () => {
  const t = await makeChat();
  await t.day('a');
  const id = await t.ask();
  const by = { kind: 'person', via: 'telegram' } as const;
  expect(await t.ctx.operator.answer({ item: id, text: '', options: [7] }, by)).toMatchObject({ ok: false });
  expect(t.journal.state.items[id]?.status).toBe('open');
});
