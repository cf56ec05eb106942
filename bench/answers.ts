import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { scriptOf, startScriptedModel, type ScriptedModel } from '../src/agents/index.ts';
import { startTelegram } from '../test/support/telegram/server.ts';
import { askTool, task, tasks } from '../test/support/turns.ts';
import { DAY, dayshift, makeHome } from './home.ts';
import { quantile, type BenchRow } from './row.ts';

/** Questions that are asked and answered each way. */
const asked = process.env.BENCH_QUICK === undefined ? 20 : 6;
/** A person looks at a question for so long, in ms: what Telegram takes in a second is not ours to measure. */
const THINKS_MS = 2500;
const key = 'sk-ant-api03-a-key-for-the-benchmark';

interface Times {
  /** From the model call whose answer asks, until the chat server has the question. */
  shown: number[];
  /** From the tap until the bot has acknowledged it. */
  acknowledged: number[];
  /** From the tap until the agent's next model call. */
  answered: number[];
}

/**
 * A day of one task whose agent asks again and again, through `dayshift up`, the real CLI in the sandbox, and Telegram on loopback:
 * a person taps, and the agent's next call arrives at the model. Parked: the agent's process is gone, and is started again. Held: it waits.
 */
export async function run(): Promise<BenchRow[]> {
  const bare = await bareStarts();
  const parked = await measure(0);
  const held = await measure(60);
  const all = { acknowledged: [...parked.acknowledged, ...held.acknowledged], shown: [...parked.shown, ...held.shown] };
  const start = quantile(bare, 0.5);
  const tap = quantile(all.acknowledged, 0.5);
  return [
    row('answers: tap until the next model call, agent parked', parked.answered, {
      ...{ most: 1500, base: start, baseline: `bare claude -p until its first model call: p50 ${start.toFixed(0)} ms` },
    }),
    row('answers: tap until the next model call, agent held', held.answered, {
      ...{ most: 100, base: tap, baseline: `tap until it is acknowledged: p50 ${tap.toFixed(0)} ms` },
    }),
    row('answers: model asks (its call arrives) until Telegram has the question', all.shown, {
      ...{ most: 150, base: tap, baseline: `tap until it is acknowledged: p50 ${tap.toFixed(0)} ms` },
    }),
  ];
}

function row(
  name: string,
  times: number[],
  { most, base, baseline }: { most: number; base: number; baseline: string },
): BenchRow {
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  return {
    ...{ name: `${name} (${times.length} times)`, value: `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms` },
    ...{ baseline, ratio: p50 / base, target: `p95 <= ${most} ms`, ok: p95 <= most },
  };
}

/** When each call of an agent arrived, side requests left out. */
function watchCalls(model: ScriptedModel) {
  const at: number[] = [];
  let look: () => void = () => undefined;
  const { requests } = model;
  const push = requests.push.bind(requests);
  requests.push = (...more) => {
    for (const { body } of more) {
      const { tools } = (body ?? {}) as { tools?: unknown[] };
      if ((tools ?? []).length > 0) at.push(performance.now());
    }
    look();
    return push(...more);
  };
  return {
    at,
    /** Resolves with the time of the call of that number, there or to come. */
    async number(n: number): Promise<number> {
      for (;;) {
        const found = at[n];
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => (look = resolve));
      }
    },
  };
}

async function measure(holdSeconds: number): Promise<Times> {
  const closers: (() => unknown)[] = [];
  const home = await makeHome({
    files: { 'README.md': '# Bench\n' },
    config: `questions: { hold_seconds: ${holdSeconds} }\n`,
    tasks: tasks(task('a')),
  });
  const server = await startTelegram({ finished: (close) => void closers.push(close) });
  const turns = Array.from({ length: asked }, (_, n) => ({ tools: [askTool(`Which one, for the ${n + 1}. time?`)] }));
  const model = await startScriptedModel(scriptOf({ tasks: [{ task: 'a', turns: [...turns, { say: 'Done.' }] }] }));
  const calls = watchCalls(model);
  const env = {
    ...{ ...home.env, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: key },
    ...{ TELEGRAM_BOT_TOKEN: server.token, TELEGRAM_API_ROOT: server.root },
  };
  const cli = (...args: string[]) =>
    execa(process.execPath, [dayshift, ...args], { cwd: home.paths.home, env, extendEnv: false, reject: false });
  const daemon = cli('up');
  let ended: string | undefined;
  void daemon.then(({ stderr }) => (ended = stderr));
  try {
    while (!existsSync(home.paths.controlSocket)) {
      if (ended !== undefined) throw new Error(ended);
      await wait(50);
    }
    const ann = server.newUser('Ann');
    const room = server.newChat();
    server.say(ann, room, (JSON.parse((await cli('pair', '--json')).stdout) as { code: string }).code);
    await server.until(({ text }) => text?.includes('You are owner') === true);
    await cli('start', DAY);
    const times: Times = { shown: [], acknowledged: [], answered: [] };
    for (let n = 1; n <= asked; n += 1) {
      const card = await server.until(({ text }) => text?.includes(`Question q${n} ·`) === true);
      times.shown.push(performance.now() - (await calls.number(n - 1)));
      while (holdSeconds === 0 && parkedSoFar(home.paths.journal) < n) await wait(20);
      await wait(THINKS_MS);
      const start = performance.now();
      const { answered } = server.tap(ann, card, 'Number two');
      const acknowledged = answered.then(() => performance.now() - start);
      times.answered.push((await calls.number(n)) - start);
      times.acknowledged.push(await acknowledged);
    }
    return times;
  } finally {
    await cli('down');
    await daemon;
    await model.close();
    for (const close of closers) await close();
    home.remove();
  }
}

function parkedSoFar(folder: string): number {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.join('').split('"type":"task.parked"').length - 1;
}

/** From the start of a plain `claude -p` until its first model call. */
async function bareStarts(): Promise<number[]> {
  const home = await makeHome({ files: { 'README.md': '# Bench\n' }, tasks: tasks(task('a')) });
  const model = await startScriptedModel(scriptOf({ tasks: [{ task: 'a', turns: [{ say: 'Done.' }] }] }));
  const calls = watchCalls(model);
  const times: number[] = [];
  try {
    for (let n = 0; n < 5; n += 1) {
      const start = performance.now();
      const seen = calls.at.length;
      const cli = execa('claude', ['-p', 'Task: a', '--setting-sources', ''], {
        ...{ cwd: home.project, extendEnv: false, reject: false, stdin: 'ignore' },
        env: {
          ...{ ...home.env, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: key, DISABLE_AUTOUPDATER: '1' },
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        },
      });
      times.push((await calls.number(seen)) - start);
      await cli;
    }
  } finally {
    await model.close();
    home.remove();
  }
  return times;
}

if (import.meta.main) {
  console.table(await run());
  process.exit();
}
