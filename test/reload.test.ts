import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const upAt = fileURLToPath(new URL('support/up-at.ts', import.meta.url));
const quiet = ['morning', 'evening', 'rate', 'digest', 'clean'].map((name) => `  - { name: ${name}, cron: off }\n`);
const config = `questions: { hold_seconds: 0 }\nbacklog: { until: '12:00' }\nschedule:\n${quiet.join('')}`;

/** A home whose first task works until the test lets it go, under a daemon that shows 09:00 of DAY. */
async function running(...others: string[]) {
  const home = await makeHome({
    tasks: `${tasks(task('held'), ...others)}concurrency: 1\n`,
    config,
    script: {
      tasks: [
        {
          task: 'held',
          turns: [
            { tools: [bash('touch "{{out}}/here"; until [ -e "{{out}}/go" ]; do sleep 0.1; done')] },
            { say: 'Done.' },
          ],
        },
        ...['waits', 'new', 'late', 'again'].map((id) => ({
          task: id,
          turns: [{ tools: [bash(`echo ${id} > ${id}.txt`)] }, { say: 'Done.' }],
        })),
      ],
    },
  });
  void home.startScript(upAt, [`${DAY}T09:00:00Z`]);
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  const out = join(home.paths.workspaces, DAY, 'held', 'out');
  const file = join(home.paths.tasks, `${DAY}.yaml`);
  const write = (...all: string[]) => writeFileSync(file, `date: ${DAY}\n${tasks(...all)}concurrency: 1\n`);
  const begin = async () => {
    expect((await home.cli('start')).exitCode).toBe(0);
    await poll(() => (existsSync(join(out, 'here')) ? true : undefined));
  };
  return { home, file, write, begin, letGo: () => writeFileSync(join(out, 'go'), '') };
}

const told = (home: TestHome, text: string | RegExp) =>
  home.until((event) => event.type === 'notice.posted' && new RegExp(text).test(event.data.text));

async function down(home: TestHome) {
  const { exitCode, stderr } = await home.cli('down');
  expect(exitCode, stderr).toBe(0);
}

test('while its day runs, today’s file is read again: what is broken is told with its line, added tasks start, removed ones go, begun ones stay as they are', async () => {
  const { home, file, write, begin, letGo } = await running(task('waits'));
  await begin();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text}nonsense: [\n`);
  await told(home, `^tasks/${DAY}\\.yaml:\\d+:\\d+  not valid YAML`);
  expect((await home.state()).days[DAY]?.status).toBe('running');
  write(task('held', 'priority: low'), task('new'));
  const notice = await told(home, 'added');
  expect(notice).toMatchObject({
    day: DAY,
    data: {
      text: `tasks/${DAY}.yaml: added: new; removed: waits; begun already, so that its changes are ignored: held.`,
    },
  });
  letGo();
  await home.until((event) => event.type === 'day.reported');
  const { tasks: all } = (await home.state()).days[DAY]!;
  expect(Object.values(all).map((one) => [one.spec.id, one.status])).toEqual([
    ['held', 'done'],
    ['new', 'done'],
    // Its checkout was made ahead.
    ['waits', 'stopped'],
  ]);
  // When the day is over, a task that is added sets it going again; that somebody only edits what is done already does not.
  write(task('held', 'priority: high'), task('new'));
  await told(home, 'its changes are ignored: held\\.$');
  write(task('held', 'priority: high'), task('new'), task('late'));
  await home.until((event) => event.type === 'task.done' && event.task === 'late');
  await poll(async () => ((await home.of('day.reported')).length === 2 ? true : undefined));
  // So does a task that comes again.
  writeFileSync(home.paths.recurringFile, tasks(task('again', 'every: day')));
  await told(home, '^config/recurring\\.yaml: added: again');
  await poll(async () => ((await home.of('day.reported')).length === 3 ? true : undefined));
  expect((await home.of('attempt.started')).map((event) => event.task)).toEqual(['held', 'new', 'late', 'again']);
  await down(home);
});

test('settings that are changed count at once; what is not valid is told with file, line and column, and the old ones stay', async () => {
  const { home } = await running();
  const text = readFileSync(home.paths.configFile, 'utf8');
  const lines = text.trimEnd().split('\n').length;
  writeFileSync(home.paths.configFile, `${text}concurency: 2\n`);
  await told(home, `^config/dayshift\\.yaml:${lines + 1}:1  concurency: .*\nThe settings stay as they were\\.$`);
  writeFileSync(home.paths.configFile, `${text}concurrency: [\n`);
  await told(home, `^config/dayshift\\.yaml:\\d+:\\d+ `);
  writeFileSync(
    home.paths.configFile,
    `${text}  - { name: soon, cron: '* * * * *', what: clean }\nbudget: { day_usd: 12 }\n`,
  );
  await told(home, 'new settings');
  await home.until(
    (event) => event.type === 'schedule.armed' && event.data.entries.some(({ name }) => name === 'soon'),
  );
  expect((await home.cli('start')).stdout).toContain('up to $12.00');
  await down(home);
});

test('a backlog that is broken is told with its line; mended, its task is taken at once where a slot is empty, and what cannot be done by its hour is left', async () => {
  const { home, file, begin, letGo } = await running();
  await begin();
  writeFileSync(file, readFileSync(file, 'utf8').replace('concurrency: 1', 'concurrency: 2'));
  await told(home, 'up to 2 at the same time');
  writeFileSync(home.paths.backlogFile, 'tasks:\n  - nmae: x\n');
  await told(home, '^tasks/backlog\\.yaml:2:\\d+');
  const [long, short] = [task('waits', 'estimated_complexity: high'), task('new', 'estimated_complexity: low')];
  writeFileSync(home.paths.backlogFile, tasks(long, short));
  await home.until((event) => event.type === 'task.done' && event.task === 'new');
  expect((await home.state()).days[DAY]!.tasks.held!.status).toBe('working');
  letGo();
  await home.until((event) => event.type === 'day.reported');
  expect(Object.keys((await home.state()).days[DAY]!.tasks)).toEqual(['held', 'new']);
  await down(home);
});
