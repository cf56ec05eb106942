// (d) The journal: acknowledged events a second, how long an append takes, how long a replay takes, and whether
// all of it stays the same from a thousand to a million events.
import { mkdtempSync, openSync, closeSync, fdatasyncSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal, readState, type Journal, type JournalPaths, type NewEvent } from '../src/journal/index.ts';
import { dayPlan, taskSpec } from '../src/journal/spec.testing.ts';
import { quantile, type BenchRow } from './row.ts';

const WRITERS = 16;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const TASKS = ['t1', 't2', 't3', 't4', 't5'];

interface Measured {
  perSecond: number;
  p50: number;
  p95: number;
}

/** Measures the journal at each size, growing it on the way. Takes about a minute and 400 MB in the temporary folder. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'dayshift-bench-'));
  try {
    const paths = { journal: join(folder, 'journal'), stateFile: join(folder, 'state.json') };
    const appends: Measured[] = [];
    const replays: number[] = [];
    const parses: number[] = [];
    const starts: number[] = [];
    for (const size of SIZES) {
      const journal = await openJournal(paths);
      const each = size < 5000 ? 60 : 300;
      appends.push(await writers(journal, await grow(journal, size - each * WRITERS), each));
      await grow(journal, size);
      await journal.close();
      replays.push(
        await median(size > 100_000 ? 1 : 5, () => readState({ ...paths, stateFile: join(folder, 'none') })),
      );
      parses.push(await median(size > 100_000 ? 1 : 5, () => parseOnly(paths)));
      starts.push(await median(5, () => readState(paths)));
    }
    return [...speed(appends, bare(folder)), ...replay(replays, parses), ...flat(appends, replays, starts)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The n-th event of a made-up history: days of ten thousand events, what agents do and what it costs. */
function event(n: number): NewEvent {
  const day = new Date(Date.UTC(2026, 0, 1 + Math.floor(n / 10_000))).toISOString().slice(0, 10);
  if (n % 10_000 === 0) return plan(day);
  const of = { day, task: TASKS[n % TASKS.length] ?? 't1', attempt: 1 };
  const toolUseId = `toolu_${n}`;
  const call = `call-${n - (n % 5)}`;
  const text = 'src/modules/baptisms/list.ts: the page size is taken from the query and never checked';
  switch (n % 5) {
    case 0:
      return { ...of, type: 'model.reserved', data: { call, model: 'claude-sonnet', usd: 0.05 } };
    case 1:
      return { ...of, type: 'agent.tool', data: { toolUseId, tool: 'Bash', input: 'npm test -- --run src/modules' } };
    case 2:
      return {
        ...of,
        type: 'guard.decided',
        data: { toolUseId, tool: 'Bash', subject: 'npm test', decision: 'allow', rule: 'inside', reason: text },
      };
    case 3:
      return { ...of, type: 'agent.tool_result', data: { toolUseId, ok: true, text } };
    default: {
      const tokens = { input: 12, output: 345, cacheWrite5m: 678, cacheWrite1h: 0, cacheRead: 91_011 };
      const task = TASKS[(n - 4) % TASKS.length] ?? 't1';
      return {
        ...of,
        task,
        type: 'model.settled',
        data: { call, message: `msg_${n}`, model: 'claude-sonnet', tokens, usd: 0.03, basis: 'exact', ms: 4321 },
      };
    }
  }
}

function plan(date: string): NewEvent {
  const tasks = TASKS.map((id) => taskSpec(id, { description: 'Create the list page.' }));
  return { type: 'day.planned', day: date, data: { plan: dayPlan(tasks, { date }), payer: 'key', warnings: [] } };
}

/** Appends until the journal holds `size` events; resolves with how many it holds. */
async function grow(journal: Journal, size: number): Promise<number> {
  while (journal.state.seq < size) {
    const from = journal.state.seq;
    const more = Math.min(2000, size - from);
    await Promise.all(Array.from({ length: more }, (_, i) => journal.append(event(from + i))));
  }
  return journal.state.seq;
}

/** Writers that each wait for their event before they append the next. */
async function writers(journal: Journal, at: number, each: number): Promise<Measured> {
  const times: number[] = [];
  const begun = performance.now();
  let n = at;
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let i = 0; i < each; i += 1) {
        const from = performance.now();
        await journal.append(event(n++));
        times.push(performance.now() - from);
      }
    }),
  );
  return summary(times, performance.now() - begun);
}

/** The baseline: the same lines, each with a write and an fdatasync of its own, nothing else done. */
function bare(folder: string): Measured {
  const fd = openSync(join(folder, 'bare.jsonl'), 'a');
  const times: number[] = [];
  const begun = performance.now();
  for (let n = 1; n <= 2000; n += 1) {
    const from = performance.now();
    writeSync(fd, `${JSON.stringify({ v: 1, seq: n, at: '2026-01-01T00:00:00.000Z', ...event(n) })}\n`);
    fdatasyncSync(fd);
    times.push(performance.now() - from);
  }
  closeSync(fd);
  return summary(times, performance.now() - begun);
}

function summary(times: number[], ms: number): Measured {
  return { perSecond: (times.length / ms) * 1000, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

/** The baseline of a replay: each line parsed, and forgotten. */
function parseOnly(paths: JournalPaths): Promise<void> {
  for (const file of readdirSync(paths.journal)) {
    // Latin-1, for a string cannot hold half a gigabyte of anything wider.
    const text = readFileSync(join(paths.journal, file), 'latin1');
    for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from))
      JSON.parse(text.slice(from, to));
  }
  return Promise.resolve();
}

/** Milliseconds, the median of some runs. */
async function median(runs: number, what: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const from = performance.now();
    await what();
    times.push(performance.now() - from);
  }
  return quantile(times, 0.5);
}

const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const rate = (value: number) => `${Math.round(value)} events/s`;
const sizes = (values: string[]) => values.join(' · ');

function speed(appends: Measured[], baseline: Measured): BenchRow[] {
  // At 100,000 events: neither fresh nor the extreme.
  const { perSecond, p50, p95 } = appends[2] ?? baseline;
  return [
    {
      name: `journal: acknowledged events, ${WRITERS} writers`,
      value: rate(perSecond),
      baseline: `a write and fdatasync each: ${rate(baseline.perSecond)}`,
      ratio: perSecond / baseline.perSecond,
      target: '>= 5000 events/s',
      ok: perSecond >= 5000,
    },
    {
      name: `journal: append p50 / p95, ${WRITERS} writers`,
      value: `${ms(p50)} / ${ms(p95)}`,
      baseline: `one write and fdatasync: ${ms(baseline.p50)} / ${ms(baseline.p95)}`,
      ratio: p95 / baseline.p95,
      target: 'p95 < 10 ms',
      ok: p95 < 10,
    },
  ];
}

function replay(replays: number[], parses: number[]): BenchRow[] {
  const [time = 0, parse = 0] = [replays[2], parses[2]];
  return [
    {
      name: 'journal: replay of 100,000 events',
      value: ms(time),
      baseline: `JSON.parse of the lines: ${ms(parse)}`,
      ratio: time / parse,
      target: '< 500 ms',
      ok: time < 500,
    },
  ];
}

/** Each at 1k, 10k, 100k and 1M events; the ratio is the worst of the larger sizes against 10k (a thousand events are over before the engine is warm). */
function flat(appends: Measured[], replays: number[], starts: number[]): BenchRow[] {
  const perEvent = replays.map((time, i) => (time * 1000) / (SIZES[i] ?? 1));
  const row = (name: string, values: number[], show: (value: number) => string, limit: number): BenchRow => {
    const [, base = 1, ...larger] = values;
    const ratio = Math.max(...larger) / base;
    return {
      name: `journal: ${name} at 1k · 10k · 100k · 1M`,
      value: sizes(values.map(show)),
      baseline: `at 10k: ${show(base)}`,
      ratio,
      target: `flat: ratio < ${limit}`,
      ok: ratio < limit,
    };
  };
  return [
    row(
      'time an acknowledged event',
      appends.map(({ perSecond }) => 1e6 / perSecond),
      (value) => `${value.toFixed(0)} µs`,
      2,
    ),
    row(
      'append p95',
      appends.map(({ p95 }) => p95),
      ms,
      2,
    ),
    row('replay an event', perEvent, (value) => `${value.toFixed(2)} µs`, 1.5),
    {
      name: 'journal: start with the snapshot at 1k · 10k · 100k · 1M',
      value: sizes(starts.map(ms)),
      baseline: `replay of 1M: ${ms(replays[3] ?? 0)}`,
      ratio: (starts[3] ?? 0) / (replays[3] ?? 1),
      target: '< 50 ms at 1M',
      ok: (starts[3] ?? 0) < 50,
    },
  ];
}

if (import.meta.main) console.table(await run());
