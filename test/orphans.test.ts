import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { DAY, makeHome, poll, processesWith, writtenDown, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

/** What people and agents do to keep a process alive. */
const leaving = [
  'setsid sh -c "while :; do sleep 5; done" > /dev/null 2>&1 &',
  'nohup sh -c "while :; do sleep 5; done" > /dev/null 2>&1 &',
  '( ( setsid sh -c "while :; do sleep 5; done" > /dev/null 2>&1 & ) & )',
  'sh -c "trap \'\' TERM INT HUP; while :; do sleep 5; done" > /dev/null 2>&1 &',
].join('\n');
/** Then a command that does not end. */
const stays = `${leaving}\ntouch "{{out}}/here"\nsleep 600`;

/** The processes that see this task's checkout: the daemon itself is none of them. */
const processesOf = (home: TestHome, id: string) => processesWith(join(home.paths.workspaces, DAY, id));
/** Resolves when the agent of a task has left what it leaves, and its conversation is written down. */
async function atWork(home: TestHome, id: string): Promise<void> {
  await poll(() => (existsSync(join(home.paths.workspaces, DAY, id, 'out/here')) ? true : undefined));
  await writtenDown(home, id);
  expect(processesOf(home, id).length).toBeGreaterThan(4);
  rmSync(join(home.paths.workspaces, DAY, id, 'out/here'));
}

test.each(['bubblewrap', 'none'])(
  'nothing is left of an attempt, however it ends: out of time, paused, stopped, by SIGINT, or by kill -9 of Dayshift (sandbox: %s)',
  async (mode) => {
    const ids = ['late', 'paused', 'stopped', 'killed'];
    const home = await makeHome({
      tasks: tasks(...ids.map((id) => task(id, 'retries: 0', ...(id === 'late' ? ['timeout: 0.2'] : [])))),
      config: `concurrency: 4\nquestions: { hold_seconds: 0 }\nsandbox: { mode: ${mode} }\n`,
      script: { tasks: ids.map((id) => ({ task: id, turns: [{ tools: [bash(stays)] }, { say: 'Done.' }] })) },
    });
    // Somebody else's process, which looks like an agent's in all but the mark.
    const env = { CLAUDE_CONFIG_DIR: '/nowhere' };
    const strangers = execa('sleep', ['600'], { cwd: home.project, env, reject: false });
    onTestFinished(() => void strangers.kill());

    // What Dayshift itself still does in a checkout, its git, is over in a moment.
    const gone = (id: string) => poll(() => (processesOf(home, id).length === 0 ? true : undefined));

    const run = home.start('run', DAY);
    await Promise.all(ids.map((id) => atWork(home, id)));
    await home.until(({ type, task: id }) => type === 'attempt.ended' && id === 'late');
    expect((await home.of('attempt.ended')).map(({ data }) => data.end)).toEqual(['timeout']);
    await gone('late');
    expect((await home.cli('pause', 'paused')).exitCode).toBe(0);
    await gone('paused');
    expect((await home.cli('stop', 'stopped')).exitCode).toBe(0);
    await gone('stopped');
    // The others were left alone.
    expect(processesOf(home, 'killed').length).toBeGreaterThan(4);

    run.kill('SIGKILL');
    await run;
    // Inside bubblewrap nobody outlives the daemon; without it the next start finds what carries the mark.
    if (mode === 'bubblewrap') await gone('killed');
    const left = processesOf(home, 'killed');
    const again = home.start('run', DAY);
    await atWork(home, 'killed');
    expect(processesOf(home, 'killed').filter((pid) => left.includes(pid))).toEqual([]);
    again.kill('SIGINT');
    expect((await again).exitCode).toBe(3);
    expect(process.kill(strangers.pid!, 0)).toBe(true);
    expect(processesWith(home.paths.workspaces)).toEqual([]);
  },
);
