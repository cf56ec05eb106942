import { operate } from './operate.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
Of each task's work that you applied, committed or made a branch of in the last 30 days: how many of its added lines still stand in
the files that it added them to, in their order; lines without a letter or a digit, and indentation, do not count. It is
looked at with each report too, and what learning goes by: see docs/lessons.md.`,
    )
    .action(() => run(() => operate(command, io, 'survival', {})));
};
