import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { manualClock } from '../src/base/index.ts';
import { loadHome } from '../src/home/index.ts';
import { openJournal } from '../src/journal/index.ts';
import { scheduleOf } from '../src/schedule/index.ts';
import { DAY, makeHome, poll, type HomeOptions, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const upAt = fileURLToPath(new URL('support/up-at.ts', import.meta.url));
const done = (...ids: string[]): ScriptInput => ({
  tasks: ids.map((id) => ({ task: id, turns: [{ tools: [bash(`echo ${id} > ${id}.txt`)] }, { say: 'Done.' }] })),
});
/** Only the named entries of the built-in schedule; in a day that is DAY's. */
const only = (...names: string[]) =>
  `questions: { hold_seconds: 0 }\nschedule:\n${['morning', 'evening', 'rate', 'digest', 'clean']
    .map((name) => `  - { name: ${name}, ${names.includes(name) ? 'missed: skip' : 'cron: off'} }\n`)
    .join('')}`;

/** A daemon whose clock shows `time` (UTC) of DAY, or of another day, when it starts. */
async function upWhen(home: TestHome, time: string, point = '', day = DAY) {
  const daemon = home.startScript(upAt, [`${day}T${time}Z`, point]);
  if (point === '') await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  return { daemon };
}

async function down(home: TestHome) {
  const { exitCode, stderr } = await home.cli('down');
  expect(exitCode, stderr).toBe(0);
}

const morningHome = (more: Partial<HomeOptions> = {}) =>
  makeHome({ tasks: tasks(task('a')), script: done('a', 'b', 'deps', 'later'), config: only('morning'), ...more });

/** As if the daemon had been up before, by default an hour: what was due before it ever was is not missed. */
async function wasUp(home: TestHome, at = `${DAY}T07:00:00Z`) {
  const journal = await openJournal(home.paths, { clock: manualClock(Date.parse(at)) });
  const { config } = await loadHome({ home: home.paths.home, env: {}, cwd: '/' });
  const entries = scheduleOf(config.schedule, 'UTC').map(({ missed, ...entry }) => ({
    ...entry,
    missed: missed.kind === 'run_late' ? `run_late_until ${missed.until}` : missed.kind,
  }));
  await journal.append({ type: 'schedule.armed', data: { entries } });
  await journal.close();
}

const reported = (home: TestHome) => home.until((event) => event.type === 'day.reported');
const begun = (home: TestHome) => home.until((event) => event.type === 'day.started');

test('in the morning the day starts by itself, once, also where the daemon is killed between the claim and the start, and after it', async () => {
  const home = await morningHome();
  await wasUp(home);
  const { daemon: first } = await upWhen(home, '07:59:59', 'after:schedule.claimed');
  await first;
  expect((await home.of('schedule.claimed')).length).toBe(1);
  expect(await home.of('day.started')).toEqual([]);
  // The next daemon starts the day, and is killed; the one after it goes on, and starts nothing a second time.
  const { daemon: second } = await upWhen(home, '08:00:20', 'after:task.preparing');
  await second;
  expect((await home.of('schedule.claimed')).map((event) => event.data.try)).toEqual([1, 2]);
  expect((await home.of('day.started')).length).toBe(1);
  await upWhen(home, '08:00:40');
  await reported(home);
  expect((await home.of('day.started')).length).toBe(1);
  expect((await home.of('attempt.started')).length).toBe(1);
  expect((await home.of('schedule.ran')).length).toBe(1);
  await down(home);
});

test('nothing planned: it is asked, and the day begins as soon as the task file is there', async () => {
  const home = await morningHome();
  const file = join(home.paths.tasks, `${DAY}.yaml`);
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  await wasUp(home);
  await upWhen(home, '07:59:59');
  const opened = await home.until((event) => event.type === 'item.opened');
  expect(opened).toMatchObject({ data: { kind: 'schedule', about: { kind: 'day', date: DAY } } });
  const inbox = await home.cli('inbox');
  expect(inbox.stdout).toContain(`Nothing is planned for ${DAY}. What now?`);
  expect(inbox.stdout).toContain('Day off');
  // Half-written first, as some editors do.
  writeFileSync(file, text.slice(0, 40));
  writeFileSync(file, text);
  await home.until((event) => event.type === 'item.withdrawn');
  expect((await home.of('item.withdrawn')).map((event) => event.data.why)).toEqual(['the day has a plan now']);
  await begun(home);
});

test('nothing planned, and the answer is a day off: nothing runs, and the evening report says so, once, also where the daemon is killed as it writes and as it tells it', async () => {
  const home = await morningHome({ config: only('morning', 'evening') });
  rmSync(join(home.paths.tasks, `${DAY}.yaml`));
  await wasUp(home);
  await upWhen(home, '07:59:59');
  await home.until((event) => event.type === 'item.opened');
  expect((await home.cli('answer', 'q1', 'day off')).exitCode).toBe(0);
  await home.until((event) => event.type === 'item.delivered');
  await down(home);
  const evening = async () => (await home.of('schedule.claimed')).filter(({ data }) => data.name === 'evening');
  const reports = async () => (await home.of('notice.posted')).filter(({ data }) => data.notice === 'report');
  const { daemon: first } = await upWhen(home, '17:59:59', 'after:schedule.claimed');
  await first;
  expect([(await evening()).length, (await reports()).length]).toEqual([1, 0]);
  const { daemon: second } = await upWhen(home, '18:00:20', 'after:notice.posted');
  await second;
  expect([(await evening()).length, (await reports()).length]).toEqual([2, 1]);
  await upWhen(home, '18:00:40');
  await home.until((event) => event.type === 'schedule.ran' && event.data.name === 'evening');
  await down(home);
  await upWhen(home, '18:01:00');
  await down(home);
  expect((await evening()).map(({ data }) => data.try)).toEqual([1, 2, 3]);
  expect((await reports()).map(({ data }) => data.text)).toEqual([`Nothing ran on ${DAY}.`]);
  expect(home.report()).toContain('Nothing ran');
  expect(home.model.requests).toEqual([]);
});

test('a task file that is not valid in the morning is told with its lines, and the day begins when it is mended', async () => {
  const home = await morningHome();
  const file = join(home.paths.tasks, `${DAY}.yaml`);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('name: a', 'nmae: a'));
  await wasUp(home);
  await upWhen(home, '07:59:59');
  await home.until((event) => event.type === 'item.opened');
  expect((await home.cli('inbox')).stdout).toMatch(new RegExp(`tasks/${DAY}\\.yaml:4:\\d+`));
  writeFileSync(file, text);
  await begun(home);
});

test('unfinished tasks of yesterday, whose day is paused, are carried over by one answer, with the work done so far', async () => {
  const home = await makeHome({
    tasks: tasks(task('begun', 'deliverables: [half.txt]'), task('fresh')) + 'concurrency: 1\n',
    config: only('morning'),
    script: {
      tasks: [
        {
          task: 'begun',
          turns: [
            {
              tools: [
                bash(
                  'echo half > half.txt; touch "{{out}}/here"; until [ -e "{{out}}/go" ]; do sleep 0.1; done; echo rest > rest.txt',
                ),
              ],
            },
            { say: 'Done.' },
          ],
        },
        { task: 'fresh', turns: [{ say: 'Done.' }] },
      ],
    },
  });
  const next = '2026-11-24';
  await upWhen(home, '09:00:00');
  expect((await home.cli('start', DAY)).exitCode).toBe(0);
  await poll(() => (existsSync(join(home.paths.workspaces, DAY, 'begun', 'out', 'here')) ? true : undefined));
  expect((await home.cli('pause')).exitCode).toBe(0);
  await down(home);
  await upWhen(home, '07:59:59', '', next);
  await home.until((event) => event.type === 'item.opened');
  expect((await home.cli('inbox')).stdout).toContain(`Carry over 2 from ${DAY}`);
  expect((await home.cli('answer', 'q1', 'A')).exitCode).toBe(0);
  await home.until((event) => event.type === 'attempt.started' && event.day === next);
  const { days } = await home.state();
  expect(Object.values(days[DAY]!.tasks).map((one) => [one.status, one.reason])).toEqual([
    ['stopped', `carried over to ${next}`],
    ['stopped', `carried over to ${next}`],
  ]);
  expect(days[next]!.plan.tasks.map(({ id, origin }) => [id, origin])).toEqual([
    ['begun', { kind: 'carried', day: DAY, task: 'begun' }],
    ['fresh', { kind: 'carried', day: DAY, task: 'fresh' }],
  ]);
  await poll(() => (existsSync(join(home.paths.workspaces, next, 'begun', 'out', 'here')) ? true : undefined));
  expect(readFileSync(join(home.paths.workspaces, next, 'begun', 'checkout', 'half.txt'), 'utf8')).toBe('half\n');
  const told = home.model.requests.filter((request) => request.task === 'begun').map((one) => JSON.stringify(one.body));
  expect(told.at(-1)).toContain(`This task was begun on ${DAY} and carried over`);
  writeFileSync(join(home.paths.workspaces, next, 'begun', 'out', 'go'), '');
  await home.until((event) => event.type === 'day.reported' && event.day === next);
  // What it promised was done yesterday: there was nothing left to change.
  expect((await home.state()).days[next]!.tasks.begun).toMatchObject({ status: 'done' });
  expect((await home.cli('plan', next)).stdout).toContain(`carried over from ${DAY}`);
  await down(home);
  // Today's work is what was added today: it is not put in without yesterday's.
  const alone = await home.cli('apply', 'begun');
  expect([alone.exitCode, alone.stderr]).toEqual([1, expect.stringContaining(`${DAY}/begun`)]);
  expect(existsSync(join(home.project, 'rest.txt'))).toBe(false);
  const both = await home.cli('apply', 'begun', '--with-needs');
  expect(both.exitCode, both.stdout + both.stderr).toBe(0);
  expect(['half.txt', 'rest.txt'].map((name) => existsSync(join(home.project, name)))).toEqual([true, true]);
});

test('a morning by the clock of its zone: recurring tasks that are due run beside the file’s own, and the backlog is taken while there is room', async () => {
  const home = await morningHome();
  writeFileSync(
    home.paths.recurringFile,
    `tasks:\n${task('deps', 'every: monday')}${task('monthly', "cron: '0 8 1 * *'")}${task('a', 'every: day')}`,
  );
  writeFileSync(home.paths.backlogFile, `tasks:\n${task('later', 'estimated_complexity: low')}`);
  const plan = await home.cli('plan', DAY);
  expect(plan.exitCode, plan.stderr).toBe(0);
  expect(plan.stdout).toContain('(recurring)');
  expect(plan.stdout).toContain('Backlog: 1 task (later), taken until 17:00');
  expect(plan.stdout).toContain('a is the task file’s own today');
  const before = readFileSync(join(home.paths.tasks, `${DAY}.yaml`), 'utf8');
  await wasUp(home);
  await upWhen(home, '07:59:58.500');
  await reported(home);
  const [ran] = await home.of('schedule.ran');
  expect(ran?.data).toMatchObject({ name: 'morning', planned: `${DAY}T08:00`, ok: true });
  expect((await home.of('day.started')).map((event) => event.actor.kind)).toEqual(['daemon']);
  expect((await home.cli('schedule')).stdout).toContain(`last ${DAY} 08:00: ran`);
  const day = (await home.state()).days[DAY]!;
  expect(Object.entries(day.tasks).map(([id, one]) => [id, one.status, one.spec.origin?.kind])).toEqual([
    ['a', 'done', undefined],
    ['deps', 'done', 'recurring'],
    ['later', 'done', 'backlog'],
  ]);
  expect((await home.of('day.reported')).length).toBe(1);
  // The person's files are as they wrote them.
  expect(readFileSync(join(home.paths.tasks, `${DAY}.yaml`), 'utf8')).toBe(before);
  expect((await home.cli('plan', DAY)).stdout).not.toContain('Backlog');
  await down(home);
});

test('an evening: what was slept through is run late, skipped or asked about; then the reminder, the week and the clean-up come, once each', async () => {
  const old = '2026-11-10';
  const own = (name: string, hour: number, what: string, missed: string) =>
    `  - { name: ${name}, cron: '0 ${hour} * * *', what: ${what}, missed: ${missed} }\n`;
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: { tasks: [{ task: 'a', turns: [{ say: 'Done.' }] }] },
    config: `${only()
      .replace('name: rate, cron: off', "name: rate, cron: '0 18 * * *'")
      .replace('name: digest, cron: off', "name: digest, cron: '0 18 * * *'")
      .replace(
        'name: clean, cron: off',
        "name: clean, cron: '0 18 * * *'",
      )}${own('noon', 12, 'report', 'ask')}${own('quiet', 13, 'pause', 'skip')}${own('late', 14, 'rate', 'run_late_until 19:00')}${own('too-late', 15, 'rate', 'run_late_until 17:00')}`,
  });
  writeFileSync(join(home.paths.tasks, `${old}.yaml`), `date: ${old}\n${tasks(task('a'))}`);
  await wasUp(home, `${old}T09:00:00Z`);
  await upWhen(home, '09:00:00');
  for (const day of [old, DAY]) expect((await home.cli('start', day)).exitCode).toBe(0);
  for (const day of [old, DAY]) await home.until((event) => event.type === 'day.reported' && event.day === day);
  await down(home);
  await upWhen(home, '17:59:58');
  await home.until((event) => event.type === 'schedule.ran' && event.data.name === 'clean');
  await home.until((event) => event.type === 'schedule.ran' && event.data.name === 'digest');
  // The first is about the day before, on which nothing was up: it is taken back for the second.
  const asked = (await home.of('schedule.asked')).map(({ data }) => data);
  expect(asked.map(({ name }) => name)).toEqual(['noon', 'noon']);
  const [before, waits] = asked.map(({ item }) => item);
  expect((await home.of('item.withdrawn')).map(({ data }) => data.id)).toEqual([before]);
  expect(
    (await home.of('schedule.missed')).filter(({ data }) => data.planned.startsWith(DAY)).map(({ data }) => data.name),
  ).toEqual(['quiet', 'too-late']);
  expect((await home.cli('inbox')).stdout).toContain(`“noon” (report) was planned for ${DAY} 12:00 and did not run`);
  expect((await home.cli('answer', String(waits), 'run it now')).exitCode).toBe(0);
  await home.until((event) => event.type === 'item.delivered' && event.data.id === waits);
  await home.until((event) => event.type === 'notice.posted' && event.data.id === `answer ${String(waits)}`);
  await down(home);
  await upWhen(home, '18:00:30');
  await down(home);
  const ran = (await home.of('schedule.ran')).filter(({ data }) => data.planned.startsWith(DAY));
  expect(ran.map(({ data }) => [data.name, data.ok]).sort()).toEqual(
    ['clean', 'digest', 'late', 'rate'].map((name) => [name, true]),
  );
  const told = (await home.of('notice.posted')).filter(({ data }) => data.id === `digest ${DAY}`);
  const wanted = Object.values((await home.state()).items).filter(({ kind }) => kind === 'feedback');
  expect(wanted.map(({ about, status }) => [about, status])).toEqual([
    [{ kind: 'feedback', date: DAY, tasks: ['a'] }, 'open'],
  ]);
  expect(told.map(({ data }) => data.text)).toEqual([
    `The week to ${DAY}: 1 of 1 task done on 1 day, for $${(await cost(home)).toFixed(2)}.`,
  ]);
  expect(readFileSync(join(home.paths.results, `${DAY}-week.md`), 'utf8')).toContain(`| ${DAY} | 1 | 1 |`);
  expect([old, DAY].map((day) => existsSync(join(home.paths.workspaces, day, 'a', 'checkout')))).toEqual([false, true]);
});

const cost = async (home: TestHome) => (await home.state()).days[DAY]!.tasks.a!.spentUsd;

test('a day that runs over midnight goes on by its own budget, and the next one begins beside it', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')) + 'max_cost_usd: 7\n',
    config: `${only()}  - { name: midnight, cron: '0 0 * * *', what: clean }\n`,
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { say: 'First.', tools: [bash('touch "{{out}}/here"; until [ -e "{{out}}/go" ]; do sleep 0.1; done')] },
            { say: 'Done.', usage: { input: 100_000 } },
          ],
        },
        { task: 'b', turns: [{ say: 'Done.' }] },
      ],
    },
  });
  const next = '2026-11-24';
  writeFileSync(join(home.paths.tasks, `${next}.yaml`), `${tasks(task('b'))}max_cost_usd: 9\n`);
  await upWhen(home, '23:59:58');
  // By its name: on a slow machine it is midnight before this is typed.
  expect((await home.cli('start', DAY)).stdout).toContain(`${DAY} starts`);
  await poll(() => (existsSync(join(home.paths.workspaces, DAY, 'a', 'out', 'here')) ? true : undefined));
  await home.until((event) => event.type === 'schedule.claimed' && event.data.name === 'midnight');
  expect((await home.cli('start')).stdout).toContain(`${next} starts`);
  await home.until((event) => event.type === 'day.reported' && event.day === next);
  writeFileSync(join(home.paths.workspaces, DAY, 'a', 'out', 'go'), '');
  await home.until((event) => event.type === 'day.reported' && event.day === DAY);
  const { days } = await home.state();
  const settled = await home.of('model.settled');
  const spentOn = (date: string) =>
    settled.filter(({ day }) => day === date).reduce((sum, { data }) => sum + data.usd, 0);
  expect(days[DAY]!.tasks.a!.spentUsd).toBeCloseTo(spentOn(DAY));
  expect([days[DAY]!.limitUsd, days[next]!.limitUsd]).toEqual([7, 9]);
  expect(spentOn(DAY)).toBeGreaterThan(spentOn(next));
  await down(home);
});
