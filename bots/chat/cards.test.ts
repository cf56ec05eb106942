import { expect, test } from 'vitest';
import { DAY, eventually, makeChat, memoryStage, type Shown, type Visitor } from './testing.ts';

const long = (text: string, times: number) => `${text} `.repeat(times).trim();
const shown = (who: Visitor, fits: (message: Shown) => boolean): Promise<Shown> =>
  eventually(async () => (await who.sees()).find(fits));

async function withShortMessages() {
  const t = await makeChat();
  const stage = memoryStage(t.chat);
  Object.assign(stage.platform.limits, { text: 2000 });
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  return { t, anna };
}

test('a card that outgrows its message comes anew with its buttons, and the old one goes', async () => {
  const { t, anna } = await withShortMessages();
  await t.day('a');
  const options = [...Array(8).keys()].map((n) => ({
    label: `Option ${n} ${long('words', 20)}`,
    description: long('because', 19),
  }));
  const id = await t.ask([
    { question: 'Short?', multiSelect: false, options: [{ label: 'Yes' }, { label: 'No' }] },
    { question: 'Which one is it?', multiSelect: false, options },
  ]);
  const first = await shown(anna, ({ text }) => text.includes('Short?'));
  await anna.taps(first, 'Yes');
  const next = await shown(anna, ({ buttons }) => buttons.flat().some((label) => label.startsWith('B) Option 1')));
  await eventually(async () => ((await anna.sees()).some((one) => one.id === first.id) ? undefined : true));
  await anna.taps(next, 'B) Option 1');
  expect(t.journal.state.items[id]?.answers).toEqual(['Yes', options[1]?.label]);
  await eventually(async () => (await anna.sees()).find(({ text }) => text.includes('✅ by Anna')), t.clock);
  // What a shorter card took away is not looked for again.
  await eventually(
    () => (t.journal.state.chat.slots[`telegram|chat-1|item:${id}`]?.messages.length === 1 ? true : undefined),
    t.clock,
  );
});

test('the day’s card stays one message with its buttons, however much its tasks have to say', async () => {
  const { t, anna } = await withShortMessages();
  const tasks = [...Array(20).keys()].map((n) => `paginate-the-orders-page-${n}`);
  await t.day(...tasks);
  const first = await shown(anna, ({ text }) => text.includes(`📋 ${DAY}`));
  const reason = 'the tests of the basket fail after three tries, see the report for what they said';
  for (const task of tasks) await t.journal.append({ type: 'task.stopped', day: DAY, task, data: { reason } });
  const card = await eventually(
    async () => (await anna.sees()).find(({ text }) => text.includes('20 of 20 ended')),
    t.clock,
  );
  expect(card.id).toBe(first.id);
  expect(card.text).toContain('… and');
  expect(card.buttons.flat()).toContain('⏹ Stop');
});
