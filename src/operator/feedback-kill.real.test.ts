import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths } from '../home/index.ts';
import { openJournal, readEvents, type JournalEvent } from '../journal/index.ts';
import { DAY, dayPlan, taskSpec } from '../journal/spec.testing.ts';
import { readAll } from './take-and-die.testing.ts';

const script = join(import.meta.dirname, 'take-and-die.testing.ts');
const readAndDie = (home: string, moment: string, nth: number) =>
  execa(process.execPath, [script, home, moment, String(nth)], { reject: false });

const feedback = `# Feedback - ${DAY}

## a
Rating: 2/5
⚠️ Two old tests are red
Action: Keep functions short
Action: Never touch migrations/

## b
Rating: 5/5
⚠️ Two old tests are red now
Action: Never keep functions short

## Tomorrow's Adjustments
1. Reduce the reminder interval to 5 minutes
`;

/** A home whose day ran, with what the person says of it and a lesson of their own in the file. */
async function ran(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'dayshift-feedback-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const paths = homePaths(root);
  for (const folder of [paths.config, paths.feedback, join(root, 'project')]) mkdirSync(folder, { recursive: true });
  writeFileSync(paths.configFile, 'timezone: UTC\nprojects: [{ name: home, path: project }]\n');
  writeFileSync(join(root, 'project/package.json'), '{ "scripts": { "test": "vitest" } }');
  writeFileSync(paths.lessonsFile, '# mine\nlessons:\n  - text: Speak plainly\n    kind: instruction\n');
  writeFileSync(join(paths.feedback, `${DAY}.md`), feedback);
  const journal = await openJournal(paths);
  const plan = dayPlan([taskSpec('a'), taskSpec('b')]);
  await journal.append({ type: 'day.planned', day: DAY, data: { plan, payer: 'nobody', warnings: [] } });
  await journal.close();
  return root;
}

/** What there is at the end: events without their numbers and times, and the file. */
async function left(root: string) {
  const paths = homePaths(root);
  const events: JournalEvent[] = [];
  for await (const event of readEvents(paths.journal, {})) events.push(event);
  // Where the file was being written, what stands in it is told once more: it says the same.
  const said = events.filter(({ type }) => type !== 'lesson.filed').map(({ type, task, data }) => [type, task, data]);
  const filed = events.findLast(({ type }) => type === 'lesson.filed')?.data;
  return { said, filed, file: readFileSync(paths.lessonsFile, 'utf8') };
}

function copyOf(start: string): string {
  const home = mkdtempSync(join(tmpdir(), 'dayshift-feedback-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  cpSync(start, home, { recursive: true });
  return home;
}

test('killed between any two steps from the feedback to the filed lessons, nothing is lost and nothing is there twice', async () => {
  const start = await ran();
  const whole = copyOf(start);
  const steps = await readAll(whole);
  expect(steps).toEqual(expect.arrayContaining(['lesson.proposed', 'feedback.given', 'lesson.filed']));
  const wanted = await left(whole);
  expect(wanted.said.filter(([type]) => type === 'lesson.proposed').length).toBeGreaterThanOrEqual(5);
  expect(wanted.file).toContain('# mine');
  // Read once more: nothing is new.
  await readAll(whole);
  expect(await left(whole)).toEqual(wanted);

  // Before the second and each later append, whatever was written to disk since the one before; and where a file is written in between, also
  // before that. Before the first nothing has happened.
  const points = steps.flatMap((type, index) => [
    ...(type === 'lesson.filed' ? [{ moment: 'after', nth: index }] : []),
    ...(index === 0 ? [] : [{ moment: 'before', nth: index + 1 }]),
  ]);
  for (const { moment, nth } of points) {
    const home = copyOf(start);
    const killed = await readAndDie(home, moment, nth);
    expect([moment, nth, killed.signal]).toEqual([moment, nth, 'SIGKILL']);
    await readAll(home);
    expect([moment, nth, await left(home)]).toEqual([moment, nth, wanted]);
  }
});
