import { chmodSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, type HomeOptions, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const script: HomeOptions['script'] = {
  tasks: [{ match: 'Task:', turns: [{ tools: [bash('echo 1 > a.txt')] }, { say: 'Done.' }] }],
};
const cli = realpathSync(new URL('../node_modules/.bin/claude', import.meta.url).pathname);

/** A CLI that starts the real one with other arguments: what a version would be that knows a flag no more. */
function wrapper(folder: string, change: string): string {
  const file = join(folder, 'claude');
  writeFileSync(file, `#!/bin/bash\nargs=()\n${change}\nexec ${cli} "\${args[@]}"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A home whose CLI is another, changed by `change`: what its first run came to. */
async function pausedBy(change: string, why: RegExp): Promise<{ home: TestHome; mend: () => void }> {
  const home = await makeHome({ tasks: tasks(task('a'), task('b')), script, unproved: true });
  const file = wrapper(join(home.paths.home, '..', 'user'), change);
  const config = `timezone: UTC\nprojects: [{ name: app, path: ../project }]\nagent: { command: ${file} }\nsandbox: { read: [${join(cli, '..')}] }\n`;
  writeFileSync(home.paths.configFile, config);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stdout + run.stderr).toBe(3);
  expect(run.stderr).toContain('NO AGENT IS STARTED');
  expect(home.model.requests).toEqual([]);
  expect((await home.of('cli.unproved'))[0]?.data.problems.join()).toMatch(why);
  const state = await home.state();
  expect(state.days[DAY]).toMatchObject({ status: 'paused', pauseReason: expect.stringMatching(why) as string });
  expect(Object.values(state.items)).toMatchObject([{ kind: 'canary', status: 'open' }]);
  return { home, mend: () => writeFileSync(home.paths.configFile, config.replace(/agent:.*\n/, '')) };
}

test.each([
  [
    'hooks that are not asked',
    'while (($#)); do if [ "$1" = --settings ]; then shift; else args+=("$1"); fi; shift; done; args+=(--allowedTools Bash,Write)',
    /a call ran without a hook \(refused-1\.txt\)/,
  ],
  [
    'settings of the agent’s own that count',
    'while (($#)); do if [ "$1" = --setting-sources ]; then shift; args+=(--setting-sources user,project,local); else args+=("$1"); fi; shift; done',
    /a call ran without a hook|hooks did not fire/,
  ],
])('a CLI with %s starts no agent: the day pauses and says why', async (_, change, why) => {
  await pausedBy(change, why);
});

test('a CLI that ends before anything starts no agent; another is shown, once and before its first task, to keep to its hooks, and nothing is spent', async () => {
  const { home, mend } = await pausedBy('echo "too old" >&2; exit 3', /nothing can be said: .*too old/);
  mend();
  expect((await home.cli('answer', 'q1', 'Try again')).exitCode).toBe(0);
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stdout + again.stderr).toBe(0);
  const proved = await home.of('cli.proved');
  expect(proved).toMatchObject([{ data: { sandbox: 'bubblewrap', defers: true } }]);
  expect(proved[0]!.seq).toBeLessThan((await home.of('attempt.intended'))[0]!.seq);
  expect((await home.of('model.reserved')).length).toBe(home.model.requests.length);
  // Another run of the same home asks no more.
  expect((await home.cli('retry', 'a')).exitCode).toBe(0);
  await home.cli('run', DAY);
  expect(await home.of('cli.proved')).toHaveLength(1);
});
