import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const write = (path: string, content: string) => ({ name: 'Write', input: { file_path: path, content } });

test('a task file becomes work in a checkout, checks that ran, and a report; the project itself stays as it was', async () => {
  const home = await makeHome({
    tasks:
      'tasks:\n  - id: doc\n    name: Write it\n    description: Write docs/NEW.md\n    deliverables: [docs/NEW.md]\n    checks: ["grep -q hello docs/NEW.md"]\n',
    script: {
      tasks: [{ task: 'doc', turns: [{ tools: [write('{{workspace}}/docs/NEW.md', 'hello\n')] }, { say: 'Done.' }] }],
    },
  });
  const before = await home.git('status', '--porcelain', '--ignored');
  const run = await home.cli('run', DAY);
  expect(run.stderr).toBe('');
  expect(run.exitCode).toBe(0);
  expect((await home.state()).days[DAY]?.tasks.doc?.status).toBe('done');
  expect(home.report()).toContain('docs/NEW.md');
  expect(home.report()).toMatch(/foreseen \$.* \(by rules of thumb/);
  expect(await home.git('status', '--porcelain', '--ignored')).toBe(before);
  expect(existsSync(join(home.project, 'docs'))).toBe(false);

  const applied = await home.cli('apply', 'doc');
  expect(applied.exitCode).toBe(0);
  expect(readFileSync(join(home.project, 'docs/NEW.md'), 'utf8')).toBe('hello\n');
  expect(await home.git('diff', '--cached', '--name-only')).toBe('');
});

test('work that was rolled back is no longer called proven, and can be judged again', async () => {
  const home = await makeHome({
    tasks: tasks(task('doc', 'deliverables: [NEW.md]')),
    script: { tasks: [{ task: 'doc', turns: [{ tools: [bash('echo hello > NEW.md')] }, { say: 'Done.' }] }] },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.cli('rollback', 'doc')).exitCode).toBe(0);
  expect((await home.state()).days[DAY]?.tasks.doc).toMatchObject({ status: 'stopped', work: { stat: { files: 0 } } });
  expect((await home.cli('apply', 'doc')).stderr).toContain('changed nothing');
  expect((await home.cli('report', DAY, '--print')).stdout).not.toContain('done and proven');
  const last = (await home.state()).days[DAY]!.tasks.doc!.checkpoints.findLast((one) =>
    one.label.startsWith('attempt'),
  );
  expect((await home.cli('rollback', 'doc', last!.id)).exitCode).toBe(0);
  expect((await home.cli('diff', 'doc')).stdout).toContain('+hello');
});

test('a day that was cut off is said to be interrupted, until the next run goes on with it', async () => {
  const home = await makeHome({
    tasks: tasks(task('slow')),
    script: {
      tasks: [
        { task: 'slow', turns: [{ tools: [bash('until [ -e "{{out}}/go" ]; do sleep 0.1; done')] }, { say: 'Done.' }] },
      ],
    },
  });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'agent.tool');
  expect((await home.cli('status')).stdout).not.toContain('interrupted');
  run.kill('SIGKILL');
  await run;
  expect((await home.cli('status')).stdout).toContain(`interrupted. dayshift run ${DAY}`);
  writeFileSync(join(home.paths.workspaces, DAY, 'slow/out/go'), '');
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
});
