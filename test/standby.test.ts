import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll, processesWith, type TestHome } from './support/home.ts';
import { bash, task } from './support/turns.ts';

/** The bwrap process of a task's CLI, which is there before anything is written down of it. */
function sandboxOf(home: TestHome, id: string): number | undefined {
  const mark = join(home.paths.workspaces, DAY, id, 'own/settings.json');
  const found = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      return /^[^\0]*bwrap\0/.test(line) && line.includes(mark);
    } catch {
      return false; // gone meanwhile
    }
  });
  return found.length === 0 ? undefined : Math.min(...found.map(Number));
}

test('the next agent stands by while work is checked: it is taken as it is, made anew where something changed, gone with the daemon', async () => {
  const waits = 'checks: ["until [ -e go ]; do sleep 0.05; done"]';
  const home = await makeHome({
    tasks: `concurrency: 1\ntasks:\n${task('a', waits)}${task('b', waits)}${task('c')}`,
    script: { tasks: ['a', 'b', 'c'].map((id) => ({ task: id, turns: [{ tools: [bash('echo x > x.txt')] }] })) },
  });
  const go = (id: string) => writeFileSync(join(home.paths.workspaces, DAY, id, 'checkout/go'), '');
  const started = async (id: string) => (await home.of('attempt.started')).filter((event) => event.task === id);

  const first = home.start('run', DAY);
  await poll(() => sandboxOf(home, 'b'));
  first.kill('SIGKILL');
  await first;

  const run = home.start('run', DAY);
  // Killed as it was being made, it was there still.
  const left = sandboxOf(home, 'b');
  const b = await poll(() => [sandboxOf(home, 'b')].find((pid) => pid !== left));
  expect((await home.of('attempt.intended')).filter((event) => event.task === 'b')).toEqual([]);
  // The next agent may be there before the work that is begun anew has a checkout.
  await poll(async () => ((await home.state()).days[DAY]?.tasks.a?.status === 'checking' ? true : undefined));
  go('a');
  const c = await poll(() => sandboxOf(home, 'c'));
  appendFileSync(join(home.paths.config, 'orchestrator_rules.md'), '\nSpeak like a pirate.\n');
  go('b');
  const { exitCode, stderr } = await run;
  expect(exitCode, stderr).toBe(0);

  expect((await started('b')).map((event) => event.data.pid)).toEqual([b]);
  expect(await started('c')).toHaveLength(1);
  expect((await started('c'))[0]?.data.pid).not.toBe(c);
  const heard = home.model.requests.find((request) => request.task === 'c')?.body;
  expect(JSON.stringify(heard)).toContain('Speak like a pirate.');
  expect(processesWith(home.paths.home)).toEqual([]);
  const events = await home.events();
  const proved = events.findIndex((event) => event.task === 'b' && event.type === 'canary.passed');
  const asked = events.findIndex((event) => event.task === 'b' && event.type === 'model.reserved');
  expect(proved).toBeGreaterThan(0);
  expect(proved).toBeLessThan(asked);
});
