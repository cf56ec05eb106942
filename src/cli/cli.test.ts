import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { newFolder } from '../base/testing.ts';
import { homePaths } from '../home/index.ts';
import { openJournal } from '../journal/index.ts';
import { dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { call } from './testing.ts';

test.each(commands.map(({ name }) => name))('%s --help says what it does, its arguments and options', async (name) => {
  const { code, out, err } = await call([name, '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`Usage: dayshift ${name}`);
  expect(out.split('\n')[2]).toMatch(/^\S.{8,}/);
  expect(await call(['help', name])).toEqual({ code, out, err });
});

test('by itself it shows what there is', async () => {
  const { code, out, err } = await call([]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`${name} +${summary.slice(0, 20)}`));
});

test.each([
  [['stauts'], 'Did you mean status?'],
  [['status', '--jsno'], 'Did you mean --json?'],
  [['answer'], "missing required argument 'item'"],
  [['plan', 'a', 'b'], 'too many arguments'],
  [['completion', 'csh'], 'bash, zsh, fish'],
  [['status', 'soon'], 'no home'],
])('%j is a mistake of the call: exit code 2 and a word on it', async (argv, said) => {
  const { code, out, err } = await call(argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(said);
  expect(err).not.toMatch(/^ +at /m);
});

test('what prints facts can print them as JSON, also in a home in which nothing ran', async () => {
  const home = newFolder('cli');
  await call(['init', home]);
  const io = { cwd: home };
  const parsed = async (...argv: string[]) => {
    const { code, out } = await call(argv, io);
    return { code, data: JSON.parse(out) as unknown };
  };
  expect(await parsed('status', '--json')).toMatchObject({ code: 0, data: { day: null, items: [] } });
  expect(await parsed('inbox', '--json')).toEqual({ code: 0, data: [] });
  const message = expect.stringContaining('There is nothing to clean') as string;
  expect(await parsed('clean', '--json')).toMatchObject({ code: 0, data: { ok: true, message } });
  expect(await parsed('journal', 'repair', '--json')).toEqual({ code: 0, data: [] });
});

test('a call about what is not there says so in a sentence', async () => {
  const home = newFolder('cli');
  await call(['init', home]);
  for (const argv of [
    ['tell', 'nobody', 'hello'],
    ['diff', 'nobody'],
    ['apply', 'nobody'],
    ['rollback', 'nobody'],
    ['retry', 'nobody'],
    ['stop', 'nobody'],
    ['journal', '--task', 'nobody'],
  ]) {
    const { code, out, err } = await call(argv, { cwd: home });
    expect({ argv, code, out }).toEqual({ argv, code: 2, out: '' });
    expect(err).toContain('no task nobody');
  }
  const { code, err } = await call(['answer', 'q9', 'B'], { cwd: home });
  expect(code).toBeGreaterThan(0);
  expect(err).toContain('q9');
});

test('with many days behind it, status reads the latest alone, and all where an older one is meant', async () => {
  const home = newFolder('cli');
  await call(['init', home]);
  const { journal: dir, stateFile } = homePaths(home);
  const journal = await openJournal({ journal: dir, stateFile });
  const dates = Array.from({ length: 9 }, (_, n) => `2026-11-1${n}`);
  for (const date of dates) {
    const plan = dayPlan([taskSpec(`task-of-${date}`)], { date });
    await journal.append({ type: 'day.planned', day: date, data: { plan, payer: 'API key', warnings: [] } });
    await journal.append({ type: 'day.started', day: date, data: {} });
  }
  await journal.append({
    ...{ type: 'item.opened', day: dates[0]!, task: `task-of-${dates[0]!}` },
    data: {
      ...{ id: 'q1', kind: 'question', source: 'tool', silence: { kind: 'wait' } },
      questions: [{ question: 'Which one?', multiSelect: false, options: [] }],
    },
  });
  await journal.close();
  // What is not read is not missed: a torn snapshot is told only by who reads it.
  writeFileSync(stateFile, 'torn');
  const said = async (...argv: string[]) => {
    const { code, out, err } = await call(argv, { cwd: home });
    return { code, out, warned: err.includes('state.json is not used') };
  };
  const latest = expect.stringContaining(`task-of-${dates[8]!}`) as string;
  expect(await said('status')).toEqual({ code: 0, out: latest, warned: false });
  expect(await said('status', '2027-01-01')).toMatchObject({ code: 0, warned: false });
  expect(await said('inbox', '--ids')).toEqual({ code: 3, out: 'q1\n', warned: false });
  expect(await said('inbox', '--all')).toMatchObject({ code: 3, warned: true });
  expect(await said('status', dates[0]!)).toMatchObject({ code: 3, warned: true });
  expect((await said('status', dates[0]!, '--json')).out).toContain('Which one?');
});

test.each(['2026-13-01', '2026-02-30', 'soon'])('%s is no day', async (day) => {
  const home = newFolder('cli');
  await call(['init', home]);
  const { code, err } = await call(['status', day], { cwd: home });
  expect(code).toBe(2);
  expect(err).toContain(`${day} is no day`);
});

test.each(['zsh', 'fish'])('the script for %s names every command and option', async (shell) => {
  const { code, out } = await call(['completion', shell]);
  expect(code).toBe(0);
  for (const { name } of commands) expect(out).toContain(name);
  expect(out).toContain('rehearse');
  // Each text in single quotes ends in its own line.
  for (const line of out.split('\n')) expect(line.split("'").length % 2, line).toBe(1);
});
