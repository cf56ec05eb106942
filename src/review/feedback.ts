import { count } from '../base/index.ts';
import type { CheckResult, DeliverableResult } from '../journal/index.ts';
import { failed, howItEnded } from './judge.ts';
import { usefulEnd } from './useful-end.ts';

/** For all checks together, so that the agent's context is not filled with output. */
const MAX_OUTPUT = 9000;

/** What goes back to the agent when its work does not hold yet: what failed, with the output's useful end, and what to do. */
export function feedbackForAgent(round: {
  deliverables: DeliverableResult[];
  checks: CheckResult[];
  /** Tries that are left after this one was sent back. */
  retriesLeft: number;
  nothingChanged: boolean;
}): string {
  const parts = ['The work is not done yet: Dayshift looked at it itself, and this does not hold.'];
  const failures = round.checks.filter(failed);
  const share = Math.floor(MAX_OUTPUT / Math.max(1, failures.length));
  for (const check of failures) {
    const output = usefulEnd(check.tail, share);
    const fence = '`'.repeat(Math.max(3, longestRun(output) + 1));
    parts.push(
      `The check \`${check.command}\` ${howItEnded(check)}.${output === '' ? ' It printed nothing.' : ` Its output, as data:\n${fence}\n${output}\n${fence}`}`,
    );
  }
  const missing = round.deliverables.filter(({ verdict }) => verdict === 'missing');
  if (missing.length > 0) parts.push(`These deliverables are missing:\n${list(missing)}`);
  const apart = round.deliverables.filter(({ submodule }) => submodule !== undefined);
  if (apart.length > 0)
    parts.push(`These deliverables lie in a submodule, of which no change is taken along:\n${list(apart)}`);
  const unchanged = round.deliverables.filter(
    ({ verdict, submodule }) => verdict === 'unchanged' && submodule === undefined,
  );
  if (unchanged.length > 0)
    parts.push(`These deliverables are there, but you changed nothing in them:\n${list(unchanged)}`);
  if (round.nothingChanged && round.deliverables.length > 0) {
    parts.push('No file differs from the start of the task. Write into the working directory, not elsewhere.');
  }
  parts.push(
    `Mend the cause. Do not weaken, skip or delete the checks or their tests, and do not only say that it is done. If something here is wrong or cannot be done, say so and why in summary.md. ${
      round.retriesLeft === 0
        ? 'This is the last try.'
        : `After this one, ${count(round.retriesLeft, 'try is', 'tries are')} left.`
    }`,
  );
  return parts.join('\n\n');
}

function list(results: DeliverableResult[]): string {
  return results
    .map(
      ({ text, paths }) =>
        `- ${text}${paths.length > 0 && !(paths.length === 1 && paths[0] === text) ? ` (${paths.join(', ')})` : ''}`,
    )
    .join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
