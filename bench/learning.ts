import { difference, mean, type Difference } from './learning/compare.ts';
import { live, type Arm, type Life } from './learning/life.ts';
import { DAYS } from './learning/world.ts';
import type { BenchRow } from './row.ts';

/** `BENCH_QUICK=1`: ten months instead of twenty. */
const SEEDS = process.env.BENCH_QUICK === undefined ? 20 : 10;
const arms = ['off', 'on', 'placebo', 'oracle', 'trusted'] as const satisfies readonly Arm[];

type Measure = 'repeats' | 'usd' | 'stars';
const measures: Record<Measure, { title: string; better: 'less' | 'more'; show: (value: number) => string }> = {
  repeats: { title: 'mistakes again, a task', better: 'less', show: (value) => value.toFixed(2) },
  usd: { title: 'cost a task', better: 'less', show: (value) => `$${value.toFixed(2)}` },
  stars: { title: 'stars a task', better: 'more', show: (value) => value.toFixed(2) },
};

/**
 * Whether feedback makes the next days better: months of a simulated agent, whose hidden faults fall only where the right lesson,
 * file, check, rule or answer is there, through the real parser, journal, lessons, instructions, gate, guard and report. Fails where
 * the placebo learns, or the harmful line lives longer than three tasks. `bench/learning/world.ts` has the world's figures.
 */
export async function run(): Promise<BenchRow[]> {
  const lives: Record<Arm, Life[]> = { off: [], on: [], placebo: [], oracle: [], trusted: [] };
  for (let seed = 1; seed <= SEEDS; seed += 1) for (const arm of arms) lives[arm].push(await live(seed, arm));
  print(lives);
  return [
    ...(Object.keys(measures) as Measure[]).flatMap((measure) => rowsOf(lives, measure)),
    ...harmRows(lives),
    tokenRow(lives),
  ];
}

const of = (lives: readonly Life[], measure: Measure) => lives.map((life) => life[measure]);
const interval = ({ mean: middle, low, high }: Difference) => `${signed(middle)} [${signed(low)}, ${signed(high)}]`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

function rowsOf(lives: Record<Arm, Life[]>, measure: Measure): BenchRow[] {
  const { title, better, show } = measures[measure];
  const [off, on, placebo, oracle] = [lives.off, lives.on, lives.placebo, lives.oracle].map((one) => of(one, measure));
  if (off === undefined || on === undefined || placebo === undefined || oracle === undefined) return [];
  const learned = difference(on, off);
  const nothing = difference(placebo, off);
  const best = difference(oracle, off);
  const gain = learned.mean / best.mean;
  return [
    {
      name: `learning: ${title}, ${DAYS} days × ${SEEDS}`,
      value: `${show(mean(on))}, ${interval(learned)}`,
      baseline: `without: ${show(mean(off))}`,
      ratio: mean(on) / mean(off),
      target: `interval ${better === 'less' ? 'below' : 'above'} 0`,
      ok: better === 'less' ? learned.high < 0 : learned.low > 0,
    },
    {
      name: `learning: ${title}, share of what could be gained`,
      value: `${Math.round(gain * 100)} %`,
      baseline: `an oracle: ${show(mean(oracle))}, ${interval(best)}`,
      ratio: gain,
      target: '>= 70 %',
      ok: gain >= 0.7,
    },
    {
      name: `learning: ${title}, placebo`,
      value: `${show(mean(placebo))}, ${interval(nothing)}`,
      baseline: `without: ${show(mean(off))}`,
      ratio: mean(placebo) / mean(off),
      target: 'interval with 0',
      ok: nothing.low <= 0 && nothing.high >= 0,
    },
  ];
}

/** A harmful line has to go quickly, what helps has to stay. */
function harmRows({ on, trusted }: Record<Arm, Life[]>): BenchRow[] {
  const worst = (some: Life[]) => Math.max(...some.map(({ harm }) => (harm.retired ? harm.exposures : Infinity)));
  const typical = (some: Life[]) => mean(some.map(({ harm }) => harm.exposures)).toFixed(1);
  const lost = on.reduce((sum, { right }) => sum + right.lost, 0);
  const lessons = on.reduce((sum, { right }) => sum + right.lessons, 0);
  return [
    {
      name: 'learning: tasks that a harmful line is tried on before it is retired',
      value: `at most ${worst(on)}, ${typical(on)} on average`,
      baseline: 'for ever, without counters',
      target: '<= 3 in every month',
      ok: worst(on) <= 3,
    },
    {
      name: 'learning: tasks until a harmful line that somebody made active is retired',
      value: `at most ${worst(trusted)}, ${typical(trusted)} on average`,
      baseline: 'for ever, without counters',
      target: '<= 12 (two days) in every month',
      ok: worst(trusted) <= 12,
    },
    {
      name: 'learning: right lessons that were retired by mistake',
      value: `${lost} of ${lessons}`,
      baseline: '',
      target: '<= 5 %',
      ok: lost <= lessons / 20,
    },
  ];
}

function tokenRow({ on }: Record<Arm, Life[]>): BenchRow {
  const share = mean(on.map(({ tokens }) => tokens));
  return {
    name: 'learning: tokens that lessons add to a task',
    value: `${(share * 100).toFixed(1)} %`,
    baseline: 'system prompt and tools alone',
    target: '<= 5 %, lessons in the report',
    ok: share <= 0.05 && on.every(({ reported }) => reported),
  };
}

/** The table of all arms. */
function print(lives: Record<Arm, Life[]>): void {
  const head = ['', ...arms.map((arm) => arm.padStart(8))];
  const lines = (Object.keys(measures) as Measure[]).map((measure) => [
    measures[measure].title,
    ...arms.map((arm) => measures[measure].show(mean(of(lives[arm], measure))).padStart(8)),
  ]);
  const width = Math.max(...lines.map(([title]) => title?.length ?? 0));
  for (const [title, ...cells] of [head, ...lines])
    console.log(`  ${(title ?? '').padEnd(width)}  ${cells.join('  ')}`);
}

if (import.meta.main) console.table(await run());
