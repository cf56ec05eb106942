import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callRunning } from '../src/daemon/call-running.ts';
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
    tasks: tasks(task('a', 'checks: ["[ -e ok ] || { touch ok started; sleep 600; }"]')),
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

test('a CLI that is parked, paused, or ended with the daemon, forgets no answer that its model gave', async () => {
  const turns = Array.from({ length: 7 }, (_, n) => ({
    say: `Step ${n}`,
    tools: [bash(`echo ${n} >> steps.txt`)],
    usage: { input: n === 0 ? 500_000 : 1 },
  }));
  const home = await makeHome({
    tasks: tasks(task('a', 'max_cost_usd: 2')),
    script: { tasks: [{ task: 'a', turns: [...turns, { say: 'Done.' }] }] },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect((await home.cli('answer', 'q1', 'raise to $50')).exitCode).toBe(0);
  const paid = () =>
    home.model.requests.flatMap((one) => (one.task === 'a' && one.message !== undefined ? [one.message] : []));
  const by = { kind: 'person', via: 'cli' } as const;
  for (const end of ['SIGINT', ['a'], []] as const) {
    const before = paid().length;
    const run = home.start('run', DAY);
    // At the very moment at which an answer has come: the CLI has it, and has not written it down.
    await poll(() => (paid().length > before ? true : undefined));
    if (end === 'SIGINT') run.kill(end);
    else expect(await callRunning(home.paths, 'pause', { task: end[0], day: DAY }, by)).toMatchObject({ ok: true });
    expect((await run).exitCode).toBe(3);
    if (end !== 'SIGINT') expect((await home.cli('resume', ...end)).exitCode).toBe(0);
  }
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  const last = JSON.stringify(home.model.requests.findLast((one) => one.task === 'a')?.body);
  const forgotten = paid().filter(
    (message, at, all) => at < all.length - 1 && !last.includes(message.slice('msg_'.length)),
  );
  expect(forgotten).toEqual([]);
  expect((await home.of('attempt.ended')).map(({ data }) => data.end)).toEqual([
    ...Array<string>(4).fill('parked'),
    'finished',
  ]);
  // Each answer is paid, and none twice.
  expect((await home.of('model.settled')).map(({ data }) => data.message).sort()).toEqual(paid().sort());
});
