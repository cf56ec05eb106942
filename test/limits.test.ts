import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ScriptInput } from '../src/agents/index.ts';
import { DAY, KEY, makeHome, type TestHome } from './support/home.ts';
import { bash, task, tasks } from './support/turns.ts';

/** A day may cost what the task file says below; the default model costs $4 for a million tokens of input. */
const usd = (dollars: number) => ({ input: dollars * 250_000 });
const refuse = (status: number, type: string, headers: Record<string, string> = {}) => ({
  status,
  type,
  message: `scripted ${status}`,
  headers,
});
const write = (name: string) => ({ tools: [bash(`echo ${name} > ${name}.txt`)] });
const scripted = (turns: Record<string, ScriptInput['tasks'][number]['turns']>): ScriptInput => ({
  tasks: Object.entries(turns).map(([id, list]) => ({ task: id, turns: list })),
});

const tasksOf = async (home: TestHome) => (await home.state()).days[DAY]!.tasks;
const callsOf = (home: TestHome, id: string) => home.model.requests.filter((request) => request.task === id);
const attemptsOf = async (home: TestHome, id: string) =>
  (await home.of('attempt.started')).filter((event) => event.task === id).length;

test('a login that does not work is asked about at once, nothing else starts, and "try again" goes on', async () => {
  const home = await makeHome({
    tasks: `concurrency: 1\n${tasks(task('a'), task('b'))}`,
    script: scripted({ a: [{ ...write('a'), error: refuse(401, 'authentication_error') }], b: [write('b')] }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(callsOf(home, 'a').length).toBe(1);
  expect(callsOf(home, 'b').length).toBe(0);
  expect((await tasksOf(home)).a?.parked).toMatchObject({ reason: 'login', item: 'q1' });
  expect((await home.cli('inbox')).stdout).toContain('scripted 401');
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(callsOf(home, 'a').length).toBe(1);
  expect((await home.cli('answer', 'q1', 'A')).exitCode).toBe(0);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect((await tasksOf(home)).b?.status).toBe('done');
});

test('a used-up window parks what runs, and the same run goes on by itself after the time that it named', async () => {
  const limit = refuse(429, 'rate_limit_error', {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': '{{ now + 3 }}',
  });
  const home = await makeHome({
    tasks: `concurrency: 1\n${tasks(task('a'), task('b'))}`,
    script: scripted({ a: [write('a'), { say: 'Done.', error: limit }], b: [write('b')] }),
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  const until = (await home.of('model.refused'))[0]?.data.resetAt;
  expect((await home.of('task.parked')).map((event) => event.data)).toEqual([{ reason: 'usage_limit', until }]);
  const started = await home.of('attempt.intended');
  expect(started.map((event) => event.task)).toEqual(['a', 'a', 'b']);
  expect(Date.parse(started[1]!.at)).toBeGreaterThanOrEqual(Date.parse(until!));
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).toContain('+a');
  // It is one question, and answered itself when its time came.
  expect(Object.values((await home.state()).items)).toMatchObject([
    { kind: 'usage_limit', task: '', status: 'delivered', answers: ['Wait for it'], silence: { at: until } },
  ]);
});

test('what passes by itself is left to the CLI, words about limits in a file are only words, and a model without a price is paid as the dearest one', async () => {
  const home = await makeHome({
    tasks: tasks(
      ...['throttled', 'overloaded', 'cut', 'words'].map((id) => task(id)),
      task('unpriced', 'model: claude-unheard-of-9'),
    ),
    files: {
      'limits.txt': '5-hour limit reached - resets 3pm\nClaude usage limit reached|1763719200\n401 Unauthorized\n',
    },
    script: scripted({
      throttled: [{ ...write('x'), error: refuse(429, 'rate_limit_error', { 'retry-after': '0' }) }],
      overloaded: [{ ...write('x'), error: refuse(529, 'overloaded_error') }],
      cut: [{ ...write('x'), cut: 1 }],
      words: [{ say: '5-hour limit reached', tools: [bash('cat limits.txt; echo x > x.txt')] }],
      unpriced: [
        { ...write('x'), usage: { output: 1000 } },
        { say: 'Done.', usage: { output: 1000 } },
      ],
    }),
  });
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  const refused = await home.of('model.refused');
  expect(new Set(refused.map((event) => `${event.task ?? ''} ${event.data.meaning}`))).toEqual(
    new Set(['throttled rate_limit', 'overloaded overloaded', 'cut cut']),
  );
  for (const id of ['throttled', 'overloaded', 'cut', 'words']) expect(await attemptsOf(home, id), id).toBe(1);
  expect(await home.of('task.parked')).toEqual([]);
  // What was cut is paid, as far as anybody knows.
  const settled = await home.of('model.settled');
  expect(settled.filter((event) => event.task === 'cut').map((event) => event.data.basis)).toContain('estimate');
  const unpriced = settled.filter((event) => event.data.model === 'claude-unheard-of-9');
  expect(unpriced.map((event) => event.data.usd)).toEqual([0.075, 0.075]);
  // And that is said once.
  const said = (await home.of('agent.warned')).filter((event) => event.data.message.includes('claude-unheard-of-9'));
  expect(said.length).toBe(1);
});

test('a call that the task’s budget has no room for never goes out, and an agent whose call fails alike again and again is parked; a person’s words send each on', async () => {
  const fail = { tools: [bash('cat not-there.txt')] };
  const home = await makeHome({
    tasks: tasks(task('dear', 'max_cost_usd: 0.5'), task('circles')),
    config: 'questions: { hold_seconds: 0 }\nrunaway: { same_failure: 3 }\n',
    script: scripted({
      dear: [
        { ...write('a'), usage: usd(0.45) },
        { ...write('b'), usage: usd(0.01) },
      ],
      circles: [fail, fail, fail, fail, fail, fail, fail, write('a')],
    }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect(callsOf(home, 'dear').length).toBe(1);
  expect((await home.of('budget.alerted')).map((event) => event.data)).toMatchObject([{ scope: 'task', percent: 75 }]);
  const { dear, circles } = await tasksOf(home);
  expect([dear?.parked?.reason, circles?.parked?.reason]).toEqual(['budget', 'runaway']);
  expect(Object.values(dear!.reserved)).toEqual([]);
  expect((await home.cli('inbox')).stdout).toContain('the same call failed 3 times');
  expect((await home.cli('answer', dear!.parked!.item!, 'raise to $5')).exitCode).toBe(0);
  expect((await home.cli('answer', circles!.parked!.item!, 'make not-there.txt first')).exitCode).toBe(0);
  await home.cli('run', DAY);
  const after = (await tasksOf(home)).dear!;
  expect(after).toMatchObject({ status: 'done', limitUsd: 5 });
  expect(after.spentUsd).toBeGreaterThan(0.45);
  expect(after.work?.stat.paths.map((one) => one.path)).toEqual(['a.txt', 'b.txt']);
  expect((await home.of('tell.delivered')).length).toBe(1);
  expect(JSON.stringify(callsOf(home, 'circles'))).toContain('make not-there.txt first');
});

test('while the agent is held for its budget, a raise lets it go on in its process, and "stop" ends it', async () => {
  const home = await makeHome({
    tasks: tasks(task('a', 'max_cost_usd: 0.5'), task('b', 'max_cost_usd: 0.5')),
    config: 'questions: { hold_seconds: 300 }\n',
    script: scripted({
      a: [
        { ...write('a'), usage: usd(0.45) },
        { ...write('b'), usage: usd(0.01) },
      ],
      b: [{ ...write('a'), usage: usd(0.45) }],
    }),
  });
  const run = home.start('run', DAY);
  await home.until((event) => event.type === 'item.opened' && event.task === 'a');
  await home.until((event) => event.type === 'item.opened' && event.task === 'b');
  const items = Object.values((await home.state()).items);
  const about = (id: string) => items.find((item) => item.task === id)!.id;
  expect((await home.cli('answer', about('a'), '3')).exitCode).toBe(0);
  await home.until((event) => event.type === 'task.stopped' && event.task === 'a');
  expect((await home.cli('answer', about('b'), 'B')).exitCode).toBe(0);
  expect((await run).exitCode).toBe(1);
  expect((await tasksOf(home)).a?.status).toBe('stopped');
  expect((await tasksOf(home)).b?.status).toBe('done');
  expect(await attemptsOf(home, 'b')).toBe(1);
  expect((await home.of('item.opened')).length).toBe(2);
  expect(callsOf(home, 'a').length).toBe(1);
  expect((await home.of('attempt.ended')).find((event) => event.task === 'a')?.data.end).toBe('stopped');
});

test('from 95 % of the day’s budget no task begins, and a larger budget in the file lets the day go on', async () => {
  const two = tasks(task('a'), task('b'));
  const home = await makeHome({
    tasks: `max_cost_usd: 1\nconcurrency: 1\n${two}`,
    script: scripted({ a: [{ say: 'Done.', usage: usd(0.96) }], b: [{ say: 'Done.', usage: usd(0.01) }] }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect((await tasksOf(home)).a?.status).toBe('done');
  expect((await tasksOf(home)).b?.attempt).toBe(0);
  expect((await home.of('budget.alerted')).map((event) => event.data)).toMatchObject([{ scope: 'day', percent: 75 }]);
  expect(home.report()).toContain('budget');
  // The day was foreseen to cost more than it may, and that was asked as it began.
  expect((await home.cli('inbox')).stdout).toMatch(/q1[^]*budget of \$1\.00 may not be enough[^]*Keep this budget/);
  writeFileSync(join(home.paths.tasks, `${DAY}.yaml`), `max_cost_usd: 9\nconcurrency: 1\n${two}`);
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  expect((await home.state()).items.q1?.status).not.toBe('open');
});

test('a month’s budget holds over days: a call that would pass it waits for a person, who raises it', async () => {
  const home = await makeHome({
    tasks: tasks(task('a')),
    config: 'questions: { hold_seconds: 0 }\nbudget: { month_usd: 0.5 }\n',
    script: scripted({
      a: [
        { ...write('a'), usage: usd(0.45) },
        { ...write('b'), usage: usd(0.01) },
      ],
    }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  const [asked] = await home.of('item.opened');
  expect(asked?.data.questions[0]?.question).toMatch(/^This month’s budget of \$0\.50 /);
  expect((await home.of('budget.alerted')).map((event) => event.data.scope)).toEqual(['month']);
  expect((await home.cli('answer', 'q1', 'raise to $5')).exitCode).toBe(0);
  expect((await home.cli('run', DAY)).exitCode).toBe(0);
  expect((await home.of('budget.raised')).map((event) => event.data)).toEqual([
    { scope: 'month', limitUsd: 5, fromUsd: 0.5 },
  ]);
  const costBy = async (by: string) => {
    const { rows } = JSON.parse((await home.cli('cost', '--by', by, '--json')).stdout) as { rows: { name: string }[] };
    return rows.map((row) => row.name);
  };
  const by = await Promise.all(['task', 'model'].map(costBy));
  expect(by).toEqual([[`${DAY}/a`], [expect.stringContaining('claude') as string]]);
});

test('two agents side by side pass the day’s line by less than one call, and are asked about it once', async () => {
  const eager = Array.from({ length: 8 }, (_, n) => ({ ...write(`f${n}`), usage: usd(0.2) }));
  const home = await makeHome({
    tasks: `max_cost_usd: 1\nconcurrency: 2\n${tasks(task('a'), task('b'))}`,
    script: scripted({ a: eager, b: eager }),
  });
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  const spent = (await home.of('model.settled')).reduce((sum, event) => sum + event.data.usd, 0);
  expect(spent).toBeGreaterThan(0.6);
  expect(spent).toBeLessThan(1.2);
  expect((await home.of('item.opened')).length).toBe(1);
  expect(Object.values(await tasksOf(home)).map((one) => one.parked?.reason)).toEqual(['budget', 'budget']);
  expect((await home.cli('answer', 'q1', 'stop the day')).exitCode).toBe(0);
  expect((await home.cli('run', DAY)).exitCode).toBe(3);
  expect((await home.state()).days[DAY]?.status).toBe('paused');
});

test('a subscription’s token goes out as such, put in outside the sandbox', async () => {
  const token = 'sk-ant-oat01-the-real-subscription-token-0123456789';
  const home = await makeHome({
    tasks: tasks(task('a')),
    script: scripted({ a: [{ tools: [bash('env | sort > env.txt')] }] }),
  });
  delete home.env.ANTHROPIC_API_KEY;
  home.env.CLAUDE_CODE_OAUTH_TOKEN = token;
  const run = await home.cli('run', DAY);
  expect(run.exitCode, run.stderr).toBe(0);
  const asked = home.model.requests.filter((request) => request.method === 'POST');
  expect(asked.length).toBeGreaterThan(1);
  expect(new Set(asked.map((request) => request.headers.authorization))).toEqual(new Set([`Bearer ${token}`]));
  expect(asked.some((request) => 'x-api-key' in request.headers)).toBe(false);
  expect(JSON.stringify(asked.map((request) => request.body))).not.toContain(token);
  expect(JSON.stringify(asked.map((request) => request.headers))).not.toContain(KEY);
  expect(readFileSync(join(home.paths.results, DAY, 'a.patch'), 'utf8')).not.toContain(token);
});
