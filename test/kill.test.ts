import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, makeHome, processesWith, type TestHome } from './support/home.ts';

const runner = new URL('./support/run-and-die.ts', import.meta.url).pathname;
/** So many days run side by side. */
const LANES = 3;

const bash = (command: string) => ({ name: 'Bash', input: { command } });

/** Two tasks that pass through everything: a question, a refusal, a check that fails once, setup, a dependency. */
const tasks = `concurrency: 1
tasks:
  - id: ask
    name: Ask
    description: Ask which
    setup: ["mkdir -p made"]
    deliverables: [answer.txt]
    checks: ["grep -q second answer.txt"]
  - id: fix
    name: Fix
    description: Fix it
    needs: [ask]
    deliverables: [fixed.txt]
    checks: ["grep -q right fixed.txt", "test -f answer.txt && date +%N > left-behind.txt"]
`;

const question = {
  name: 'AskUserQuestion',
  input: {
    questions: [
      {
        question: 'Which one?',
        header: 'Which',
        multiSelect: false,
        options: [
          { label: 'Number one', description: 'the first' },
          { label: 'Number two', description: 'the second' },
        ],
      },
    ],
  },
};

// The model looks at the last words to it and at nothing else, so that it goes on rightly wherever it was cut off.
const script: ScriptInput = {
  tasks: [
    {
      task: 'ask',
      turns: [
        { say: 'Which?', tools: [question] },
        {
          when: 'Number two',
          then: [{ tools: [bash('echo second > answer.txt')] }],
          else: [{ tools: [question] }, { tools: [bash('echo second > answer.txt')] }],
        },
        { say: 'Done.' },
      ],
    },
    {
      task: 'fix',
      turns: [
        { tools: [bash('git commit -m x; echo wrong > fixed.txt')] },
        { tools: [bash('echo wrong > fixed.txt')] },
        { say: 'Done.' },
        { tools: [bash('echo right > fixed.txt')] },
        { say: 'Done.' },
      ],
    },
  ],
};

async function outcomeOf(home: TestHome) {
  const day = (await home.state()).days[DAY]!;
  const items = Object.values((await home.state()).items);
  const patch = (task: string) => readFileSync(join(home.paths.results, DAY, `${task}.patch`), 'utf8');
  return {
    tasks: Object.fromEntries(Object.values(day.tasks).map((task) => [task.spec.id, task.status])),
    deliverables: Object.values(day.tasks).map((task) => task.deliverables.map((one) => one.verdict)),
    patches: Object.keys(day.tasks).map(patch),
    answers: [...new Set(items.filter((item) => item.status !== 'withdrawn').map((item) => item.answers?.join()))],
    open: items.filter((item) => item.status === 'open' || item.status === 'answered').map((item) => item.id),
    reserved: Object.values(day.tasks).flatMap((task) => Object.keys(task.reserved)),
  };
}

/** How many responses were charged that the model never gave. */
async function chargedTwice(home: TestHome): Promise<number> {
  const settled = (await home.of('model.settled')).filter((event) => event.data.basis === 'exact');
  return Math.max(0, settled.length - home.model.requests.length);
}

test(
  'killed with SIGKILL at any point of a task’s life, the day goes on and ends as if it had not been',
  { timeout: 800_000 },
  async () => {
    const whole = await makeHome({ tasks, script });
    const run = await whole.startScript(runner, [DAY]);
    expect(run.exitCode, run.stderr).toBe(0);
    const expected = await outcomeOf(whole);
    expect(expected).toMatchObject({
      tasks: { ask: 'done', fix: 'done' },
      answers: ['Number two'],
      open: [],
      reserved: [],
    });

    const passed = JSON.parse(/POINTS (.*)/.exec(run.stdout)![1]!) as string[];
    const points = pointsToTry(passed);
    expect(points.length).toBeGreaterThanOrEqual(25);
    const failures: string[] = [];
    const lanes = Array.from({ length: LANES }, async () => {
      for (let next = points.shift(); next !== undefined; next = points.shift()) {
        const [name, nth] = next;
        const home = await makeHome({ tasks, script });
        const killed = await home.startScript(runner, [DAY, name, String(nth)]);
        const again = await home.startScript(runner, [DAY]);
        const wrong: string[] = [];
        if (killed.signal !== 'SIGKILL') wrong.push(`was not killed: ${killed.stderr}`);
        if (again.exitCode !== 0) wrong.push(`exit ${again.exitCode}: ${again.stdout}${again.stderr}`);
        try {
          expect(await outcomeOf(home)).toEqual(expected);
          expect(await chargedTwice(home)).toBe(0);
          expect(processesWith(home.paths.home)).toEqual([]);
        } catch (error) {
          wrong.push(error instanceof Error ? error.message : String(error));
        }
        if (wrong.length > 0) failures.push(`${name} #${nth}: ${wrong.join('; ')}`);
      }
    });
    await Promise.all(lanes);
    expect(failures.join('\n\n')).toBe('');
  },
);

/**
 * Before and after each kind of event the first time, and before the last time where the state turns on it: of these 26, evenly
 * spread. `KILL_EVERYWHERE=1` tries all of them, in five minutes and more.
 */
function pointsToTry(passed: string[]): [name: string, nth: number][] {
  const counts = new Map<string, number>();
  for (const name of passed) {
    // What an agent says and does is noise for this: its events change no state that a restart depends on.
    if (!/:agent\.(said|tool|tool_result|warned)$/.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const all = [...counts].flatMap(([name, count]): [string, number][] => {
    const turning = /^before:(task|attempt|review|item)\./.test(name) && count > 1;
    return turning
      ? [
          [name, 1],
          [name, count],
        ]
      : [[name, 1]];
  });
  const step = process.env.KILL_EVERYWHERE === '1' ? 1 : Math.max(1, all.length / 26);
  return Array.from({ length: Math.floor(all.length / step) }, (_, at) => all[Math.floor(at * step)]!);
}
