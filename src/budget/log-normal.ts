/** A quantity whose logarithm is spread round `mu` with standard deviation `sigma`, known from `freedom` degrees. */
export interface LogNormal {
  mu: number;
  sigma: number;
  /** Degrees of freedom behind `sigma`; Infinity where it is known. */
  freedom: number;
}

/** The normal distribution's 80 % quantile. */
const z80 = 0.841_621_233_6;

/** Median and 80 % quantile, with Student's t in the place of the normal by its first correction (Abramowitz and Stegun 26.7.5). */
export function quantiles({ mu, sigma, freedom }: LogNormal): { p50: number; p80: number } {
  const t80 = z80 + (z80 ** 3 + z80) / (4 * freedom);
  return { p50: Math.exp(mu), p80: Math.exp(mu + t80 * sigma) };
}

/** The sum of independent log-normal quantities, as one with the same mean and variance (Fenton and Wilkinson). */
export function addUp(parts: readonly LogNormal[]): LogNormal {
  let mean = 0;
  let variance = 0;
  for (const { mu, sigma } of parts) {
    const s2 = sigma ** 2;
    mean += Math.exp(mu + s2 / 2);
    variance += (Math.exp(s2) - 1) * Math.exp(2 * mu + s2);
  }
  if (mean === 0) return { mu: -Infinity, sigma: 0, freedom: Infinity };
  const s2 = Math.log(1 + variance / mean ** 2);
  return { mu: Math.log(mean) - s2 / 2, sigma: Math.sqrt(s2), freedom: Math.min(...parts.map((one) => one.freedom)) };
}
