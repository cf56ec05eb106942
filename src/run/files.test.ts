import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '../base/index.ts';
import { homePaths } from '../home/index.ts';
import { openJournal, type NewEvent } from '../journal/index.ts';
import { workspacePaths } from '../workspace/index.ts';
import type { RunContext } from './context.ts';
import { watchFiles } from './files.ts';
import { aSpec, attemptEvents, DAY, preparedEvents, questionEvent } from './testing.ts';

async function aHome(...events: NewEvent[]) {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-files-'));
  const paths = homePaths(root);
  const journal = await openJournal(paths);
  const logged: string[] = [];
  const given: [string, string][] = [];
  const manual = manualClock();
  /** How often it was waited for the next look, and how long it is to that, in ms. */
  const armed = { looks: 0, ms: 0 };
  const after = (ms: number, run: () => void) => {
    armed.looks += 1;
    armed.ms = ms;
    return manual.after(ms, run);
  };
  const clock = { ...manual, after };
  const ctx = {
    journal,
    home: { paths },
    clock,
    redact: (text: string) => text.replaceAll('secret', '***'),
    log: (text: string) => logged.push(text),
    inTurn: (work: () => Promise<unknown>) => work(),
    newItemId: () => `q${journal.state.lastItem + 1}`,
  } as unknown as RunContext;
  const tasks = [aSpec('a'), aSpec('b')];
  const plan = { date: DAY, file: 'x', timezone: 'UTC', concurrency: 2, maxCostUsd: 50, alertPercent: 75, tasks };
  const write = (...more: NewEvent[]) => journal.append(...more.map((event) => ({ ...event, day: DAY })));
  await write(
    { type: 'day.planned', data: { plan, payer: 'nobody', warnings: [] } },
    { type: 'day.started', data: {} },
    ...events,
  );
  const watch = () =>
    watchFiles(ctx, async (id, text) => {
      given.push([id, text]);
      await write({ type: 'item.answered', data: { id, answers: [text] } });
      return { ok: true, message: '' };
    });
  /** Until the next look is over: time goes by exactly as far as it is waited for. */
  const nextLook = async () => {
    const { looks } = armed;
    clock.advance(armed.ms);
    await expect.poll(() => armed.looks > looks).toBe(true);
  };
  /** From beginning to end, with time for what is new to settle. */
  const look = async () => {
    const { looks } = armed;
    const starting = watch();
    await expect.poll(() => armed.looks > looks).toBe(true);
    clock.advance(armed.ms);
    await (
      await starting
    )();
  };
  /** A file in the folder for answers, last changed so long before now. */
  const put = (name: string, text: string, ageMs = 60_000) => {
    const path = join(paths.questions, name);
    mkdirSync(paths.questions, { recursive: true });
    writeFileSync(path, text);
    const changed = (clock.now() - ageMs) / 1000;
    utimesSync(path, changed, changed);
  };
  onTestFinished(async () => {
    await journal.close();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    paths,
    journal,
    write,
    look,
    watch,
    nextLook,
    put,
    clock,
    logged,
    given,
    question: (name: string) => join(paths.questions, name),
  };
}

test('an answer that comes late reaches no other question of the same task', async () => {
  const home = await aHome(questionEvent('q1', 'a', 't'), questionEvent('q2', 'a', 'u'));
  await home.look();
  expect(readFileSync(home.question('a.md'), 'utf8')).toContain('- Item: q1');
  expect(readFileSync(home.question('a-q2.md'), 'utf8')).toContain('- Item: q2');
  await home.write({ type: 'item.answered', data: { id: 'q1', answers: ['A'] } });
  home.put('a-answer.md', 'B, for the first one');
  await home.look();
  expect(home.given).toEqual([]);
  expect(existsSync(home.question('unused/a-answer.md'))).toBe(true);
  home.put('a-q2-answer.md', 'A');
  await home.look();
  expect(home.given).toEqual([['q2', 'A']]);
  expect(existsSync(home.question('a-q2.md'))).toBe(false);
});

test('question files become items once, however they are called, and a folder in a file’s place holds up nothing', async () => {
  const home = await aHome(
    ...['a', 'b'].flatMap((id) => [...preparedEvents(id), ...attemptEvents(id, 1)]),
    questionEvent('q1', 'b', 't'),
  );
  const { out } = workspacePaths(home.paths, DAY, 'a');
  mkdirSync(join(out, 'agent_questions', 'folder.md'), { recursive: true });
  const long = `${'x'.repeat(250)}.md`;
  for (const name of ['secret.md', long]) writeFileSync(join(out, 'agent_questions', name), 'Which?');
  // Where the answer belongs lies what the agent put there.
  mkdirSync(join(out, 'agent_questions', 'secret-answer.md'), { recursive: true });
  await home.look();
  await home.look();
  const asked = Object.values(home.journal.state.items).filter((item) => item.task === 'a');
  expect(asked).toHaveLength(2);
  for (const { id } of asked) await home.write({ type: 'item.answered', task: 'a', data: { id, answers: ['A'] } });
  await home.look();
  expect(readFileSync(home.question('b.md'), 'utf8')).toContain('- Item: q1');
  home.put('b-answer.md', 'B');
  await home.look();
  expect(home.given).toEqual([['q1', 'B']]);
});

test('an agent that writes question files without end is not let fill the inbox', async () => {
  const home = await aHome(...preparedEvents('a'), ...attemptEvents('a', 1));
  const folder = join(workspacePaths(home.paths, DAY, 'a').out, 'agent_questions');
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < 80; index += 1) writeFileSync(join(folder, `${index}.md`), 'Which?');
  await home.look();
  await home.look();
  expect(Object.keys(home.journal.state.items)).toHaveLength(50);
});

test('an answer that is still being written is taken when it is whole, within a second', async () => {
  const home = await aHome(questionEvent('q1', 'a', 't'));
  const stop = await home.watch();
  const words = 'Take the newer pattern, but keep the old parameter names for another release.';
  let written = '';
  for (const word of words.split(/(?<= )/)) {
    written += word;
    home.put('a-answer.md', written, 0);
    await home.nextLook();
    expect(home.given).toEqual([]);
  }
  // The last look took the last word in: an answer that is made right after a look waits longest.
  home.put('a-answer.md', `${words}!`, 0);
  const whole = home.clock.now();
  while (home.given.length === 0) await home.nextLook();
  expect(home.given).toEqual([['q1', `${words}!`]]);
  expect(home.clock.now() - whole).toBeLessThan(1000);
  await stop();
});

test('an answer that lay there before is given before anything is said to wait', async () => {
  const home = await aHome(questionEvent('q1', 'a', 't'));
  home.put('a-answer.md', 'B');
  const stop = await home.watch();
  expect(home.given).toEqual([['q1', 'B']]);
  await stop();
});

test('a question file that the agent is still writing becomes an item when it is whole', async () => {
  const home = await aHome(...preparedEvents('a'), ...attemptEvents('a', 1));
  const { out } = workspacePaths(home.paths, DAY, 'a');
  mkdirSync(join(out, 'agent_questions'), { recursive: true });
  const stop = await home.watch();
  const file = join(out, 'agent_questions', 'q.md');
  const text = '# Question from Agent a\n## Question\nWhich?\n## Options\nA) One\nB) Two\n';
  writeFileSync(file, text.slice(0, 45));
  await home.nextLook();
  writeFileSync(file, text);
  await home.nextLook();
  await home.nextLook();
  const items = Object.values(home.journal.state.items);
  expect(items.map((item) => item.questions[0]?.options.length)).toEqual([2]);
  await stop();
});
