import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callRunning } from '../src/daemon/call-running.ts';
import { DAY, makeHome, poll, processesWith } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

test('a task that is stopped during its setup or its checks is stopped at once, and nothing of it comes after; SIGINT during checks parks the day, and the next run checks again', async () => {
  const slow = '"touch started; sleep 600; exit 1"';
  const home = await makeHome({
    tasks: tasks(
      task('setup', `setup: [${slow}]`),
      task('checks', `checks: [${slow}]`),
      task('after', 'needs: [checks]'),
      task('goes-on', 'checks: ["[ -e ok ] || { touch ok started; sleep 600; }"]'),
    ),
    script: { tasks: [{ match: 'Task:', turns: [{ tools: [bash('echo x > x.txt')] }, { say: 'Done.' }] }] },
  });
  const run = home.start('run', DAY);
  const folder = (id: string) => join(home.paths.workspaces, DAY, id);
  for (const id of ['setup', 'checks', 'goes-on'])
    await poll(() => (existsSync(join(folder(id), 'checkout/started')) ? true : undefined));
  for (const id of ['setup', 'checks']) {
    const stopped = await home.cli('stop', id);
    expect(stopped.exitCode, stopped.stderr).toBe(0);
  }
  run.kill('SIGINT');
  expect((await run).exitCode).toBe(3);
  expect(processesWith(home.paths.home)).toEqual([]);
  const { tasks: ended } = (await home.state()).days[DAY]!;
  expect(['setup', 'checks', 'after'].map((id) => [ended[id]?.status, ended[id]?.open])).toEqual(
    Array(3).fill(['stopped', false]),
  );

  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stderr).toBe(1);
  expect((await home.state()).days[DAY]?.tasks['goes-on']?.status).toBe('done');
  const decided = await home.of('review.decided');
  expect(decided.map((event) => `${event.task} ${event.data.decision}`)).toEqual(['goes-on proceed']);
  for (const id of ['setup', 'checks']) {
    const mine = (await home.events()).filter((event) => event.task === id).map((event) => event.type);
    const after = mine.slice(mine.indexOf('task.stopped') + 1);
    expect(after.filter((type) => /^(task|attempt|check|setup|review)\./.test(type))).toEqual([]);
  }
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
