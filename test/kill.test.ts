import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { messageOf } from '../src/base/index.ts';
import { DAY, makeHome, processesWith, type TestHome } from './support/home.ts';

const runner = new URL('./support/run-and-die.ts', import.meta.url).pathname;
/** So many days run side by side. */
const LANES = 3;
const EVERYWHERE = process.env.KILL_EVERYWHERE === '1';
/** A day is killed so often at most. */
const KILLS = EVERYWHERE ? 1 : 5;

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

/** A point and the how manieth time it is passed. */
type Point = readonly [name: string, nth: number];

/**
 * Kills one day at point after point: each run goes on from where the last was killed. A day that is over before its next
 * point makes room for a fresh one. Resolves with what was wrong.
 */
async function killedAt(points: Point[], expected: Awaited<ReturnType<typeof outcomeOf>>): Promise<string[]> {
  const wrong: string[] = [];
  for (let left = points; left.length > 0;) {
    const home = await makeHome({ tasks, script });
    const killed: Point[] = [];
    let run: Awaited<ReturnType<TestHome['startScript']>>;
    for (;;) {
      const next = left[killed.length];
      run = await home.startScript(runner, next === undefined ? [DAY] : [DAY, next[0], String(next[1])]);
      if (run.signal !== 'SIGKILL' || next === undefined) break;
      killed.push(next);
    }
    try {
      expect(killed).not.toEqual([]);
      expect(run.exitCode, `${run.stdout}${run.stderr}`).toBe(0);
      expect(await outcomeOf(home)).toEqual(expected);
      expect(await chargedTwice(home)).toBe(0);
      expect(processesWith(home.paths.home)).toEqual([]);
    } catch (error) {
      wrong.push(`killed at ${killed.map((point) => point.join(' #')).join(', ')}: ${messageOf(error)}`);
    }
    left = left.slice(Math.max(1, killed.length));
  }
  return wrong;
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

    const points = pointsToTry(JSON.parse(/POINTS (.*)/.exec(run.stdout)![1]!) as string[]);
    expect(points.length).toBeGreaterThanOrEqual(25);
    const days = Math.ceil(points.length / KILLS);
    const chains = Array.from({ length: days }, (_, day) => points.filter((__, at) => at % days === day));
    const wrong: string[] = [];
    const lanes = Array.from({ length: LANES }, async () => {
      for (let next = chains.shift(); next !== undefined; next = chains.shift()) {
        wrong.push(...(await killedAt(next, expected)));
      }
    });
    await Promise.all(lanes);
    expect(wrong.join('\n\n')).toBe('');
  },
);

/**
 * Before and after each kind of event the first time, and before the last time where the state turns on it, in the order of the
 * day: of these 26, evenly spread. `KILL_EVERYWHERE=1` tries all of them, each in a day of its own, in five minutes and more.
 */
function pointsToTry(passed: string[]): Point[] {
  const seen = new Map<string, number>();
  const all = passed.map((name): Point => {
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return [name, nth];
  });
  const told = all.filter(([name, nth]) => {
    // What an agent says and does is noise for this: its events change no state that a restart depends on.
    if (/:agent\.(said|tool|tool_result|warned)$/.test(name)) return false;
    return nth === 1 || (nth === seen.get(name) && /^before:(task|attempt|review|item)\./.test(name));
  });
  const step = EVERYWHERE ? 1 : Math.max(1, told.length / 26);
  return Array.from({ length: Math.floor(told.length / step) }, (_, at) => told[Math.floor(at * step)]!);
}
