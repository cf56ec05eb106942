import { DayshiftError } from '../base/index.ts';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .argument('[stars]', '1 to 5')
    .argument('[words...]', 'a remark')
    .option('--action <words>', 'what shall be different from now on')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nWritten into feedback/DATE.md, which you may edit as well.\n\nExample: dayshift rate task-001 4 "Good, but no tests" --action "Write the tests first"',
    )
    .action((task: string, stars: string | undefined, words: string[], options: { action?: string }) =>
      run(() => {
        const number = stars === undefined ? undefined : Number(stars.replace(/\/5$/, ''));
        if (number !== undefined && Number.isNaN(number)) {
          throw new DayshiftError('usage', `${stars ?? ''} is no number of stars`, {
            hint: 'dayshift rate TASK 4 "…"',
          });
        }
        return operate(command, io, 'rate', {
          task,
          ...(number === undefined ? {} : { stars: number }),
          ...(words.length === 0 ? {} : { remark: words.join(' ') }),
          ...(options.action === undefined ? {} : { action: options.action }),
        });
      }),
    );
};
