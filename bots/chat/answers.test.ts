import { expect, test } from 'vitest';
import { newBudgetItem, newMissedItem, newPlanItem } from '../../src/inbox/index.ts';
import type { EventData, NewEvent, Question } from '../../src/journal/index.ts';
import { DAY, makeChat, memoryStage, eventually, which, type Shown, type Visitor } from './testing.ts';

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

const open = (data: EventData<'item.opened'>, day = DAY): NewEvent => ({ type: 'item.opened', day, data });
const over = newBudgetItem('q1', { scope: 'day', spentUsd: 40, limitUsd: 50 });
const plan = newPlanItem('q1', { date: DAY, file: `tasks/${DAY}.yaml` });
const missed = newMissedItem('q1', { name: 'tidy', planned: `${DAY}T07:00`, what: 'clean', why: 'it slept' });

test.each([
  [over, 'raise to twelve', /stays open.*no one amount.*raise to \$12/, 'raise to $60'],
  [over, 'raise to $0.01', /stays open.*\$0\.01 raises nothing: the limit is \$\d+/, 'C'],
  [plan, 'do as you like', /stays open.*A to B/, 'take the day off please'],
  [plan, 'yes', /stays open/, 'B'],
  [missed, 'carry it over', /stays open.*A to B/, 'yes'],
])('an answer that would do nothing leaves its item open, and says what to say', async (item, useless, told, good) => {
  const t = await makeChat();
  await t.day('a');
  await t.journal.append(open(item));
  const by = { kind: 'person', via: 'cli' } as const;
  const said = await t.ctx.operator.answer({ item: 'q1', text: useless }, by);
  expect(said).toMatchObject({ ok: false, message: expect.stringMatching(told) as string });
  expect(t.journal.state.items.q1?.status).toBe('open');
  expect(await t.ctx.operator.answer({ item: 'q1', text: good }, by)).toMatchObject({ ok: true });
});

test('a budget that is not used up says so, and no option stays below what is spent', () => {
  const words = ({ questions }: typeof over) => [questions[0]?.question, questions[0]?.options[1]?.label];
  expect(words(over)).toEqual([
    'The day’s budget of $50.00 does not cover the next call: $40.00 is spent. How should it go on?',
    'Raise to $100.00',
  ]);
  expect(words(newBudgetItem('q1', { scope: 'day', spentUsd: 0.05, limitUsd: 0.01 }))[1]).toBe('Raise to $1.05');
});
