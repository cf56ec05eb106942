import { commitOptions, operateCommit } from './commit-options.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command.argument('<task>', '[DATE/]id');
  commitOptions(command);
  command
    .addHelpText(
      'after',
      `
By you (your git identity), on the branch that is checked out, with a trailer that names day and task. The commit has the
task's work alone: what you changed or staged yourself stays as it is. Where the work is not in your checkout yet, it goes in.
No hook runs, nothing is pushed.

Examples:
  dayshift commit pagination
  dayshift commit pagination -m "Paginate weddings" -m "Closes #12"
  dayshift commit pagination --edit`,
    )
    .action((task: string, options: object) => run(() => operateCommit(command, io, 'commit', { task }, options)));
};
