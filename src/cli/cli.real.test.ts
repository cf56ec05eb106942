import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../base/testing.ts';
import { call } from './testing.ts';

test('in bash, commands, options, tasks and shells are completed', async () => {
  const folder = newFolder('cli');
  const { out: script } = await call(['completion', 'bash']);
  await writeFile(join(folder, 'dayshift.sh'), script);
  // The command that asks for tasks' ids is played by a function of the shell.
  const program = `. ./dayshift.sh
dayshift() { case "$1 $2" in 'status --ids') printf 'pagination\\nprices\\n' ;; 'inbox --ids') echo q7 ;; esac; }
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dayshift; echo "\${COMPREPLY[*]}"; }
try dayshift re; try dayshift status --; try dayshift apply p; try dayshift answer ''; try dayshift completion ''; try dayshift run tod
complete -p dayshift`;
  const said = execFileSync('bash', ['--norc', '-uc', program], { cwd: folder, encoding: 'utf8' });
  expect(said.trim().split('\n')).toEqual([
    'resume retry report',
    '--watch --json --ids --help --home',
    'pagination prices',
    'q7',
    'bash zsh fish',
    'today',
    'complete -F _dayshift dayshift',
  ]);
});

test('doctor prints its findings as JSON', async () => {
  const home = newFolder('cli');
  await call(['init', home]);
  const { out } = await call(['doctor', '--json'], { cwd: home });
  expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ name: 'node', ok: 'ok' }));
});
