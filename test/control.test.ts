import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, makeHome, poll, processesWith, type TestHome } from './support/home.ts';
import { askTool, bash, task, tasks } from './support/turns.ts';

const scripted = (turns: Record<string, ScriptInput['tasks'][number]['turns']>): ScriptInput => ({
  tasks: Object.entries(turns).map(([id, list]) => ({ task: id, turns: list })),
});
/** The agent shows that it is at work and goes on when it is let. */
const waits = (id: string) => ({
  tools: [bash(`touch "{{out}}/here"; until [ -e "{{out}}/go" ]; do sleep 0.5; done; echo ${id} > ${id}.txt`)],
});
const outOf = (home: TestHome, id: string) => join(home.paths.workspaces, DAY, id, 'out');
const atWork = (home: TestHome, id: string) =>
  poll(() => (existsSync(join(outOf(home, id), 'here')) ? true : undefined));
const let_ = (home: TestHome, id: string) => writeFileSync(join(outOf(home, id), 'go'), '');
const statusOf = async (home: TestHome, id: string) => (await home.state()).days[DAY]?.tasks[id]?.status;
const bodies = (home: TestHome, id: string) =>
  home.model.requests.filter((request) => request.task === id).map((request) => JSON.stringify(request.body));

test('stop, pause and resume act on a task while the others go on, and are seen in status', async () => {
  const home = await makeHome({
    tasks: tasks(task('a'), task('b'), task('c')),
    script: scripted({ a: [waits('a')], b: [waits('b')], c: [waits('c')] }),
  });
  const run = home.start('run', DAY);
  for (const id of ['a', 'b', 'c']) await atWork(home, id);
  expect((await home.cli('stop', 'a')).exitCode).toBe(0);
  expect(await statusOf(home, 'a')).toBe('stopped');
  expect((await home.cli('stop', 'a')).exitCode).toBe(1);
  expect((await home.cli('pause', 'b')).exitCode).toBe(0);
  expect((await home.state()).days[DAY]?.tasks.b?.parked).toMatchObject({ reason: 'paused' });
  const status = await home.cli('status', '--json');
  expect(status.exitCode, status.stderr).toBe(0);
  expect(status.stdout).toContain('"paused"');
  expect((await home.cli('status')).stdout).toMatch(/stopped/);
  expect(await statusOf(home, 'c')).toBe('working');
  expect((await home.cli('resume', 'b')).exitCode).toBe(0);
  await home.until((event) => event.type === 'attempt.started' && event.task === 'b' && event.attempt === 2);
  let_(home, 'b');
  let_(home, 'c');
  const ended = await run;
  expect(ended.exitCode, ended.stderr).toBe(1);
  expect(await statusOf(home, 'b')).toBe('done');
  expect(home.report()).toContain('a person stopped it');
  // What it had done by then can be looked at.
  expect((await home.cli('diff', 'a')).exitCode).toBe(0);
});

test('a paused day runs nothing, and resume goes on with all of it', async () => {
  const home = await makeHome({
    tasks: `concurrency: 1\n${tasks(task('a'), task('b'))}`,
    script: scripted({ a: [waits('a')], b: [{ say: 'Done.' }] }),
  });
  const run = home.start('run', DAY);
  await atWork(home, 'a');
  expect((await home.cli('pause')).exitCode).toBe(0);
  expect((await run).exitCode).toBe(3);
  expect(processesWith(home.paths.home)).toEqual([]);
  expect(await statusOf(home, 'a')).toBe('parked');
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect((await home.of('attempt.started')).length).toBe(1);
  expect((await home.cli('status')).stdout).toContain('paused');
  const resumed = await home.cli('resume');
  expect(resumed.stdout).toContain('dayshift run');
  let_(home, 'a');
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stderr).toBe(0);
});

test('a second run in the same home says who holds it, and changes nothing; SIGINT parks what runs, and the next run goes on with it', async () => {
  const home = await makeHome({ tasks: tasks(task('a')), script: scripted({ a: [waits('a')] }) });
  const run = home.start('run', DAY);
  await atWork(home, 'a');
  const before = (await home.events()).length;
  const second = await home.cli('run', DAY);
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain(String(run.pid));
  expect((await home.events()).length).toBe(before);
  run.kill('SIGINT');
  expect((await run).exitCode).toBe(3);
  expect((await home.state()).days[DAY]?.tasks.a?.parked).toMatchObject({ reason: 'shutdown' });
  expect(processesWith(home.paths.home)).toEqual([]);
  let_(home, 'a');
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stderr).toBe(0);
  expect((await home.of('attempt.intended')).map((event) => event.data.mode)).toEqual(['start', 'prompt']);
});

test('between two runs a failed task gets another go with a hint, and so do those that it had stopped; new tasks come with the file, and what ended stays', async () => {
  const failing = 'checks: ["test -f right.txt"]';
  const home = await makeHome({
    tasks: tasks(task('a', 'retries: 0', failing), task('b', 'needs: [a]'), task('left-out', 'retries: 0', failing)),
    script: scripted({
      a: [
        { say: 'Done.', usage: { input: 1000 } },
        { when: 'call it right.txt', then: [{ tools: [bash('echo x > right.txt')] }], else: [] },
        { say: 'Done.' },
      ],
      b: [{ say: 'Done.' }],
      'left-out': [{ say: 'Done.' }],
      c: [{ tools: [bash('echo c > c.txt')] }],
    }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(1);
  expect(await statusOf(home, 'b')).toBe('stopped');
  expect((await home.cli('tell', 'a', 'too late')).exitCode).toBe(1);
  expect((await home.cli('retry', 'a', '--hint', 'call it right.txt')).exitCode).toBe(0);
  expect(await statusOf(home, 'b')).toBe('queued');
  const spent = (await home.state()).days[DAY]!.tasks.a!.spentUsd;
  expect(spent).toBeGreaterThan(0);
  // The person also mends the file meanwhile: neither the hint nor the money is forgotten by that.
  const mended = tasks(
    task('a', 'retries: 0', failing),
    task('b', 'needs: [a]').replace('Do b', 'Do b well'),
    task('c'),
  );
  writeFileSync(join(home.paths.tasks, `${DAY}.yaml`), `date: ${DAY}\n${mended}`);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  expect(bodies(home, 'a').at(-1)).toContain('call it right.txt');
  expect(bodies(home, 'b')[0]).toContain('Do b well');
  const ended = (await home.state()).days[DAY]!.tasks;
  expect(ended.a!.spentUsd).toBeGreaterThan(spent);
  expect(
    Object.entries(ended)
      .map(([id, one]) => `${id} ${one.status}`)
      .sort(),
  ).toEqual(['a done', 'b done', 'c done', 'left-out failed']);
  expect((await home.of('attempt.started')).map((event) => event.task).sort()).toEqual([
    'a',
    'a',
    'b',
    'c',
    'left-out',
  ]);
});

test('while nothing runs, commands act by themselves: tell, stop, and the answer to what was withdrawn', async () => {
  const home = await makeHome({
    tasks: tasks(task('a'), task('b')),
    script: scripted({ a: [{ tools: [askTool()] }, { say: 'Done.' }], b: [{ tools: [askTool()] }, { say: 'Done.' }] }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  const inbox = await home.cli('inbox', '--json');
  expect(inbox.exitCode).toBe(3);
  const items = Object.values((await home.state()).items);
  const about = (id: string) => items.find((item) => item.task === id)!.id;
  expect((await home.cli('stop', 'a')).exitCode).toBe(0);
  const late = await home.cli('answer', about('a'), 'B');
  expect(late.exitCode).toBe(1);
  expect(late.stderr).toContain('withdrawn');
  expect((await home.cli('tell', 'b', 'mind the tabs')).exitCode).toBe(0);
  expect((await home.cli('resume', 'b')).exitCode).toBe(1);
  expect((await home.cli('answer', about('b'), 'B')).exitCode).toBe(0);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  expect(await statusOf(home, 'b')).toBe('done');
  expect(bodies(home, 'b').some((body) => body.includes('mind the tabs'))).toBe(true);
  expect((await home.of('tell.delivered')).length).toBe(1);
  expect((await home.cli('inbox')).exitCode).toBe(0);
  const before = home.report();
  const report = await home.cli('report', DAY);
  expect(report.exitCode, report.stderr).toBe(0);
  expect(home.report()).toBe(before);
  const page = readFileSync(join(home.paths.results, `${DAY}-report.html`), 'utf8');
  expect(page).toMatch(/<article id="b" class="(?:un)?proven">/);
  const journal = await home.cli('journal', '--task', 'a', '--json');
  expect(
    journal.stdout
      .trim()
      .split('\n')
      .every((line) => (JSON.parse(line) as { task: string }).task === 'a'),
  ).toBe(true);
});

test('a task file with errors runs nothing and names every error with its place; so does an address of the model that is none', async () => {
  const home = await makeHome({
    tasks: 'tasks:\n  - id: a\n    nmae: A\n  - id: b\n    name: B\n    needs: [c]\n    retries: many\n',
    script: { tasks: [] },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode).toBe(2);
  const places = [...run.stderr.matchAll(new RegExp(`^tasks/${DAY}\\.yaml:(\\d+):\\d+`, 'gm'))].map(
    (match) => match[1],
  );
  expect(new Set(places)).toEqual(new Set(['3', '4', '7', '8']));
  expect(run.stderr).toContain('name');
  expect(await home.of('day.planned')).toEqual([]);
  expect((await home.cli('status')).exitCode).toBe(0);
  // An address that is none would fail every task: nothing begins.
  writeFileSync(join(home.paths.tasks, `${DAY}.yaml`), `date: ${DAY}\n${tasks(task('a'))}`);
  home.env.ANTHROPIC_BASE_URL = 'gateway';
  expect(await home.cli('run', DAY)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('ANTHROPIC_BASE_URL is not an http(s) address') as string,
  });
  expect(await home.of('day.planned')).toEqual([]);
});
