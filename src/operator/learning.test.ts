import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRedactor, manualClock } from '../base/index.ts';
import { homePaths, loadHome } from '../home/index.ts';
import { openItems } from '../inbox/index.ts';
import { openJournal } from '../journal/index.ts';
import { DAY, dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { askBefore, giveLessons } from '../run/index.ts';
import { answer } from './answer.ts';
import { ollamaOf } from './ollama.testing.ts';
import { takeFeedback } from './take-feedback.ts';
import { takeLessons } from './index.ts';
import { feedback } from './feedback.ts';
import { lessons } from './lessons.ts';
import { rate } from './rate.ts';
import type { OperatorContext } from './types.ts';
import { settleWishes } from './wishes.ts';

const by = { kind: 'person' as const, via: 'cli' as const };
const NEXT = '2026-11-24';

/** A home of which a day ran; feedback is written and read. */
async function aHome(config = '') {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-learning-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const paths = homePaths(root);
  for (const folder of [paths.config, paths.feedback, join(root, 'project')]) mkdirSync(folder, { recursive: true });
  writeFileSync(paths.configFile, `timezone: UTC\nprojects: [{ name: home, path: project }]\n${config}`);
  const home = await loadHome({ home: root, env: {}, cwd: root });
  const clock = manualClock(Date.parse(`${DAY}T18:00:00Z`));
  const journal = await openJournal(paths, { clock });
  onTestFinished(() => journal.close());
  for (const date of [DAY, NEXT]) {
    const plan = { ...dayPlan([taskSpec('a'), taskSpec('b')]), date };
    await journal.append({ type: 'day.planned', day: date, data: { plan, payer: 'nobody', warnings: [] } });
  }
  const parts = { home, journal, clock, newId: () => 'id', redact: createRedactor([]), namedSecrets: () => [] };
  const ctx: OperatorContext = { ...parts, runner: undefined };
  let items = 100;
  const run = {
    ...parts,
    newItemId: () => `q${(items += 1)}`,
    inTurn: <T>(work: () => Promise<T>) => work(),
  };
  return {
    ...{ ctx, journal, clock, paths, run },
    state: journal.state,
    say: async (text: string) => {
      writeFileSync(join(paths.feedback, `${DAY}.md`), text);
      return takeFeedback(ctx, DAY, by);
    },
    lesson: (id: string) => journal.state.lessons.byId[id],
    cards: () =>
      openItems(journal.state).map(({ kind, id, about }) => [kind, id, about && 'lesson' in about && about.lesson]),
    perform: (verb: 'accept' | 'retire' | 'undo' | 'edit', id: string, more: object = {}) =>
      lessons(ctx, { verb, id, ...more }, by),
  };
}

test('a rating that is taken out says nothing of lessons any more; a line that is taken out takes its lesson back, and brings it again', async () => {
  const { say, lesson, journal, cards } = await aHome();
  await say('## a\nRating: 3/5\nAction: Keep functions short\n');
  const { text, does, status } = lesson('l1')!;
  const applied = [{ id: 'l1', text, does, status, held: false }];
  await journal.append({ type: 'lesson.applied', day: DAY, task: 'b', data: { lessons: applied } });
  await say('## a\nRating: 3/5\nAction: Keep functions short\n## b\nRating: 1/5\n');
  expect(lesson('l1')?.uses[`${DAY}/b`]).toMatchObject({ rating: 1, good: false });
  await say('## a\nRating: 3/5\nAction: Keep functions short\n## b\nno stars: wrong task\n');
  expect(Object.keys(lesson('l1')?.uses[`${DAY}/b`] ?? {}).sort()).toEqual(['at', 'held']);

  expect(cards()).toEqual([['lesson', 'q1', 'l1']]);
  await say('## a\nRating: 3/5\n');
  expect(lesson('l1')?.status).toBe('retired');
  expect(cards()).toEqual([]);
  await say('## a\nRating: 3/5\nAction: Keep functions short\n');
  expect([lesson('l1')?.status, lesson('l2')]).toEqual(['trial', undefined]);
  await say('## b\nRating: 3/5\n');
  expect(lesson('l1')?.status).toBe('retired');
});

test('what a person decided is not taken back with its line', async () => {
  const { say, lesson, perform } = await aHome();
  await say('## a\nRating: 3/5\nAction: Never touch migrations/\n');
  await perform('accept', 'l1');
  await say('## a\nRating: 3/5\n');
  expect(lesson('l1')?.status).toBe('active');
});

test.each(['Retry failed HTTP calls 3 times', 'Use 4 parallel workers in the importer'])(
  'a wish about a task’s work is a lesson and no setting: %j',
  async (wish) => {
    const { say, lesson, state } = await aHome();
    await say(`## a\nRating: 3/5\nAction: ${wish}\n`);
    expect(lesson('l1')?.text).toBe(wish);
    expect(Object.values(state.items).map(({ kind }) => kind)).toEqual(['lesson']);
  },
);

test('a lesson that a person takes into use again stays in use, past its harm and its date', async () => {
  const { say, lesson, perform, journal, clock } = await aHome();
  await say('## a\nRating: 3/5\nAction: Keep functions short\n');
  for (const task of ['a', 'b'])
    await journal.append({
      ...{ type: 'lesson.judged', day: DAY, task },
      data: { id: 'l1', effect: 'harmful', good: false, rating: 1, why: '' },
    });
  await journal.append({ type: 'lesson.changed', data: { id: 'l1', expires: DAY } });
  clock.advance(2 * 86_400_000);
  expect((await perform('accept', 'l1')).message).toContain('l1 is active');
  expect(lesson('l1')).toMatchObject({ status: 'active' });
  expect(lesson('l1')).not.toHaveProperty('expires');
});

test('config/lessons.yaml that is gone or empty retires nothing, is written again, and a person is told', async () => {
  const { say, lesson, perform, ctx, paths } = await aHome();
  await say('## a\nRating: 3/5\nAction: Never touch migrations/\nAction: Keep functions short\n');
  await perform('accept', 'l1');
  const before = readFileSync(paths.lessonsFile, 'utf8');
  for (const spoil of [() => rmSync(paths.lessonsFile), () => writeFileSync(paths.lessonsFile, '')]) {
    spoil();
    expect((await takeLessons(ctx)).join('\n')).toContain('l1, l2');
    expect([lesson('l1')?.status, lesson('l2')?.status]).toEqual(['active', 'trial']);
    expect(readFileSync(paths.lessonsFile, 'utf8')).toBe(before);
  }
});

test('what a person saves while Dayshift is about to write config/lessons.yaml is taken, and not written over', async () => {
  const { say, lesson, ctx, paths, journal } = await aHome();
  await say('## a\nRating: 3/5\nAction: Keep functions short\nAction: Name what you return\n');
  const read = () => readFileSync(paths.lessonsFile, 'utf8');
  const retire = (id: string) =>
    writeFileSync(
      paths.lessonsFile,
      read().replace(new RegExp(`(id: ${id}\\n(?:.*\\n)*?.*status: )trial`), '$1retired'),
    );
  // The file lacks what is to be written, and a person saves it when it has been read and not written yet.
  writeFileSync(paths.lessonsFile, read().replace(/ *from: .*\n/, ''));
  retire('l1');
  let saved = false;
  const append: typeof journal.append = async (...events) => {
    if (!saved) retire('l2');
    saved = true;
    return journal.append(...events);
  };
  const slow = new Proxy(journal, {
    get: (of, key) => (key === 'append' ? append : (Reflect.get(of, key) as unknown)),
  });
  expect(await takeLessons({ ...ctx, journal: slow })).toEqual([]);
  expect([saved, lesson('l1')?.status, lesson('l2')?.status]).toEqual([true, 'retired', 'retired']);
  expect(read().match(/status: .*/g)).toEqual(['status: retired', 'status: retired']);
});

test('a yes in the inbox is not undone by an edit of the file that was not read yet', async () => {
  const { say, lesson, ctx, paths, cards } = await aHome();
  await say('## a\nRating: 3/5\nAction: Never touch migrations/\n');
  const edited = readFileSync(paths.lessonsFile, 'utf8').replace('text: Never', 'text: Please never');
  writeFileSync(paths.lessonsFile, edited);
  await answer(ctx, { item: String(cards()[0]?.[1]), text: 'Keep it, always' }, by);
  await settleWishes(ctx);
  expect(lesson('l1')).toMatchObject({ status: 'active', text: 'Please never touch migrations/' });
});

test('a rule in other words that do something else goes on until the person keeps the new one', async () => {
  const { say, lesson, perform, cards } = await aHome();
  await say('## a\nRating: 3/5\nAction: Never touch migrations/\n');
  await perform('accept', 'l1');
  expect((await perform('edit', 'l1', { text: 'Never touch db/' })).message).toContain(
    'l1 goes on as it is until you keep l2',
  );
  expect([lesson('l1')?.text, lesson('l1')?.status]).toEqual(['Never touch migrations/', 'active']);
  expect(lesson('l2')).toMatchObject({ status: 'candidate', does: { rule: { when: { path: ['db/**'] } } } });
  expect(cards()).toMatchObject([['lesson', 'q2', 'l2']]);
  await perform('accept', 'l2');
  expect([lesson('l1')?.status, lesson('l2')?.status]).toEqual(['retired', 'active']);

  await perform('edit', 'l2', { text: 'Please never touch db/' });
  expect(lesson('l2')?.text).toBe('Please never touch db/');
  await perform('edit', 'l2', { expires: '2027-01-01' });
  await perform('undo', 'l2');
  expect(lesson('l2')).not.toHaveProperty('expires');
});

test('other words in config/lessons.yaml are read anew: what then does something else waits for a yes, and the file says what holds', async () => {
  const { say, lesson, perform, ctx, paths, cards } = await aHome();
  await say('## a\nRating: 3/5\nAction: Never touch migrations/\nAction: Keep functions short\n');
  await perform('accept', 'l1');
  const edit = (from: string, to: string) =>
    writeFileSync(paths.lessonsFile, readFileSync(paths.lessonsFile, 'utf8').replace(from, to));
  edit('text: Never touch migrations/', 'text: Never touch migrations/ or docs/');
  edit('text: Keep functions short', 'text: Keep functions shorter');
  const told = await takeLessons(ctx);
  expect(told.join('\n')).toContain('l1 goes on as it is until you keep l3: dayshift lessons accept l3');
  expect(lesson('l1')?.text).toBe('Never touch migrations/');
  expect(lesson('l2')).toMatchObject({ text: 'Keep functions shorter', status: 'trial' });
  expect(lesson('l3')).toMatchObject({
    ...{ status: 'candidate', supersedes: 'l1' },
    does: { rule: { when: { path: ['migrations/**', 'docs/**'] } } },
  });
  expect(cards().at(-1)).toEqual(['lesson', 'q3', 'l3']);
  expect(readFileSync(paths.lessonsFile, 'utf8')).toMatch(/text: Never touch migrations\/\n/);
  // Where the file was not written any more, the same words lead to no second one.
  edit('text: Never touch migrations/\n', 'text: Never touch migrations/ or docs/\n');
  await takeLessons(ctx);
  expect(lesson('l4')).toBeUndefined();
  await perform('accept', 'l3');
  expect([lesson('l1')?.status, lesson('l3')?.status]).toEqual(['retired', 'active']);
});

test('the status that comes with other words in config/lessons.yaml is of the new words, whatever the lesson was before', async () => {
  const { say, lesson, perform, ctx, paths } = await aHome();
  await say(
    '## a\nRating: 3/5\nAction: Never touch migrations/\nAction: Keep functions short\nAction: Never touch db/\n',
  );
  await perform('accept', 'l3');
  const edit = (from: string, to: string, status: string) => {
    const file = readFileSync(paths.lessonsFile, 'utf8');
    const changed = file.replace(
      new RegExp(`text: ${from}\n((?:(?!  - ).*\n)*?.*status: )\\w+`),
      `text: ${to}\n$1${status}`,
    );
    expect(changed).not.toBe(file);
    writeFileSync(paths.lessonsFile, changed);
  };
  edit('Never touch migrations/', 'Never touch docs/', 'active');
  edit('Keep functions short', 'Never touch vendor/', 'active');
  edit('Never touch db/', 'Never touch data/', 'retired');
  expect((await takeLessons(ctx)).join('\n')).toMatch(/l1 says so now \(.*docs.*\), and is active\./);
  const rule = (path: string) => ({ does: { rule: { when: { path: [path] } } } });
  expect(lesson('l1')).toMatchObject({ text: 'Never touch docs/', status: 'active', ...rule('docs/**') });
  expect(lesson('l2')).toMatchObject({ text: 'Never touch vendor/', status: 'active', ...rule('vendor/**') });
  expect(lesson('l3')).toMatchObject({ text: 'Never touch data/', status: 'retired' });
  expect(lesson('l4')).toBeUndefined();
  expect(readFileSync(paths.lessonsFile, 'utf8').match(/text: .*/g)).toEqual([
    'text: Never touch docs/',
    'text: Never touch vendor/',
    'text: Never touch data/',
  ]);
});

test('a task is given what holds when it begins; what it asks is asked in the morning and stays asked', async () => {
  const { say, perform, run, state, cards } = await aHome();
  await say('## a\nRating: 3/5\nAction: Ask which database to use before starting\nAction: Never touch migrations/\n');
  await perform('accept', 'l1');
  const ref = { day: NEXT, task: 'a' };
  await askBefore(run, ref);
  expect(state.days[NEXT]?.tasks.a?.lessons).toBeUndefined();
  expect(cards().filter(([kind]) => kind === 'question')).toEqual([['question', 'q101', 'l1']]);
  // At ten the person says yes to the rule; the question goes on waiting.
  await perform('accept', 'l2');
  await giveLessons(run, ref);
  expect(state.days[NEXT]?.tasks.a?.lessons?.map(({ id }) => id)).toEqual(['l1', 'l2']);
  expect(state.days[NEXT]?.tasks.a?.spec.guard).toHaveLength(1);
  expect(cards().filter(([kind]) => kind === 'question')).toEqual([['question', 'q101', 'l1']]);
});

test('a local model proposes what the rules only know as a line, of long wishes too; a rule that it proposes waits for a yes', async () => {
  const long = `The generated client is made anew by every build and what stands in it is lost then${', which nobody sees'.repeat(8)}.`;
  const { url, asked } = await ollamaOf([
    '{"kind":"guard","paths":["src/client/"]}',
    '{"kind":"question","ask":"Which client?"}',
  ]);
  const { say, lesson } = await aHome(`learning: { ollama: { url: '${url}', model: m } }\n`);
  await say(
    `## a\nRating: 3/5\nAction: ${long}\nAction: Never touch migrations/\n## b\nRating: 3/5\nAction: Be kind\n`,
  );
  expect(lesson('l1')).toMatchObject({ status: 'candidate', does: { rule: { when: { path: ['src/client/**'] } } } });
  expect(lesson('l1')?.text.startsWith('The generated client')).toBe(true);
  expect(lesson('l2')?.does.kind).toBe('guard');
  expect(lesson('l3')).toMatchObject({ status: 'candidate', text: 'Be kind', does: { ask: 'Which client?' } });
  // What the rules read needs no model.
  expect(asked).toHaveLength(2);
});

test('who teaches is told that a line is tried on three tasks first, that a rule waits, and what has them everywhere', async () => {
  const { ctx, paths, perform } = await aHome();
  const tried = 'Tried on three tasks first: l1. On every task from now on: dayshift lessons accept l1';
  const long = `Keep functions short${', and their names shorter'.repeat(10)}`;
  expect((await rate(ctx, { task: `${DAY}/a`, stars: 3, action: long }, by)).message).toBe(
    `a: ★★★, in feedback/${DAY}.md.\n${tried}`,
  );
  writeFileSync(
    join(paths.feedback, `${DAY}.md`),
    `## a\n3/5\nAction: ${long}\n## b\n❌ Touched \`migrations/\`\n❌ Forgot docs\n`,
  );
  const { message } = await feedback(ctx, { date: DAY }, by);
  expect(message).toContain('their names shorter  [l1, instruction: trial]');
  expect(message).toContain('❌ Touched `migrations/`  [l2, ');
  expect(message).toContain(`${tried}\nNothing until you say yes: l2, l3. Yes is: dayshift lessons accept l2`);
  expect((await lessons(ctx, { verb: 'list' }, by)).message).toContain(tried);
  await perform('accept', 'l1');
  expect((await lessons(ctx, { verb: 'list' }, by)).message).not.toContain('Tried');
});

test('a question about a setting goes with the line that asked for it; what cannot be done is told', async () => {
  const { ctx, paths, cards } = await aHome();
  const take = (text: string) => {
    writeFileSync(join(paths.feedback, `${DAY}.md`), text);
    return feedback(ctx, { date: DAY }, by);
  };
  const wishes = "## Tomorrow's Adjustments\n1. Reduce the reminder interval to 5 minutes\n2. Please buy milk\n";
  const { message } = await take(
    `## a\n4/5\n## Orchestrator Performance\n- The daily budget should be 30 dollars\n${wishes}`,
  );
  expect(message).toMatch(/· The daily budget should be 30 dollars {2}\[q\d: set/);
  expect(message).toContain('→ Please buy milk  [no setting that Dayshift knows: kept as a note]');
  expect(cards()).toHaveLength(2);
  await take(`## a\n4/5\n${wishes}`);
  expect(cards()).toHaveLength(1);
  await take('## a\n4/5\n');
  expect(cards()).toEqual([]);
  // Saved in the middle of an edit: what is put back is asked again.
  expect((await take(`## a\n4/5\n${wishes}`)).message).toContain('It waits for your yes');
  expect(cards()).toHaveLength(1);
  const empty = await take(' \n');
  expect(empty).toMatchObject({
    ok: true,
    message: expect.stringContaining('is empty: nothing is taken back') as string,
  });
});

test('a line that is evidence for an older lesson says so', async () => {
  const { say, ctx } = await aHome();
  await say('## a\n3/5\nAction: Never touch migrations/\n## b\n3/5\n❌ Touched migrations/\n');
  expect((await feedback(ctx, { date: DAY }, by)).message).toContain(
    '❌ Touched migrations/  [evidence for l1, guard: candidate]',
  );
});
