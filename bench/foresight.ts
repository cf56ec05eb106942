import { coverage } from '../src/budget/simulated.testing.ts';
import { recall } from '../src/learn/history.testing.ts';
import type { BenchRow } from './row.ts';

/** `BENCH_QUICK=1`: fewer. */
const SEEDS = process.env.BENCH_QUICK === undefined ? 40 : 10;
const seeds = Array.from({ length: SEEDS }, (_, n) => n + 1);

/**
 * What is known before a task begins: which files it needs, on histories with known answers, against the ten that were changed latest; and
 * what it will cost, on simulated days with known noise: eight in ten must cost less than their P80, neither more nor fewer.
 */
export function run(): Promise<BenchRow[]> {
  return Promise.resolve([
    contextRow('a file'),
    contextRow('nothing'),
    ...[0.3, 0.6, 0.9].flatMap((noise) => forecastRows(noise)),
  ]);
}

function contextRow(names: 'a file' | 'nothing'): BenchRow {
  const all = seeds.map((seed) => recall(seed, names));
  const [found, latest] = [mean(all.map((one) => one.suggested)), mean(all.map((one) => one.latest))];
  return {
    name: `foresight: context files of a task that names ${names}, recall among ten`,
    value: found.toFixed(2),
    baseline: `the ten changed latest: ${latest.toFixed(2)}`,
    ratio: found / latest,
    target: '>= 3 of latest',
    ok: found >= 3 * latest,
  };
}

function forecastRows(noise: number): BenchRow[] {
  const all = seeds.map((seed) => coverage(seed, noise));
  return (['tasks', 'days'] as const).map((which) => {
    const share = mean(all.map((one) => one[which]));
    return {
      name: `foresight: ${which} under their P80, noise ${noise}, ${SEEDS} × 50 days`,
      value: `${(share * 100).toFixed(1)} %`,
      baseline: '80 %',
      ratio: share / 0.8,
      target: '75 to 85 %',
      ok: share >= 0.75 && share <= 0.85,
    };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

if (import.meta.main) console.table(await run());
