import { commitOptions, operateCommit } from './commit-options.ts';
import type { Build } from './io.ts';

export const build: Build = (command, io, run) => {
  command.argument('<task>', '[DATE/]id').argument('[name]', 'of the branch; default: dayshift/DATE/TASK');
  commitOptions(command);
  command
    .addHelpText(
      'after',
      `
One commit by you, from the commit that the work began from. Your checkout, index and HEAD are not touched; nothing is pushed.

Examples:
  dayshift branch pagination
  dayshift branch pagination feature/pagination && git merge feature/pagination`,
    )
    .action((task: string, name: string | undefined, options: object) =>
      run(() => operateCommit(command, io, 'branch', { task, ...(name === undefined ? {} : { name }) }, options)),
    );
};
