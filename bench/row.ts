/** The target of a row that only informs. */
export const noTarget = 'no target';

/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  name: string;
  /** What was measured, with its unit. */
  value: string;
  /** What it is measured against, with its value. */
  baseline: string;
  /** Value through baseline, where both are of one kind. */
  ratio?: number;
  target: string;
  ok: boolean;
}

/** The value below which so much (0 to 1) of `values` lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
