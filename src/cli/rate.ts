import { DayshiftError } from '../base/index.ts';
import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<task>', '[DATE/]id')
    .argument('[stars]', '0 to 5, as 4, 4.5, 4/5 or ⭐⭐⭐⭐; without them only the words are written')
    .argument('[words...]', 'a remark')
    .option('--action <words>', 'what shall be different from now on')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      '\nWritten into feedback/DATE.md, which you may edit as well.\n\nExample: dayshift rate task-001 4 "Good, but no tests" --action "Write the tests first"',
    )
    .action((task: string, stars: string | undefined, words: string[], options: { action?: string }) =>
      run(async () => {
        const { readStars } = await import('../feedback/index.ts');
        const read = stars === undefined ? undefined : readStars(stars);
        // Words alone are a remark; a number that is no rating is a slip.
        if (stars !== undefined && read?.rest !== '' && !/^[^\d★⭐]*\p{L}/u.test(stars))
          throw new DayshiftError('usage', `${stars} is no number of stars from 0 to 5`, {
            hint: 'dayshift rate TASK 4 "…"',
          });
        const said = stars === undefined || read?.rest === '' ? words : [stars, ...words];
        return operate(command, io, 'rate', {
          task,
          ...(read?.rest === '' ? { stars: read.stars } : {}),
          ...(said.length === 0 ? {} : { remark: said.join(' ') }),
          ...(options.action === undefined ? {} : { action: options.action }),
        });
      }),
    );
};
