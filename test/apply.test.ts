import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const turns = (id: string, command: string) => ({ task: id, turns: [{ tools: [bash(command)] }, { say: 'Done.' }] });

test('work goes in after the work that it needs; a secret in it needs --force; a conflict says once that nothing changed', async () => {
  const home = await makeHome({
    tasks: tasks(task('discount'), task('invoice', 'needs: [discount]'), task('leak', 'env: { SEC: $SEC }')),
    script: {
      tasks: [
        turns('discount', 'echo discount > price.txt'),
        turns('invoice', 'echo invoice >> price.txt'),
        turns('leak', 'echo "key=$SEC" > key.txt'),
      ],
    },
  });
  home.env.SEC = 'sup3r-s3cret-value';
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);

  // What is needed comes first.
  const early = await home.cli('apply', 'invoice');
  expect(early.exitCode).toBe(1);
  expect(early.stderr).toContain('apply discount first (dayshift apply discount)');
  expect(existsSync(join(home.project, 'price.txt'))).toBe(false);
  const both = await home.cli('apply', 'invoice', '--with-needs');
  expect(both.exitCode, both.stderr).toBe(0);
  expect(readFileSync(join(home.project, 'price.txt'), 'utf8')).toBe('discount\ninvoice\n');

  // A secret is told wherever the work is looked at, and goes in only by force.
  const warning = 'the work contains the value of $SEC in key.txt';
  expect(home.report()).toContain('its work contains the value of $SEC in `key.txt`');
  expect(home.report()).not.toContain('sup3r');
  expect((await home.cli('diff', 'leak')).stderr).toContain(warning);
  const refused = await home.cli('apply', 'leak');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(warning);
  expect(existsSync(join(home.project, 'key.txt'))).toBe(false);

  // A conflict.
  writeFileSync(join(home.project, 'key.txt'), 'the person’s own\n');
  const conflict = await home.cli('apply', 'leak', '--force');
  expect(conflict.exitCode).toBe(1);
  expect(conflict.stderr.match(/nothing was changed/gi)).toHaveLength(1);
  expect(conflict.stderr).toContain('Next: commit or put aside');
  writeFileSync(join(home.project, 'key.txt'), 'key=sup3r-s3cret-value\n');
  expect((await home.cli('apply', 'leak', '--force')).exitCode).toBe(0);

  // After clean, all that is left is named.
  for (const id of ['discount', 'invoice', 'leak']) expect((await home.cli('clean', id)).exitCode).toBe(0);
  const patch = `results/${DAY}/discount.patch`;
  const diff = await home.cli('diff', 'discount');
  expect(diff.stderr).toContain(`its workspace was cleaned; its work is in ${patch}`);
  expect(diff.stdout).toBe(readFileSync(join(home.paths.home, patch), 'utf8').trimEnd());
  const back = await home.cli('rollback', 'discount');
  expect(back.exitCode).toBe(1);
  expect(back.stderr).toContain(`its workspace was cleaned; its work is in ${patch}`);
  expect((await home.cli('stop', 'discount')).stderr).toContain(
    `is done already. discount: its workspace was cleaned; its work is in ${patch}`,
  );
  await home.git('stash', '-u');
  const again = await home.cli('apply', 'discount');
  expect(again.exitCode, again.stderr).toBe(0);
});
