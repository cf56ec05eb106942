import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';
import { askTool, task, tasks } from './support/turns.ts';

test('a rehearsed day that waits for an answer goes on in its own home, with its script', async () => {
  const home = await makeHome({ tasks: tasks(task('a')), script: { tasks: [] } });
  const script = join(home.paths.home, 'script.yaml');
  writeFileSync(script, stringify({ tasks: [{ task: 'a', turns: [{ tools: [askTool()] }, { say: 'Done.' }] }] }));
  const first = await home.cli('run', DAY, '--rehearse', '--script', script);
  expect(first.exitCode, first.stderr).toBe(3);
  const there = /^A rehearsal, in (\S+):/.exec(first.stdout)![1]!;
  expect(first.stdout).toContain(`dayshift --home ${there} run ${DAY}`);
  const inbox = JSON.parse((await home.cli('--home', there, 'inbox', '--json')).stdout) as {
    id: string;
    task: string;
  }[];
  const item = inbox.find((one) => one.task === 'a')!.id;
  expect((await home.cli('--home', there, 'answer', item, 'B')).exitCode).toBe(0);
  const second = await home.cli('--home', there, 'run', DAY);
  expect(second.stderr).toBe('');
  expect(second.exitCode).toBe(0);
  expect(second.stdout).toMatch(/a +done\n/);
  // Nothing of it is in the real home.
  expect((await home.state()).days[DAY]).toBeUndefined();
});
