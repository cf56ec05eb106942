import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { put } from '../../test/support/git-project.ts';
import { by } from '../../test/support/open-work-home.ts';
import { workHome, type WorkHome } from '../../test/support/work-home.ts';
import { DAY } from '../journal/spec.testing.ts';

const ten = Array.from({ length: 10 }, (_, index) => `added ${index}`);
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const edit = (checkout: string) => put(join(checkout, 'new.txt'), text(ten));

const look = (home: WorkHome) => home.call((operator) => operator.survival({}, by));
const seen = async (home: WorkHome) =>
  (await home.events('work.survived')).map(({ task, data }) => [
    task,
    data.where,
    `${data.standing}/${data.added}`,
    data.committed,
  ]);

test('what a person changes of applied work is noticed before the commit and after it, and written down once each', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit }]);
  expect((await look(home)).message).toContain('Nothing was taken over');
  await home.call((operator) => operator.apply({ task: 'a' }, by));
  expect((await look(home)).message).toContain('10 of 10 added lines stand in your checkout (100 %), not committed');
  home.write('new.txt', text(['mine', ...ten.slice(2)]));
  await look(home);
  await look(home);
  home.git('add', '-A');
  home.git('commit', '-qm', 'mine');
  await look(home);
  home.write('new.txt', text(ten.slice(6)));
  const told = await look(home);
  expect(told).toMatchObject({ data: { added: 10, standing: 4 } });
  expect(await seen(home)).toEqual([
    ['a', 'checkout', '10/10', 0],
    ['a', 'checkout', '8/10', 0],
    ['a', 'checkout', '8/10', 8],
    ['a', 'checkout', '4/10', 4],
  ]);
});

test('a branch counts where it is, until its work is in HEAD; work that is nowhere to be seen is told as that', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit }]);
  await home.call((operator) => operator.branch({ task: 'a' }, by));
  await look(home);
  home.git('checkout', '-q', `dayshift/${DAY}/a`);
  home.write('new.txt', text(ten.slice(5)));
  home.git('commit', '-qam', 'half of it');
  home.git('checkout', '-q', 'main');
  await look(home);
  home.git('merge', '-q', `dayshift/${DAY}/a`);
  home.git('branch', '-q', '-D', `dayshift/${DAY}/a`);
  await look(home);
  home.git('reset', '-q', '--hard', 'HEAD~2');
  expect((await look(home)).message).toContain('none of 10 added lines stands in your checkout (undone, put aside');
  expect(await seen(home)).toEqual([
    ['a', 'branch', '10/10', 10],
    ['a', 'branch', '5/10', 5],
    ['a', 'checkout', '5/10', 5],
    ['a', 'checkout', '0/10', 0],
  ]);
});

test('work that was committed and made a branch of is looked for where it was committed', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit }]);
  home.write('other.txt', 'mine\n');
  home.git('add', '-A');
  home.git('commit', '-qm', 'mine');
  await home.call((operator) => operator.commit({ task: 'a' }, by));
  await home.call((operator) => operator.branch({ task: 'a' }, by));
  home.write('new.txt', text(ten.slice(1)));
  home.git('commit', '-qam', 'mine');
  expect((await look(home)).message).toContain('9 of 10 added lines stand in your checkout (90 %)');
});

test('stars given before the work was written anew no longer speak for a lesson; the reports say what was seen', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit }]);
  const ref = { day: DAY, task: 'a' };
  const lesson = {
    ...{ id: 'l1', text: 'Write it so', does: { kind: 'instruction' as const }, scope: {}, status: 'trial' as const },
    ...{ created: DAY, from: { file: 'f', line: 1, date: DAY } },
  };
  await home.call((_operator, { journal }) =>
    journal.append(
      { type: 'lesson.proposed', ...ref, data: { lesson } },
      {
        ...{ type: 'lesson.applied', ...ref },
        data: { lessons: [{ id: 'l1', text: lesson.text, does: lesson.does, status: 'trial', held: false }] },
      },
    ),
  );
  await home.call((operator) => operator.commit({ task: 'a' }, by));
  await home.call((operator) => operator.rate({ task: 'a', stars: 5 }, by));
  const effects = async () => (await home.events('lesson.judged')).map(({ data }) => data.effect);
  expect(await effects()).toEqual(['helpful']);
  home.write('new.txt', text(['all', 'of', 'it', 'mine', ...ten.slice(8)]));
  await look(home);
  await look(home);
  expect(await effects()).toEqual(['helpful', 'neutral']);
  expect((await home.events('lesson.judged')).at(-1)?.data.why).toBe('5 stars, but 2 of 10 added lines still stand');
});

test('a project that is gone, and one without git, keep nobody from looking at the others', async () => {
  const home = workHome({ 'a.txt': 'a\n' });
  await home.done([{ id: 'a', edit }]);
  await home.call((operator) => operator.apply({ task: 'a' }, by));
  rmSync(join(home.path, '.git'), { recursive: true });
  expect((await look(home)).message).toContain('10 of 10 added lines stand');
  writeFileSync(
    join(home.homeDir, 'config/dayshift.yaml'),
    'timezone: UTC\nprojects: [{ name: app, path: ../gone }]\n',
  );
  expect((await look(home)).message).toContain('could not be looked at');
  expect(await seen(home)).toHaveLength(1);
});
