import { DayshiftError } from '../base/index.ts';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<usd>', 'the new limit in US dollars: 20 or $20')
    .argument('[task]', '[DATE/]id, or DATE for that day; default: the latest day')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nWhat waits for money goes on.\n\nExamples:\n  dayshift budget 80\n  dayshift budget 5 pagination',
    )
    .action((amount: string, task: string | undefined) =>
      run(() => {
        const usd = Number(amount.replace(/^\$/, ''));
        if (Number.isNaN(usd))
          throw new DayshiftError('usage', `${amount} is no amount`, { hint: 'dayshift budget 20' });
        return operate(command, io, 'budget', { usd, ...(task === undefined ? {} : { task }) });
      }),
    );
};
