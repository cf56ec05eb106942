import { existsSync } from 'node:fs';
import { messageOf } from '../base/index.ts';
import type { HomePaths } from '../home/index.ts';
import type { Actor, Journal } from '../journal/index.ts';
import type { Operator, Outcome } from '../operator/index.ts';
import { reportFile, writeReportFiles } from './reports.ts';

interface KeepContext {
  home: { paths: HomePaths };
  journal: Journal;
  redact: (text: string) => string;
}

type Call = (input: unknown, by: Actor) => Promise<Outcome>;

/**
 * The operator, whose calls leave no report behind that says what is no longer so: of each day that a call wrote something about, a report that
 * is there is written again before the outcome is told. One that cannot be written is said with the outcome, which stays what it is.
 */
export function keepReports(operator: Operator, ctx: KeepContext): Operator {
  const kept = Object.entries(operator).map(([name, call]): [string, Call] => [
    name,
    async (input, by) => {
      const days = new Set<string>();
      const unsubscribe = ctx.journal.subscribe(({ day }) => day !== undefined && days.add(day));
      try {
        const outcome = await (call as Call)(input, by);
        const faults = await written(ctx, days);
        return faults.length === 0 ? outcome : { ...outcome, message: [outcome.message, ...faults].join('\n') };
      } finally {
        unsubscribe();
      }
    },
  ]);
  return Object.fromEntries(kept) as unknown as Operator;
}

/** What went wrong, in a sentence a day. */
async function written({ home, redact }: KeepContext, days: Iterable<string>): Promise<string[]> {
  const faults: string[] = [];
  for (const day of days) {
    if (!existsSync(reportFile(home.paths, day))) continue;
    try {
      await writeReportFiles(home.paths, redact, day);
    } catch (error) {
      faults.push(
        `The report of ${day} still says what was before: it could not be written (${redact(messageOf(error))}). dayshift report ${day} writes it when that is mended.`,
      );
    }
  }
  return faults;
}
