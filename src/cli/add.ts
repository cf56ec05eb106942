import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .argument('<words...>', 'what is to be done, in a sentence')
    .option('--to <where>', 'today, backlog, or a day such as 2026-11-24', 'today')
    .option('--project <name>', 'where there are several; "shop: fix the basket" names it too')
    .option('--start', 'begin it at once, where Dayshift is up')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample: dayshift add "Link the new page from the README" --start')
    .action((words: string[], options: { to: string; project?: string; start?: boolean }) =>
      run(() =>
        operate(command, io, 'add', {
          text: words.join(' '),
          where: options.to,
          ...(options.project === undefined ? {} : { project: options.project }),
          ...(options.start === true ? { start: true } : {}),
        }),
      ),
    );
};
