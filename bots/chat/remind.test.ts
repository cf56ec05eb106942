import { expect, test } from 'vitest';
import { cardOf } from './contract.testing.ts';
import { eventually, makeChat, memoryStage, type TestChat } from './testing.ts';

const MINUTE = 60_000;

/** Anna is paired, on a day that runs. `now`: eight in the morning, where nothing else is said. */
async function atWork(chat: object = {}, now = Date.parse('2026-11-23T08:00:00Z')) {
  const t = await makeChat({ config: { chat }, now });
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const bells = async () => (await anna.sees()).filter(({ text }) => text.startsWith('🔔'));
  return { t, stage, anna, bells };
}

/** Lets time pass until an item is so many minutes old, in steps that timers see, and what follows from each be done. */
async function ages(t: TestChat, id: string, minutes: number): Promise<void> {
  const until = Date.parse(t.journal.state.items[id]?.openedAt ?? '') + minutes * MINUTE;
  while (t.clock.now() < until) {
    t.clock.advance(Math.min(MINUTE, until - t.clock.now()));
    // What a timer led to is on disk before what is written now.
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await t.journal.append({
        type: 'stranger.seen',
        data: { channel: 'telegram', user: 'x', chat: 'x', answered: false },
      });
    }
  }
}

async function settled(t: TestChat): Promise<void> {
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined), t.clock);
}

test('what waits is reminded of after ten and thirty minutes, then hourly, in one message that takes the last one’s place', async () => {
  const { t, anna, bells } = await atWork();
  const id = await t.ask();
  await cardOf(anna, id);
  await t.ask();
  const steps = () => t.journal.state.items[id]?.reminded ?? 0;
  await ages(t, id, 9);
  expect([steps(), (await bells()).length]).toEqual([0, 0]);
  await ages(t, id, 11);
  await settled(t);
  const [first, ...more] = await bells();
  expect([steps(), more.length]).toEqual([1, 0]);
  expect(first?.text).toContain('🔔 2 wait for you');
  await ages(t, id, 31);
  await settled(t);
  const [second, ...others] = await bells();
  expect([steps(), others.length]).toEqual([2, 0]);
  // A new message: an edit makes no sound.
  expect(second?.id).not.toBe(first?.id);
  await ages(t, id, 92);
  expect(steps()).toBe(3);
  await anna.taps((await bells())[0]!, 'Show them');
  await anna.says('b', await cardOf(anna, id));
  await eventually(async () => ((await bells())[0]?.text.includes('1 waits') === true ? true : undefined), t.clock);
});

test('in quiet hours nobody is reminded and nothing makes a sound; when they are over it is made up for in one message', async () => {
  const { t, stage, anna, bells } = await atWork({ quiet_hours: '22:00-00:30' }, Date.parse('2026-11-23T23:30:00Z'));
  const id = await t.ask();
  await cardOf(anna, id);
  const held = stage.platform.chatOf(anna.chat).find(({ text }) => text.includes(`Question ${id}`));
  expect(held?.part.silent).toBe(true);
  // Until a quarter past midnight.
  await ages(t, id, 45);
  expect(await bells()).toEqual([]);
  await ages(t, id, 62);
  await settled(t);
  expect(await bells()).toHaveLength(1);
  const bell = stage.platform.chatOf(anna.chat).find(({ text }) => text.startsWith('🔔'));
  expect(bell?.part.silent).toBeUndefined();
});

test('thirty questions at once are six cards and one digest that counts them', async () => {
  const { t, anna, bells } = await atWork();
  for (let n = 0; n < 30; n += 1) await t.ask();
  await settled(t);
  const cards = (await anna.sees()).filter(({ text }) => text.includes('Question q'));
  expect(cards.length).toBe(6);
  await eventually(async () => ((await bells())[0]?.text.includes('🔔 30 wait') === true ? true : undefined), t.clock);
  expect(await bells()).toHaveLength(1);
});

test('what nobody answers in a project’s chat goes to everyone else who may answer, once, and is over everywhere at the first answer', async () => {
  const { t, stage, anna } = await atWork({
    escalate_minutes: 20,
    telegram: { projects: { home: '-77' } },
  });
  const ben = stage.visitor('2', 'Ben');
  await ben.says(await t.code('operator'));
  const eve = stage.visitor('3', 'Eve');
  await eve.says(await t.code('viewer'));
  const id = await t.ask();
  const inGroup = () => stage.platform.chatOf('-77').filter(({ text }) => text.includes(`Question ${id} ·`));
  await eventually(() => (inGroup().length === 1 ? true : undefined), t.clock);
  await ages(t, id, 19);
  expect((await ben.sees()).filter(({ text }) => text.includes('Question'))).toEqual([]);
  await ages(t, id, 90);
  const onBen = await cardOf(ben, id);
  for (const person of [anna, ben])
    expect((await person.sees()).filter(({ text }) => text.includes(`Question ${id} ·`))).toHaveLength(1);
  expect((await eve.sees()).filter(({ text }) => text.includes('Question'))).toEqual([]);
  await ben.taps(onBen, 'New');
  await eventually(() => (inGroup()[0]?.text.includes('by Ben') === true ? true : undefined), t.clock);
  await eventually(async () => ((await cardOf(anna, id)).text.includes('by Ben') ? true : undefined), t.clock);
});
