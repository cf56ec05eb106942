import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll, processesWith } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const slow = '"touch started; sleep 600; exit 1"';

test.each([
  ['its checks', `checks: [${slow}]`],
  ['its setup', `setup: [${slow}]`],
])('a task that is stopped during %s is stopped at once, and nothing of it comes after', async (_, line) => {
  const home = await makeHome({
    tasks: tasks(task('a', line), task('b', 'needs: [a]')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo x > x.txt')] }, { say: 'Done.' }] }] },
  });
  const run = home.start('run', DAY);
  const started = join(home.paths.workspaces, DAY, 'a', 'checkout', 'started');
  await poll(() => (existsSync(started) ? true : undefined));
  const stopped = await home.cli('stop', 'a');
  expect(stopped.exitCode, stopped.stderr).toBe(0);
  const ended = await run;
  expect(ended.exitCode, ended.stderr).toBe(1);
  const { a, b } = (await home.state()).days[DAY]!.tasks;
  expect([a?.status, b?.status, a?.open]).toEqual(['stopped', 'stopped', false]);
  const mine = (await home.events()).filter((event) => event.task === 'a').map((event) => event.type);
  const after = mine
    .slice(mine.indexOf('task.stopped') + 1)
    .filter((type) => /^(task|attempt|check|setup|review)\./.test(type));
  expect(after).toEqual([]);
  expect(processesWith(home.paths.home)).toEqual([]);
});

test('SIGINT during checks outside an attempt parks the day at once, and the next run checks again', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'checks: ["[ -e ok ] || { touch started ok; sleep 600; }"]')),
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash('echo x > x.txt')] }, { say: 'Done.' }] }] },
  });
  const run = home.start('run', DAY);
  await poll(() => (existsSync(join(home.paths.workspaces, DAY, 'a', 'checkout', 'started')) ? true : undefined));
  run.kill('SIGINT');
  expect((await run).exitCode).toBe(3);
  expect(processesWith(home.paths.home)).toEqual([]);
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stderr).toBe(0);
  const decided = await home.of('review.decided');
  expect(decided.every((event) => event.data.decision === 'proceed')).toBe(true);
});
