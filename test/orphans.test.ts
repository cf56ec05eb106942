import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, makeHome, poll, processesWith, writtenDown, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

/** What people and agents do to keep a process alive, and then a command that does not end. */
const leaving = [
  'setsid sh -c "while :; do sleep 0.2; done" > /dev/null 2>&1 &',
  'nohup sh -c "while :; do sleep 0.2; done" > /dev/null 2>&1 &',
  '( ( setsid sh -c "while :; do sleep 0.2; done" > /dev/null 2>&1 & ) & )',
  'sh -c "trap \'\' TERM INT HUP; while :; do sleep 0.2; done" > /dev/null 2>&1 &',
].join('\n');
const stays = `${leaving}\ntouch "{{out}}/here"\nuntil [ -e "{{out}}/go" ]; do sleep 0.1; done`;

async function atWork(options: {
  task?: string[];
  config?: string;
}): Promise<{ home: TestHome; run: ReturnType<TestHome['start']>; alive: () => boolean }> {
  const home = await makeHome({
    tasks: tasks(task('a', 'retries: 0', ...(options.task ?? []))),
    config: `questions: { hold_seconds: 0 }\n${options.config ?? ''}`,
    script: { tasks: [{ task: 'a', turns: [{ tools: [bash(stays)] }, { say: 'Done.' }] }] },
  });
  // Somebody else's process, which looks like an agent's in all but the mark.
  const strangers = execa('sleep', ['600'], {
    cwd: home.project,
    env: { CLAUDE_CONFIG_DIR: '/nowhere' },
    reject: false,
  });
  onTestFinished(() => void strangers.kill());
  const run = home.start('run', DAY);
  await poll(() => (existsSync(join(home.paths.workspaces, DAY, 'a/out/here')) ? true : undefined));
  await writtenDown(home, 'a');
  expect(processesWith(home.paths.workspaces).length).toBeGreaterThan(4);
  return { home, run, alive: () => process.kill(strangers.pid!, 0) };
}

/** The processes that see this home's checkouts: the daemon itself is none of them once it has ended. */
const gone = (home: TestHome) =>
  poll(() => (processesWith(home.paths.workspaces).length === 0 ? true : undefined), 10_000);

for (const mode of ['bubblewrap', 'none']) {
  const config = `sandbox: { mode: ${mode} }\n`;
  test(`nothing is left of an attempt that is stopped or paused (sandbox: ${mode})`, async () => {
    const { home, run, alive } = await atWork({ config });
    expect((await home.cli('pause', 'a')).exitCode).toBe(0);
    expect((await run).exitCode).toBe(3);
    expect(processesWith(home.paths.workspaces)).toEqual([]);
    expect((await home.cli('resume', 'a')).exitCode).toBe(0);
    const again = home.start('run', DAY);
    await home.until((event) => event.type === 'agent.tool' && event.attempt === 2);
    expect((await home.cli('stop', 'a')).exitCode).toBe(0);
    expect((await again).exitCode).toBe(1);
    expect(alive()).toBe(true);
    expect(processesWith(home.paths.workspaces)).toEqual([]);
  });

  test(`nothing is left after SIGINT, and after kill -9 of Dayshift the next run ends the rest (sandbox: ${mode})`, async () => {
    const { home, run, alive } = await atWork({ config });
    run.kill('SIGKILL');
    await run;
    // Inside bubblewrap nobody outlives the daemon; without it the next start finds what carries the mark.
    if (mode === 'bubblewrap') await gone(home);
    const again = home.start('run', DAY);
    await home.until((event) => event.type === 'agent.tool' && event.attempt === 2);
    again.kill('SIGINT');
    expect((await again).exitCode).toBe(3);
    expect(alive()).toBe(true);
    expect(processesWith(home.paths.workspaces)).toEqual([]);
  });

  test(`nothing is left of an attempt whose time is used up (sandbox: ${mode})`, async () => {
    const { home, run, alive } = await atWork({ config, task: ['timeout: 0.05'] });
    expect((await run).exitCode).toBe(1);
    expect((await home.of('attempt.ended')).map((event) => event.data.end)).toEqual(['timeout']);
    expect(alive()).toBe(true);
    expect(processesWith(home.paths.workspaces)).toEqual([]);
  });
}
