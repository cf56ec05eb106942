import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DAY, makeHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

test('a violation in disguise halts the task at once, and the person decides', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: {
      tasks: [
        {
          task: 'a',
          turns: [{ tools: [bash("g''it commit -qm x")] }, { tools: [bash('touch after')] }, { say: 'Done.' }],
        },
      ],
    },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  const state = await home.state();
  expect(state.days[DAY]?.tasks.a?.parked).toMatchObject({ reason: 'violation', item: 'q1' });
  expect(state.items.q1?.questions[0]?.question).toContain('git.write');
  expect((await home.of('guard.decided')).map(({ data }) => data.violation)).toEqual(['disguised']);
  expect(existsSync(join(home.paths.workspaces, DAY, 'a/checkout/after'))).toBe(false);
  expect(home.report()).toContain('halted by the guard');

  expect((await home.cli('answer', 'q1', 'Stop this task')).exitCode).toBe(0);
  expect((await home.cli('run', DAY)).exitCode).toBe(1);
  expect((await home.state()).days[DAY]?.tasks.a).toMatchObject({ status: 'stopped' });
});

test('plain mistakes halt the task when they are too many, and it goes on where the person says so', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    config: 'questions: { hold_seconds: 0 }\nguard: { max_violations: 3 }\n',
    script: {
      tasks: [
        {
          task: 'a',
          turns: [
            { tools: [bash('git add -A')] },
            { tools: [bash('git stash')] },
            { tools: [bash('git commit -m x')] },
            { tools: [bash('touch after')] },
            { tools: [bash('git fetch')] },
            { say: 'Done.' },
          ],
        },
      ],
    },
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect((await home.state()).days[DAY]?.tasks.a).toMatchObject({ violations: 3, parked: { reason: 'violation' } });
  expect((await home.cli('answer', 'q1', 'A')).exitCode).toBe(0);
  // Where nobody can answer, what the guard asks about is refused.
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.state()).items.q2).toBeUndefined();
  const asked = (await home.of('guard.decided')).filter(({ data }) => data.decision === 'ask');
  expect(asked.map(({ data }) => data.subject)).toEqual(['git fetch']);
  expect(home.report()).toContain('Only with your approval');
  expect((await home.state()).days[DAY]?.tasks.a).toMatchObject({ status: 'done' });
});
