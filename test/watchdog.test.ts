import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, makeHome, processesWith, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

const scripted = (turns: Record<string, ScriptInput['tasks'][number]['turns']>): ScriptInput => ({
  tasks: Object.entries(turns).map(([id, list]) => ({ task: id, turns: list })),
});
/** A command that takes all of a processor for so many seconds. */
const computes = (seconds: number) => `end=$((SECONDS + ${seconds})); while [ $SECONDS -lt $end ]; do :; done`;
const tasksOf = async (home: TestHome) => (await home.state()).days[DAY]!.tasks;
const endsOf = async (home: TestHome, id: string) =>
  (await home.of('attempt.ended')).filter((event) => event.task === id).map((event) => event.data.end);

test('an agent without any progress is ended and tried again, then failed; one whose command computes is left alone', async () => {
  const busy = `${computes(5)}; echo done > busy.txt`;
  const home = await makeHome({
    tasks: tasks(task('once', 'retries: 1'), task('always', 'retries: 1'), task('busy')),
    config: 'questions: { hold_seconds: 0 }\nidle_minutes: 0.04\n',
    script: scripted({
      once: [{ tools: [bash('echo once > once.txt')], stall: 1 }],
      always: [{ tools: [bash('echo never > never.txt')], stall: 'always' }],
      busy: [{ tools: [bash(busy)] }],
    }),
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  expect(await endsOf(home, 'once')).toEqual(['hung', 'finished']);
  expect(await endsOf(home, 'always')).toEqual(['hung', 'hung']);
  expect(await endsOf(home, 'busy')).toEqual(['finished']);
  const all = await tasksOf(home);
  expect(Object.values(all).map((one) => one.status)).toEqual(['done', 'failed', 'done']);
  expect(all.always?.reason).toContain('no progress');
  expect(home.report()).toContain('no progress');
  expect(processesWith(home.paths.home)).toEqual([]);
});

test('a task that used up its working time, or its turns, is failed with what it has done so far', async () => {
  const home = await makeHome({
    tasks: tasks(task('slow', 'timeout: 0.05', 'retries: 3'), task('turns', 'max_turns: 2', 'retries: 3')),
    script: scripted({
      slow: [{ tools: [bash('echo half > half.txt')] }, { tools: [bash(`${computes(2)}; sleep 60`)] }],
      turns: [{ tools: [bash('echo turn {{n}} >> turns.txt')], repeat: 10 }],
    }),
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(1);
  expect(await endsOf(home, 'slow')).toEqual(['timeout']);
  expect(await endsOf(home, 'turns')).toEqual(['max_turns']);
  const all = await tasksOf(home);
  expect(Object.values(all).map((one) => one.status)).toEqual(['failed', 'failed']);
  expect(all.slow?.work?.stat.paths.map((one) => one.path)).toEqual(['half.txt']);
  expect(all.turns?.work?.stat.paths.map((one) => one.path)).toEqual(['turns.txt']);
  expect(processesWith(home.paths.home)).toEqual([]);
});
