import { describe, expect, test } from 'vitest';
import type { Chat } from './chat.ts';
import {
  DAY,
  eventually,
  makeChat,
  several,
  which,
  type Shown,
  type Stage,
  type TestChat,
  type Visitor,
} from './testing.ts';

/** One stage for a chat core: a bot on a server. Called anew for each test, and after each restart. */
export type OpenStage = (chat: Chat) => Stage | Promise<Stage>;

/**
 * What every bot does, whatever server it is on. Run by each bot's own tests with its own stage, and on the memory
 * platform.
 */
export function chatContract(name: string, open: OpenStage): void {
  describe(`${name}, as every bot`, () => {
    test('the first who sends a code is let in, once; /start CODE and the code alone both do', async () => {
      const { t, stage } = await begin();
      const code = await t.code();
      const anna = stage.visitor('1', 'Anna');
      const ben = stage.visitor('2', 'Ben');
      await anna.says(`/start ${code}`);
      await ben.says(code);
      expect(Object.values(t.journal.state.chat.people)).toMatchObject([{ name: 'Anna', role: 'owner' }]);
      await ben.says(await t.code('viewer'));
      expect(Object.values(t.journal.state.chat.people)).toMatchObject([{ role: 'owner' }, { role: 'viewer' }]);
    });

    test('people who send their codes at the same moment are all let in; of two with one code, one', async () => {
      const { t, stage } = await begin();
      const people = ['1', '2', '3', '4'].map((user) => stage.visitor(user, `Person ${user}`));
      const codes = [await t.code(), await t.code('viewer'), await t.code('viewer')];
      await Promise.all(people.map((person, index) => person.says(codes[Math.min(index, 2)] ?? '')));
      expect(Object.keys(t.journal.state.chat.people)).toEqual(['p1', 'p2', 'p3']);
    });

    test('a stranger gets one neutral sentence, and nothing after it', async () => {
      const { t, stage } = await begin();
      const stranger = stage.visitor('9', 'Mallory');
      for (const words of ['hello', '/status', '/answer q1 A', 'AAAA-BBBB']) await stranger.says(words);
      const seen = await stranger.sees();
      expect(seen.map(({ text }) => text)).toEqual(['This bot is private.']);
      expect(t.journal.state.chat.people).toEqual({});
    });

    test('a question arrives with a button for each option, the tap answers it, and the card says so without buttons', async () => {
      const { t, anna } = await paired();
      await t.day('a');
      const id = await t.ask();
      const card = await cardOf(anna, id);
      expect(card.text).toContain('Which pattern?');
      expect(card.buttons.flat().join()).toMatch(/Old.*New.*Something else/);
      const toast = await anna.taps(card, 'New');
      expect(toast ?? '').not.toMatch(/not/);
      expect(t.journal.state.items[id]).toMatchObject({
        status: 'answered',
        answers: ['New'],
        answeredBy: { id: 'Anna' },
      });
      await eventually(async () => ((await cardOf(anna, id)).buttons.length === 0 ? true : undefined));
      expect((await cardOf(anna, id)).text).toMatch(/New.*Anna/);
    });

    test('of two taps the first counts; the second is told what was answered and by whom', async () => {
      const { t, anna, stage } = await paired();
      const ben = stage.visitor('2', 'Ben');
      await ben.says(await t.code('operator'));
      await t.day('a');
      const id = await t.ask();
      const [mine, his] = [await cardOf(anna, id), await cardOf(ben, id)];
      await anna.taps(mine, 'Old');
      const toast = await ben.taps(his, 'New');
      expect(t.journal.state.items[id]?.answers).toEqual(['Old']);
      expect(toast).toMatch(/answered already by Anna.*Old/);
      await eventually(async () => ((await cardOf(ben, id)).buttons.length === 0 ? true : undefined));
    });

    test('several may be marked; Done sends what is marked', async () => {
      const { t, anna } = await paired();
      await t.day('a');
      const id = await t.ask([several]);
      await anna.taps(await cardOf(anna, id), 'Docs');
      const marked = await eventually(async () => markedOf(await cardOf(anna, id), 1), t.clock);
      await anna.taps(marked, 'Code');
      const both = await eventually(async () => markedOf(await cardOf(anna, id), 2), t.clock);
      await anna.taps(both, 'Done');
      expect(t.journal.state.items[id]?.answers).toEqual(['Docs, Code']);
    });

    test('"something else" takes the person’s own words for that very question', async () => {
      const { t, anna, stage } = await paired();
      await t.day('a');
      const first = await t.ask();
      const second = await t.ask([{ ...which, question: 'And which name?' }]);
      await anna.taps(await cardOf(anna, first), 'Something else', 'Neither: use a cursor');
      // Where there are no forms, a message asks for a reply.
      if (!stage.platform.can.forms) {
        const prompt = await eventually(async () => (await anna.sees()).find(({ asks }) => asks), t.clock);
        await delivered(t);
        await anna.says('Neither: use a cursor', prompt);
      }
      expect(t.journal.state.items[first]?.answers).toEqual(['Neither: use a cursor']);
      expect(t.journal.state.items[second]?.status).toBe('open');
    });

    test('a reply to a question’s card answers it, a command never does', async () => {
      const { t, anna } = await paired();
      await t.day('a');
      const id = await t.ask();
      await anna.says('/inbox', await cardOf(anna, id));
      await delivered(t);
      expect(t.journal.state.items[id]?.status).toBe('open');
      // It stands there anew, and no longer where it was.
      const anew = await eventually(async () => {
        const [card, ...old] = (await anna.sees()).filter(({ text }) => text.includes(`Question ${id} ·`));
        return old.length === 0 ? card : undefined;
      });
      await anna.says('b', anew);
      expect(t.journal.state.items[id]?.answers).toEqual(['New']);
    });

    test('a withdrawn question’s card says so, and its old buttons too', async () => {
      const { t, anna } = await paired();
      await t.day('a');
      const id = await t.ask();
      const old = await cardOf(anna, id);
      await t.ctx.operator.stop({ task: 'a' }, { kind: 'person', via: 'cli' });
      expect(await anna.taps(old, 'New')).toMatch(/withdrawn.*stopped/);
      await eventually(async () => ((await cardOf(anna, id)).text.includes('Withdrawn') ? true : undefined));
    });

    test('a question that was open before a restart is answered by its old button after it', async () => {
      const { t, anna, stage } = await paired();
      await t.day('a');
      const id = await t.ask();
      const card = await cardOf(anna, id);
      await delivered(t);
      const again = await t.restart();
      await stage.restart(again.chat);
      await anna.taps(card, 'New');
      expect(again.journal.state.items[id]?.answers).toEqual(['New']);
      await eventually(async () => ((await cardOf(anna, id)).buttons.length === 0 ? true : undefined), again.clock);
      expect((await anna.sees()).filter(({ text }) => text.includes(`Question ${id} ·`))).toHaveLength(1);
    });

    test('a second tap that confirms counts once: not twice at once, and not after a restart', async () => {
      const { t, anna, stage } = await paired();
      await t.day('a');
      const rolledBack = countRollbacks(t);
      const stat = { files: 1, insertions: 1, deletions: 0, paths: [{ status: 'A', path: 'x' }] };
      const ref = { day: DAY, task: 'a' };
      await t.journal.append(
        { type: 'work.measured', ...ref, data: { stat, patch: 'p', tree: 't' } },
        { type: 'task.failed', ...ref, data: { reason: 'its checks fail' } },
      );
      await delivered(t);
      await anna.says('/status a');
      const seen = (text: string) =>
        eventually(async () => (await anna.sees()).findLast((one) => one.text.includes(text)), t.clock);
      await anna.taps(await seen('its checks fail'), 'Roll back');
      const asked = await seen('Take a back to its start?');
      expect(asked.text).toContain('no longer proven');
      await Promise.all([anna.taps(asked, 'Yes, roll it back'), anna.taps(asked, 'Yes, roll it back')]);
      expect(rolledBack()).toBe(1);
      // The question became the receipt.
      expect((await seen('a is back at c0')).id).toBe(asked.id);
      expect((await seen('a is back at c0')).buttons).toEqual([]);
      const again = await t.restart();
      const after = countRollbacks(again);
      await stage.restart(again.chat);
      expect(await anna.taps(asked, 'Yes, roll it back')).toContain('used already');
      expect(after()).toBe(0);
    });

    test('every markup character arrives as it was written, in a card and in a long text', async () => {
      const { t, anna } = await paired();
      await t.day('a');
      const hard = 'a_b *c* `d` [e](f) <g> &amp; ~h~ |i| #j >k @everyone \\ ``` 🧑‍💻 "l"';
      const id = await t.ask([{ ...which, question: hard }]);
      const { text } = await cardOf(anna, id);
      expect(plainly(text)).toContain(plainly(hard));
    });

    test('the day’s card is there once, and is edited in place', async () => {
      const { t, anna } = await paired();
      await t.day('a', 'b');
      const card = await eventually(async () => (await anna.sees()).find(({ text }) => text.includes(DAY)));
      expect(card.text).toMatch(/a[\s\S]*b/);
      await t.journal.append({ type: 'task.stopped', day: DAY, task: 'a', data: { reason: 'tired' } });
      t.clock.advance(5000);
      await eventually(async () => {
        const [same, ...others] = (await anna.sees()).filter(
          ({ text, buttons }) => text.includes(DAY) && buttons.length > 0,
        );
        return others.length === 0 && same?.text.includes('tired') === true ? true : undefined;
      });
    });

    test('a flood, a broken line and refused markup lose no message', async () => {
      const { t, anna, stage } = await paired();
      await t.day('a');
      for (const why of ['flood', 'unreachable', 'markup'] as const) {
        stage.fails(why, 1);
        const id = await t.ask([{ ...which, question: `After ${why}?` }]);
        await eventually(async () => {
          t.clock.advance(1000);
          return (await anna.sees()).find(({ text }) => text.includes(`Question ${id} ·`));
        });
      }
      const questions = (await anna.sees()).filter(({ text }) => /Question q\d+ · a ·[^]*After/.test(text));
      expect(questions).toHaveLength(3);
    });

    test('what is to be different becomes a lesson, whose card keeps it', async () => {
      const { t, anna } = await paired();
      await t.day('a');
      await anna.says('/rate a 3 Fine');
      await t.ctx.operator.rate({ task: 'a', action: 'Never touch migrations/' }, { kind: 'person', id: 'Anna' });
      const item = await eventually(
        () => Object.values(t.journal.state.items).find(({ kind }) => kind === 'lesson')?.id,
        t.clock,
      );
      const card = await eventually(
        async () => (await anna.sees()).find(({ text }) => text.includes(`Lesson ${item}`)),
        t.clock,
      );
      await anna.taps(card, 'Keep');
      await eventually(() => (t.journal.state.lessons.byId.l1?.status === 'active' ? true : undefined), t.clock);
      await anna.says('/lessons why l1');
      const told = await eventually(
        async () => (await anna.sees()).find(({ text }) => text.includes('a person keeps it')),
        t.clock,
      );
      expect(told.text).toContain('Never touch migrations/');
    });

    test('a viewer may look and may not act', async () => {
      const { t, stage } = await paired();
      const eve = stage.visitor('3', 'Eve');
      await eve.says(await t.code('viewer'));
      await t.day('a');
      const id = await t.ask();
      await eve.says(`${id} New`);
      await eve.says('/stop a');
      expect(t.journal.state.items[id]?.status).toBe('open');
      expect(t.journal.state.days[DAY]?.tasks.a?.status).toBe('queued');
      await eve.says('/status');
      expect((await eve.sees()).at(-1)?.text).toContain(DAY);
    });
  });

  async function begin(): Promise<{ t: TestChat; stage: Stage }> {
    const t = await makeChat();
    return { t, stage: await open(t.chat) };
  }

  async function paired(): Promise<{ t: TestChat; stage: Stage; anna: Visitor }> {
    const { t, stage } = await begin();
    const anna = stage.visitor('1', 'Anna');
    await anna.says(await t.code());
    return { t, stage, anna };
  }
}

/** The card of an item, once it is there. */
export async function cardOf(person: Visitor, id: string): Promise<Shown> {
  return eventually(async () =>
    (await person.sees()).find(({ text, asks }) => text.includes(`Question ${id} ·`) && !asks),
  );
}

/** Everything that was to be sent is, and the core knows it: a person takes longer to read it than the core to write that down. */
async function delivered(t: TestChat): Promise<void> {
  await eventually(() => (Object.keys(t.journal.state.chat.pending).length === 0 ? true : undefined), t.clock);
}

/** What a task's checkout is taken back to is seen elsewhere: here it counts how often. */
function countRollbacks(t: TestChat): () => number {
  let times = 0;
  t.ctx.operator.rollback = () => {
    times += 1;
    return Promise.resolve({ ok: true, message: 'a is back at c0.' });
  };
  return () => times;
}

function markedOf(card: Shown, marks: number): Shown | undefined {
  return card.buttons.flat().filter((label) => label.includes('☑')).length === marks ? card : undefined;
}

/** Without what a server's markup adds so that a character shows. */
function plainly(text: string): string {
  return text.replace(/[\\\u200b]/g, '');
}
