import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limitMeans } from '../src/sandbox/limits/means.ts';
import { DAY, makeHome, processesWith } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const config = `concurrency: 2
sandbox: { memory_mb: 900, processes: 150, file_mb: 100, tmp_mb: 64, disk_mb: 100 }
`;
const good = { task: 'good', turns: [{ tools: [bash('echo 1 > a.txt')] }, { say: 'Done.' }] };

test('an agent that fills its disk is ended, tries again knowing why, and fails with what to do; the day goes on', async () => {
  // Fast enough to be caught at the second look, and not so fast that all of it must be looked through.
  const fill = bash('i=0; while sleep 0.1; do i=$((i+1)); head -c 9000000 /dev/zero > f$i; done');
  const home = await makeHome({
    tasks: tasks(task('fills', 'retries: 1'), task('good')),
    config,
    script: { tasks: [{ task: 'fills', turns: [{ tools: [fill] }, { tools: [fill] }, { tools: [fill] }] }, good] },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stdout + run.stderr).toBe(1);
  const day = (await home.state()).days[DAY];
  const why = /It was ended: its files take \d+ MB, and `sandbox\.disk_mb` allows 100/;
  expect(day?.tasks).toMatchObject({
    fills: { status: 'failed', attempt: 2, reason: expect.stringMatching(why) as string },
    good: { status: 'done' },
  });
  expect(JSON.stringify(home.model.requests.filter((request) => request.task === 'fills').at(-1))).toMatch(
    'You had reached a limit of your sandbox',
  );
  expect(home.report()).toMatch(why);
  expect(readdirSync(join(home.paths.workspaces, DAY, 'fills', 'checkout')).length).toBeLessThan(500);
  expect(processesWith(home.paths.home)).toEqual([]);
});

/** All processes that there are, once, and the CLI is gone: as where it is refused a thread before anybody looked often enough. */
const fall = `import os, time
for n in range(200):
    try:
        if os.fork() == 0: time.sleep(600)
    except OSError: break
shell = open(os.path.join(os.sep, 'proc', str(os.getppid()), 'stat')).read()
os.kill(int(shell.rsplit(')', 1)[1].split()[1]), 9)
`;

test('a fork bomb of an agent is ended, a CLI that fell to the limit by itself says so, and nothing of them is left', async () => {
  // It doubles until it is refused, and then tries again and again: without a pause it would only burn the processor.
  const bomb = bash(
    "python3 -c 'import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.2)'",
  );
  const home = await makeHome({
    tasks: tasks(task('bomb', 'retries: 0'), task('falls', 'retries: 0'), task('good')),
    config,
    files: { 'fall.py': fall },
    script: {
      tasks: [
        { task: 'bomb', turns: [{ tools: [bomb] }, { say: 'Done.' }] },
        { task: 'falls', turns: [{ tools: [bash('python3 fall.py')] }, { say: 'Done.' }] },
        good,
      ],
    },
  });
  const run = await home.cli('run', DAY);
  const { tasks: ended } = (await home.state()).days[DAY]!;
  expect(ended.good?.status, run.stdout + run.stderr).toBe('done');
  expect(ended.bomb).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(
      /(more than 150 processes|refused a process, having 150).*`sandbox\.processes`/,
    ) as string,
  });
  // Where no control group counts what was refused, nobody can know.
  if (limitMeans().processes === 'groups')
    expect(ended.falls).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/It was refused a process, having 150\..*`sandbox\.processes`.*\(.+\)/) as string,
    });
  expect(processesWith(home.paths.home)).toEqual([]);
});

test('memory that an agent’s command takes without end ends the command; the agent goes on, and the report says so', async () => {
  const hog = bash("python3 -c 'x = []\nwhile True: x.append(bytearray(50000000))'; echo went on with $? > a.txt");
  const home = await makeHome({
    tasks: tasks(
      task('hog', 'deliverables: [a.txt]'),
      task('checked', 'retries: 0', 'checks: ["python3 -c \'bytearray(2000000000)\'"]'),
    ),
    config,
    script: {
      tasks: [
        { task: 'hog', turns: [{ tools: [hog] }, { say: 'Done.' }] },
        { ...good, task: 'checked' },
      ],
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stdout + run.stderr).toBe(1);
  expect((await home.state()).days[DAY]?.tasks).toMatchObject({
    hog: { status: 'done' },
    checked: { status: 'failed' },
  });
  const words = /The kernel ended .* more memory than 900 MB\. .*`sandbox\.memory_mb`/;
  expect((await home.of('agent.warned')).map(({ data }) => data.message)).toEqual([expect.stringMatching(words)]);
  expect(home.report()).toMatch(words);
  expect((await home.of('check.ran')).find(({ task: id }) => id === 'checked')?.data.tail).toMatch(words);
});
