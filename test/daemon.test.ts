import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, makeHome, poll, processesWith, writtenDown, type TestHome } from './support/home.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

const scripted = (turns: Record<string, ScriptInput['tasks'][number]['turns']>): ScriptInput => ({
  tasks: Object.entries(turns).map(([id, list]) => ({ task: id, turns: list })),
});
const waits = (id: string) => ({
  tools: [bash(`touch "{{out}}/here"; until [ -e "{{out}}/go" ]; do sleep 0.1; done; echo ${id} > ${id}.txt`)],
});
const outOf = (home: TestHome, id: string) => join(home.paths.workspaces, DAY, id, 'out');
const atWork = (home: TestHome, id: string) =>
  poll(() => (existsSync(join(outOf(home, id), 'here')) ? true : undefined));
const letGo = (home: TestHome, id: string) => writeFileSync(join(outOf(home, id), 'go'), '');
const statusOf = async (home: TestHome, id: string) => (await home.state()).days[DAY]?.tasks[id]?.status;

/** Starts the daemon and waits until its socket answers. */
async function up(home: TestHome) {
  const daemon = home.start('up');
  await poll(() => (existsSync(home.paths.controlSocket) ? true : undefined));
  // In a box: a process is a promise of its end.
  return { daemon };
}

test('a day is started in the running daemon, asks, is answered, and is reported; the daemon stays up', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: scripted({ a: [{ tools: [askTool()] }, { say: 'Done.' }] }),
  });
  const { daemon } = await up(home);
  const started = await home.cli('start', DAY);
  expect(started.exitCode, started.stderr).toBe(0);
  expect(started.stdout).toContain(`${DAY} starts: 1 task`);
  const { data } = (await home.until((event) => event.type === 'item.opened')) as { data: { id: string } };
  await home.until((event) => event.type === 'task.parked');
  const answered = await home.cli('answer', data.id, 'B');
  expect(answered.exitCode, answered.stderr).toBe(0);
  await home.until((event) => event.type === 'day.reported');
  expect(home.report()).toContain('a');
  expect((await home.cli('start', DAY)).stdout).toContain('is over');
  const down = await home.cli('down');
  expect(down.exitCode, down.stderr).toBe(0);
  // Whoever waited for `down` finds the home free.
  expect(existsSync(home.paths.lockFile)).toBe(false);
  const ended = await daemon;
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect((await home.of('daemon.started'))[0]?.data).toMatchObject({ mode: 'daemon', pid: daemon.pid });
  expect((await home.of('daemon.stopped')).length).toBe(1);
});

test('SIGINT and SIGTERM park what runs, a kill -9 does not: each time the next daemon goes on by itself, and does nothing twice', async () => {
  const home = await makeHome({ tasks: tasks(task('a')), script: scripted({ a: [waits('a')] }) });
  const atWorkAgain = async () => {
    rmSync(join(outOf(home, 'a'), 'here'), { force: true });
    const { daemon } = await up(home);
    if ((await home.of('day.started')).length === 0) await home.cli('start', DAY);
    await atWork(home, 'a');
    return { daemon };
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { daemon } = await atWorkAgain();
    daemon.kill(signal);
    expect((await daemon).exitCode).toBe(0);
    expect((await home.state()).days[DAY]?.tasks.a?.parked).toMatchObject({ reason: 'shutdown' });
    expect(processesWith(home.paths.home)).toEqual([]);
  }
  const { daemon: killed } = await atWorkAgain();
  await writtenDown(home, 'a');
  killed.kill('SIGKILL');
  await killed;
  letGo(home, 'a');
  await up(home);
  await home.until((event) => event.type === 'day.reported');
  expect(await statusOf(home, 'a')).toBe('done');
  expect((await home.of('day.started')).length).toBe(1);
  expect((await home.of('attempt.ended')).map((event) => event.data.end)).toEqual([
    ...['parked', 'parked', 'lost', 'finished'],
  ]);
  expect((await home.cli('down')).exitCode).toBe(0);
});

test('without a daemon, and beside one: what cannot be done says why and what to do, and nothing changes', async () => {
  const home = await makeHome({ tasks: tasks(task('a')), script: { tasks: [] } });
  const broken = '2026-11-25';
  writeFileSync(join(home.paths.tasks, `${broken}.yaml`), 'tasks:\n  - id: a\n    nmae: A\n');
  for (const [words, said] of [
    [['start', DAY], 'dayshift up'],
    [['down'], 'Nothing runs'],
  ] as const) {
    const { exitCode, stderr } = await home.cli(...words);
    expect({ words, exitCode }).toEqual({ words, exitCode: 1 });
    expect(stderr).toContain(said);
  }
  const { daemon } = await up(home);
  await home.until((event) => event.type === 'schedule.armed');
  const before = (await home.events()).length;
  // Who holds the home is said.
  for (const words of [['up'], ['run', DAY]]) {
    const second = await home.cli(...words);
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(`process ${daemon.pid} (daemon, since `);
    expect(second.stderr).toContain('dayshift start');
  }
  // A file that is not valid starts nothing and names every error; the daemon stays up.
  const start = await home.cli('start', broken);
  expect(start.exitCode).toBe(1);
  expect(start.stderr).toMatch(new RegExp(`tasks/${broken}\\.yaml:2:\\d+`));
  expect((await home.cli('start', '2026-02-30')).stderr).toContain('no such day');
  expect((await home.cli('start', '../../etc/passwd')).exitCode).toBe(1);
  expect((await home.events()).length).toBe(before);
  expect((await home.cli('down')).exitCode).toBe(0);
  await daemon;
});

test('down ends a foreground run too: its day is parked and reported', async () => {
  const home = await makeHome({ tasks: tasks(task('a')), script: scripted({ a: [waits('a')] }) });
  const run = home.start('run', DAY);
  await atWork(home, 'a');
  expect((await home.cli('start', 'tomorrow')).stderr).toContain('dayshift up');
  expect((await home.cli('down')).stdout).toContain('1 task at work');
  expect((await run).exitCode).toBe(3);
  expect(readFileSync(join(home.paths.results, `${DAY}-report.md`), 'utf8')).toContain('a');
});
