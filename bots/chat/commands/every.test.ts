import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newBudgetItem } from '../../../src/inbox/index.ts';
import { encodeAction, decodeAction, taskRef, type Action } from '../actions.ts';
import { DAY, makeChat, memoryStage, which, type Shown } from '../testing.ts';
import { commands } from './index.ts';

/** Anna, who owns it, and a day with a task. */
async function withAnna() {
  const t = await makeChat({ config: { projects: [{ name: 'shop', path: '.' }] } });
  const stage = memoryStage(t.chat);
  const anna = stage.visitor('1', 'Anna');
  await anna.says(await t.code());
  await t.day('a');
  const last = async (): Promise<Shown> => {
    const seen = (await anna.sees()).at(-1);
    if (seen === undefined) throw new Error('nothing is there');
    return seen;
  };
  return { t, stage, anna, last };
}

test('the commands are those that people were promised', () => {
  const promised =
    'today status plan start pause resume stop add tell answer inbox diff log apply rollback retry budget report rate schedule who doctor help';
  const names = commands.map(({ name }) => name);
  expect(promised.split(' ').filter((name) => !names.includes(name))).toEqual([]);
});

// What tests the machine, asks git or a model is seen elsewhere.
test.each(commands.filter(({ name }) => name !== 'doctor').map(({ name }) => name))(
  '/%s says something, with nothing behind it and with words that fit nothing, and fails at neither',
  async (name) => {
    const { t, anna, last } = await withAnna();
    for (const words of ['', ' nonsense', ' a', ` ${DAY}`]) {
      const before = (await anna.sees()).length;
      await anna.says(`/${name}${words}`);
      expect((await anna.sees()).length, `/${name}${words}`).toBeGreaterThan(before);
      const { text, files } = await last();
      expect(text.trim() === '' && files.length === 0).toBe(false);
      // The terminal's commands have no place here.
      if (name !== 'pair') expect((await last()).text).not.toMatch(/\bdayshift (?!has|is|was|runs)[a-z]+ [a-z]/);
    }
    expect(t.logged).toEqual([]);
  },
);

test('a sentence becomes a card; edited, it is another, which goes where the tap says', async () => {
  const { t, anna, last } = await withAnna();
  await anna.says('/add Link the page');
  const card = await last();
  expect(card.buttons).toEqual([
    ['▶️ Start now', 'Add to today'],
    ['Backlog', '✏️ Edit', 'Forget it'],
  ]);
  await anna.taps(card, 'Edit');
  const pending = () => Object.keys(t.journal.state.chat.pending).length === 0;
  while (!pending()) await new Promise((resolve) => setImmediate(resolve));
  await anna.says('Link the new page from the README', await last());
  const edited = await last();
  expect(edited.text).toContain('Link the new page from the README');
  await anna.taps(edited, 'Backlog');
  expect(readFileSync(join(t.ctx.home.paths.tasks, 'backlog.yaml'), 'utf8')).toContain('from the README');
  expect((await last()).text).toContain('tasks/backlog.yaml');
});

test('what stands behind a question is shown by More', async () => {
  const { t, anna, last } = await withAnna();
  const id = await t.ask([which], { context: 'because of this. '.repeat(60) });
  let card: Shown | undefined;
  while (card === undefined) {
    card = (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await anna.taps(card, 'More');
  expect((await last()).text).toMatch(/context[^]*because of this/);
});

test('a button holds at most 64 bytes, and one that was not signed by this home does nothing', async () => {
  const { t, stage } = await withAnna();
  const ref = taskRef(DAY, 'a'.repeat(200));
  const far = Date.parse('2099-12-31T23:59:59Z');
  const actions: Action[] = [
    { do: 'answer', item: 'q999999', question: 3, option: 25 },
    { do: 'mark', item: 'q999999', question: 3, marked: 2 ** 26 - 1 },
    { do: 'use', draft: 'abcdefgh', as: 'forget', of: ref },
    { do: 'task', verb: 'rollback', ref, sure: far, to: 'c9999' },
    { do: 'day', verb: 'refresh', day: '2099-12-31', sure: far },
    { do: 'message', verb: 'branch', ref },
    { do: 'rate', ref, stars: 5 },
  ];
  for (const action of actions) {
    const data = encodeAction(action, t.ctx.secret);
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    expect(decodeAction(data, t.ctx.secret)).toEqual(action);
    expect(decodeAction(data, new Uint8Array(32))).toBeUndefined();
  }
  const id = await t.ask();
  const data = encodeAction({ do: 'answer', item: id, question: 0, option: 0 }, new Uint8Array(32));
  const tap = { channel: 'telegram', id: 'u9', user: '1', name: 'Anna', chat: 'chat-1', private: true } as const;
  const told = await t.chat.receive({ ...tap, type: 'tap', data, message: '1' }, stage.platform);
  expect(told.toast).toBe('This button is not known any more.');
  expect(t.journal.state.items[id]?.status).toBe('open');
});

test('who may work may not spend more: neither by a command nor by an answer', async () => {
  const { t, stage } = await withAnna();
  const ben = stage.visitor('2', 'Ben');
  await ben.says(await t.code('operator'));
  const data = newBudgetItem('q1', { scope: 'day', spentUsd: 10, limitUsd: 10 });
  await t.journal.append({ type: 'item.opened', day: DAY, data });
  for (const words of ['/budget 50', 'q1: raise to $50', '/answer q1 B']) {
    await ben.says(words);
    expect((await ben.sees()).at(-1)?.text).toMatch(/You are operator here: you may not/);
  }
  expect([t.journal.state.items.q1?.status, t.journal.state.days[DAY]?.limitUsd]).toEqual(['open', 10]);
});
