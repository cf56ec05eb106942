import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll, type TestHome } from './support/home.ts';
import { bash, task, tasks, writeFile } from './support/turns.ts';

async function up(home: TestHome) {
  const daemon = home.start('up');
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  return { daemon };
}

const again = [{ tools: [writeFile('{{workspace}}/src/a.txt', 'again\n')] }, { tools: [bash('rm -r src')] }];

test('an approval for the task outlives a kill -9 while it is asked, and a retry: the same command is asked about once', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    files: { 'README.md': '# Sample\n', 'src/a.txt': 'a\n' },
    script: {
      tasks: [
        { task: 'a', turns: [{ tools: [bash('rm -r src')] }, { say: 'Done.' }, ...again, { say: 'Done again.' }] },
      ],
    },
  });
  const first = await up(home);
  await home.cli('start', DAY);
  const { data } = (await home.until(({ type }) => type === 'item.opened')) as { data: { id: string; kind: string } };
  expect(data.kind).toBe('approval');
  first.daemon.kill('SIGKILL');
  await first.daemon;
  // It left its socket behind, which nobody serves.
  rmSync(home.paths.controlSocket, { force: true });

  const second = await up(home);
  const answered = await home.cli('answer', data.id, 'Always allow it in this task');
  expect(answered.exitCode, answered.stderr).toBe(0);
  await home.until(({ type }) => type === 'task.done');
  const checkout = join(home.paths.workspaces, DAY, 'a', 'checkout');
  expect(existsSync(join(checkout, 'src'))).toBe(false);
  await home.cli('down');
  await second.daemon;

  const third = await up(home);
  const retried = await home.cli('retry', 'a');
  expect(retried.exitCode, retried.stderr).toBe(0);
  await home.cli('start', DAY);
  await poll(async () => ((await home.of('task.done')).length === 2 ? true : undefined));
  expect(existsSync(join(checkout, 'src'))).toBe(false);
  expect(await home.of('item.opened')).toHaveLength(1);
  const allowed = (await home.of('guard.decided')).filter(({ data: one }) => one.decision === 'allow');
  expect(allowed.map(({ data: one }) => one.item)).toEqual([data.id, data.id]);
  await home.cli('down');
  await third.daemon;
});
