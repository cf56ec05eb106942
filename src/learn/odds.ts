/** So many that went well, and that did not. */
export interface Tally {
  good: number;
  bad: number;
}

/**
 * How likely it is that tasks go well more often with a lesson than without it: P(p > q) for p ~ Beta(1 + good, 1 + bad) of the
 * tasks that had it and q likewise of those without, that is with even priors (Thompson 1933, "On the likelihood that one
 * unknown probability exceeds another in view of the evidence of two samples"). Integrated on a grid (error below .005).
 * Nothing known of either: .5.
 */
export function oddsThatItHelps(having: Tally, without: Tally): number {
  const steps = 400;
  const weights = ({ good, bad }: Tally) => {
    const logs = Array.from({ length: steps }, (_, index) => {
      const x = (index + 0.5) / steps;
      return good * Math.log(x) + bad * Math.log(1 - x);
    });
    const most = Math.max(...logs);
    const raw = logs.map((log) => Math.exp(log - most));
    const sum = raw.reduce((total, one) => total + one, 0);
    return raw.map((one) => one / sum);
  };
  const [one, other] = [weights(having), weights(without)];
  let below = 0;
  let odds = 0;
  for (let index = 0; index < steps; index += 1) {
    const rest = other[index] ?? 0;
    odds += (one[index] ?? 0) * (below + rest / 2);
    below += rest;
  }
  return odds;
}
