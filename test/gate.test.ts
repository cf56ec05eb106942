import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome, poll, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const tasksOf = async (home: TestHome) => (await home.state()).days[DAY]!.tasks;
/** All that the model was told in the calls of one task, as text. */
const toldTo = (home: TestHome, id: string) =>
  home.model.requests.filter((request) => request.task === id).map((request) => JSON.stringify(request.body));

test('a failing check sends the agent back in the same process with the end of its output; work that changes after the verdict is judged again', async () => {
  const home = await makeHome({
    tasks: tasks(
      task(
        'back',
        'checks: ["seq -f line:%g 1 5000; grep right fixed.txt || { echo ends with trouble >&2; exit 3; }"]',
      ),
      task('changes', 'checks: ["true"]'),
    ),
    script: {
      tasks: [
        {
          task: 'back',
          turns: [
            { tools: [bash('echo wrong > fixed.txt')] },
            { say: 'Done.' },
            { when: 'ends with trouble', then: [{ tools: [bash('echo right > fixed.txt')] }], else: [] },
            { say: 'Done now.' },
          ],
        },
        {
          task: 'changes',
          turns: [
            // A link is another at once, and never half written. It is made anew until the CLI is gone.
            { tools: [bash('(while sleep 0.02; do ln -sfn $((n++)) late; done) > /dev/null 2>&1 &')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect((await home.of('attempt.started')).map((event) => event.task).sort()).toEqual(['back', 'changes']);
  const ran = (await home.of('check.ran')).filter((event) => event.task === 'back');
  expect(ran.map((event) => event.data.exitCode)).toEqual([3, 0]);
  const back = toldTo(home, 'back').at(-1)!;
  expect(back).toContain('line:4999');
  expect(back).not.toContain('line:1234');
  const { changes } = await tasksOf(home);
  expect(changes!.rounds).toBeGreaterThan(1);
  expect(changes!.review?.tree).toBe(changes!.work?.tree);
});

test('what does not hold is failed with the evidence, and the run says so by its exit code; a check that does not end is ended, with all that it started', async () => {
  const home = await makeHome({
    tasks: tasks(
      task('checks', 'retries: 1', 'checks: ["echo this is the evidence; exit 4"]'),
      task('missing', 'retries: 0', 'deliverables: [docs/NEVER.md]'),
      task('unchanged', 'retries: 0', 'deliverables: [README.md]'),
      task('free', 'retries: 0', 'deliverables: ["The list in src/a.txt, with the new row", "A good feeling"]'),
      task('endless', 'retries: 0', 'checks: ["echo it begins; setsid sleep 7771 & sleep 7772"]'),
    ),
    config: 'questions: { hold_seconds: 0 }\ncheck_timeout_minutes: 0.1\n',
    script: {
      tasks: ['checks', 'missing', 'unchanged', 'free', 'endless'].map((id) => ({
        task: id,
        turns: [{ tools: [bash('echo more >> src/a.txt')] }, { say: 'All is done and perfect.' }],
      })),
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  const all = await tasksOf(home);
  expect(
    Object.values(all).map((one) => one.status),
    all.free?.reason,
  ).toEqual(['failed', 'failed', 'failed', 'done', 'failed']);
  const ran = await home.of('check.ran');
  expect(ran.map((event) => event.task).sort()).toEqual(['checks', 'checks', 'endless']);
  expect(ran.find((event) => event.task === 'endless')?.data).toMatchObject({ exitCode: null, timedOut: true });
  const left = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && /sleep.777[12]/.test(commandLine(pid)));
  expect(left).toEqual([]);
  expect((await home.of('attempt.started')).filter((event) => event.task === 'checks').length).toBe(1);
  expect(all.free!.deliverables.map((one) => one.verdict)).toEqual(['changed', 'not_checkable']);
  expect(all.missing!.deliverables.map((one) => one.verdict)).toEqual(['missing']);
  expect(all.unchanged!.deliverables.map((one) => one.verdict)).toEqual(['unchanged']);
  const report = home.report();
  expect(report).toContain('this is the evidence');
  expect(report).toContain('it begins');
  expect(report).toContain('docs/NEVER.md');
  expect(report).toMatch(/exit(?: code)? 4/);
  // Each may have another go, by an answer like any other.
  const asked = Object.values((await home.state()).items);
  expect(asked.map(({ kind, status }) => [kind, status])).toEqual(Array(4).fill(['failed_check', 'open']));
  const item = asked.find((one) => one.task === 'checks')!;
  expect((await home.cli('answer', item.id, 'look at the fixture')).stdout).toContain('checks is queued again');
  expect((await tasksOf(home)).checks).toMatchObject({ status: 'queued' });
  expect((await home.of('task.retried')).map(({ data }) => data)).toEqual([{ hint: 'look at the fixture' }]);
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended just now
  }
}

test('a task begins when those that it needs are done, with their work in its checkout; after a failure it is stopped', async () => {
  const home = await makeHome({
    tasks: tasks(
      task('last', 'needs: [middle]', 'priority: urgent', 'checks: ["cat first.txt middle.txt"]'),
      task('middle', 'needs: [first]', 'setup: ["cat first.txt"]'),
      task('first'),
      task('bad', 'retries: 0', 'checks: ["false"]'),
      task('after-bad', 'needs: [bad]'),
      task('long-after', 'needs: [after-bad]'),
    ),
    script: {
      tasks: ['first', 'middle', 'last', 'bad'].map((id) => ({
        task: id,
        turns: [{ tools: [bash(`echo ${id} > ${id}.txt`)] }, { say: 'Done.' }],
      })),
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  const chain = (await home.events()).filter((event) => ['task.preparing', 'task.done'].includes(event.type));
  expect(chain.filter((event) => event.task !== 'bad').map((event) => `${event.type} ${event.task ?? ''}`)).toEqual([
    'task.preparing first',
    'task.done first',
    'task.preparing middle',
    'task.done middle',
    'task.preparing last',
    'task.done last',
  ]);
  const all = await tasksOf(home);
  // A task's own work is only what it did itself.
  expect(all.last?.work?.stat.paths.map((one) => one.path)).toEqual(['last.txt']);
  expect(all['after-bad']).toMatchObject({ status: 'stopped', reason: 'dependency failed: bad' });
  expect(all['long-after']).toMatchObject({ status: 'stopped', reason: 'dependency failed: after-bad' });
  expect(home.model.requests.some((request) => request.task === 'after-bad')).toBe(false);
  expect(home.report()).toContain('dependency failed');
});

test('setup commands and checks write in the checkout and nowhere else; what they leave or mend there is no work of the agent’s: judged once, and the work can be applied', async () => {
  const away = (name: string) =>
    `for d in .. ../.. ../../../.. ../out ../../../../../project /tmp; do touch $d/${name}; done; true`;
  const home = await makeHome({
    tasks: tasks(
      task(
        'a',
        `setup: ["${away('by-setup')}", "mkdir -p cache; echo 0 > cache/setup.pyc"]`,
        `checks: ["${away('by-check')}", "mkdir -p cache; date +%N > cache/a.pyc; cat cache/setup.pyc; date +%N > cache/setup.pyc", "echo formatted >> src/a.txt"]`,
      ),
      task('nothing', 'checks: ["date +%N > left.pyc"]'),
      task('broken', 'setup: ["echo the setup broke >&2; exit 7"]'),
    ),
    script: {
      tasks: [
        { task: 'a', turns: [{ tools: [bash('echo b > b.txt')] }, { say: 'Done.' }] },
        { task: 'nothing', turns: [{ say: 'There is nothing to do.' }] },
      ],
    },
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  const everything = readdirSync(join(home.paths.home, '..'), { recursive: true }).map(String);
  expect(everything.filter((path) => /by-(setup|check)$/.test(path))).toEqual([]);
  expect(existsSync('/tmp/by-check')).toBe(false);
  const all = await tasksOf(home);
  expect(all.a).toMatchObject({ status: 'done', rounds: 1, work: { stat: { files: 1, paths: [{ path: 'b.txt' }] } } });
  expect(all.nothing).toMatchObject({ status: 'done', rounds: 1, work: { stat: { files: 0 } } });
  expect(all.broken).toMatchObject({ status: 'failed', attempt: 0 });
  expect(home.report()).toContain('the setup broke');
  expect(home.report()).not.toContain('pyc: A');
  expect(home.report()).toContain('the checks changed src/a.txt: the work that counts is as it was before them');
  expect((await home.cli('diff', 'a')).stdout).not.toMatch(/pyc|formatted/);
  mkdirSync(join(home.project, 'cache'));
  writeFileSync(join(home.project, 'cache/a.pyc'), 'the person’s own');
  const applied = await home.cli('apply', 'a');
  expect(applied.exitCode, applied.stderr).toBe(0);
});

test('what a check left behind before a kill is no work of the agent’s either', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'checks: ["touch left.pyc; [ -e again.pyc ] || { touch again.pyc; sleep 60; }"]')),
    script: {
      tasks: [{ task: 'a', turns: [{ tools: [bash('echo b > b.txt')] }, { say: 'Done.' }, { say: 'Done.' }] }],
    },
  });
  const run = home.start('run', DAY);
  await poll(() => (existsSync(join(home.paths.workspaces, DAY, 'a/checkout/again.pyc')) ? true : undefined));
  run.kill('SIGKILL');
  await run;
  const again = await home.cli('run', DAY);
  expect(again.exitCode, again.stderr).toBe(0);
  expect((await tasksOf(home)).a?.work?.stat.paths.map((one) => one.path)).toEqual(['b.txt']);
});
